import { expect, it } from 'vitest';
import { ChainUnavailableError } from '../../../src/core/errors.ts';
import type { Chain } from '../../../src/ports/chain.ts';
import { keep } from '../../../src/runtime/keeper.ts';
import { memoryStore } from '../../../src/sim/memoryStore.ts';
import { Ledger } from '../../support/simulatedLedger.ts';
import {
  freshVault,
  simulatedChain,
  simulatedRelay,
  simulatedVault,
  simulatedWorld,
} from '../../support/simulatedWorld.ts';

it('follows what one look sent to its end, also where the node gives no head for a moment', async () => {
  const ledger = new Ledger({ north: freshVault });
  ledger.mine({ drift: { north: 20n * 10n ** 18n } });
  const mood = { receiptLagBlocks: 0, balanceWei: 10n ** 20n, simulationFailure: null };
  const simulated = simulatedChain(ledger, mood);
  let looks = 0;
  const chain: Chain = {
    ...simulated,
    head: () => {
      looks += 1;
      return looks === 2 ? Promise.reject(new ChainUnavailableError('no answer')) : simulated.head();
    },
  };
  const relays = [simulatedRelay('dev', ledger, { passesOn: true, says: 'accepted' })];
  let nowSeconds = 1_770_000_000;
  const sleep = async (milliseconds: number) => {
    nowSeconds += milliseconds / 1_000;
    ledger.mine();
  };
  const world = {
    ...simulatedWorld({ chain, store: memoryStore(), relays }),
    clock: { nowSeconds: () => nowSeconds, sleep },
  };
  const end = await keep({
    open: { mode: 'live', world, vaults: [simulatedVault('north')], close: async () => {} },
    schedule: { kind: 'block' },
    onResults: () => {},
    once: true,
    stop: new AbortController().signal,
  });
  expect(looks).toBeGreaterThan(2);
  expect(end.last.flatMap(({ settled }) => settled.map(({ event }) => event.kind))).toEqual(['filled']);
  expect(end.last[0]?.open).toEqual([]);
});
