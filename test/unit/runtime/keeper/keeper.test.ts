import { expect, it } from 'vitest';
import { ChainUnavailableError } from '../../../../src/core/errors.ts';
import type { LadderRung } from '../../../../src/engine/world.ts';
import type { Chain } from '../../../../src/ports/chain.ts';
import type { Relay } from '../../../../src/ports/relay.ts';
import { keep } from '../../../../src/runtime/keeper/keeper.ts';
import { memoryStore } from '../../../../src/sim/memoryStore.ts';
import { Ledger } from '../../../support/simulatedLedger.ts';
import {
  freshVault,
  simulatedChain,
  simulatedRelay,
  simulatedVault,
  simulatedWorld,
} from '../../../support/simulatedWorld.ts';

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

/** One run over a ledger with these relays, each block as soon as it is waited for. */
async function runOnce(
  ledger: Ledger,
  relays: readonly Relay[],
  ladder: readonly LadderRung[],
  mostBlocks = Number.POSITIVE_INFINITY,
) {
  const mood = { receiptLagBlocks: 0, balanceWei: 10n ** 20n, simulationFailure: null };
  let nowSeconds = 1_770_000_000;
  let blocks = 0;
  const sleep = async (milliseconds: number) => {
    nowSeconds += milliseconds / 1_000;
    blocks += 1;
    if (blocks <= mostBlocks) ledger.mine();
  };
  const world = {
    ...simulatedWorld({ chain: simulatedChain(ledger, mood), store: memoryStore(), relays }),
    clock: { nowSeconds: () => nowSeconds, sleep },
  };
  const vault = simulatedVault('north');
  return keep({
    open: {
      mode: 'live',
      world,
      vaults: [{ ...vault, submission: { ...vault.submission, ladder } }],
      close: async () => {},
    },
    schedule: { kind: 'block' },
    onResults: () => {},
    once: true,
    stop: new AbortController().signal,
  });
}

const rung = (relay: string, tipMultiplierBps: number): LadderRung => ({
  relays: [relay],
  blocks: 2,
  tipMultiplierBps,
  publicMempool: false,
});

it('lets what one look sent climb its ladder, and decides nothing beside it', async () => {
  const ledger = new Ledger({ north: freshVault });
  ledger.mine({ drift: { north: 20n * 10n ** 18n } });
  const relays = [
    simulatedRelay('deaf', ledger, { passesOn: false, says: 'accepted' }),
    simulatedRelay('dev', ledger, { passesOn: true, says: 'accepted' }),
  ];
  const end = await runOnce(ledger, relays, [rung('deaf', 10_000), rung('dev', 15_000)]);
  expect(end.last.flatMap(({ settled }) => settled.map(({ event }) => event.kind))).toEqual(['filled']);
  expect(end.last[0]?.open).toEqual([]);
});

it('ends when the deadline of what one look sent has passed', async () => {
  const ledger = new Ledger({ north: freshVault });
  ledger.mine({ drift: { north: 20n * 10n ** 18n } });
  const deaf = simulatedRelay('deaf', ledger, { passesOn: false, says: 'accepted' });
  const end = await runOnce(ledger, [deaf], [rung('deaf', 10_000)]);
  expect(end.last[0]?.settled.map(({ event }) => event.kind)).toEqual(['expired']);
  expect(end.last[0]?.decision).toMatchObject({ kind: 'hold', code: 'stopping' });
});

it('ends with its order open where the chain stands still', async () => {
  const ledger = new Ledger({ north: freshVault });
  ledger.mine({ drift: { north: 20n * 10n ** 18n } });
  const deaf = simulatedRelay('deaf', ledger, { passesOn: false, says: 'accepted' });
  const end = await runOnce(ledger, [deaf], [rung('deaf', 10_000)], 1);
  expect(end.last[0]?.open).toHaveLength(1);
});
