import { describe, expect, it } from 'vitest';
import { JournalError } from '../../../src/core/errors.ts';
import { tick } from '../../../src/engine/tick.ts';
import type { Relay } from '../../../src/ports/relay.ts';
import type { Signer } from '../../../src/ports/signer.ts';
import type { Store } from '../../../src/ports/store.ts';
import { memoryStore } from '../../../src/sim/memoryStore.ts';
import type { SignedContent } from '../../support/orderCall.ts';
import { fromData, Ledger, toData } from '../../support/simulatedLedger.ts';
import {
  freshVault,
  simulatedChain,
  simulatedSigner,
  simulatedVault,
  simulatedWorld,
} from '../../support/simulatedWorld.ts';

/** A signer as key services are: no two signatures of the same thing are the same. */
function randomSigner(): Signer & { readonly asked: () => number } {
  let count = 0;
  return {
    ...simulatedSigner,
    asked: () => count,
    async signTransaction(transaction) {
      count += 1;
      return toData({ ...transaction, from: simulatedSigner.address, salt: count });
    },
  };
}

describe('a signer whose signatures are never the same', () => {
  const ledger = () => {
    const fresh = new Ledger({ north: freshVault });
    fresh.mine({ drift: { north: 20n * 10n ** 18n } });
    return fresh;
  };
  const mood = { receiptLagBlocks: 0, balanceWei: 10n ** 20n, simulationFailure: null };
  const vault = simulatedVault('north');

  it('is asked once: what was signed is handed out again from the journal', async () => {
    const chain = ledger();
    const [store, signer, seen] = [memoryStore(), randomSigner(), [] as string[]];
    const relay: Relay = {
      name: 'dev',
      isPrivate: true,
      isLoopback: true,
      submit: async ({ rawTransaction }) => {
        seen.push(rawTransaction);
        return { status: 'unknown', detail: 'no answer' };
      },
    };
    const start = () =>
      simulatedWorld({ chain: simulatedChain(chain, mood), store, relays: [relay], signers: [signer] });
    await tick(start(), vault);
    await tick(start(), vault);
    await tick(start(), vault);
    expect(signer.asked()).toBe(1);
    expect(new Set(seen).size).toBe(1);
    expect((await store.orders('north', 5)).map(({ record }) => record.id)).toEqual(['north#1.1']);
  });

  it('may sign anew what nobody has seen: the process died before its bytes were journaled', async () => {
    const chain = ledger();
    const [store, signer, seen] = [memoryStore(), randomSigner(), [] as string[]];
    const relay: Relay = {
      name: 'dev',
      isPrivate: true,
      isLoopback: true,
      submit: async ({ rawTransaction, transactionHash }) => {
        seen.push(rawTransaction);
        chain.pool.set(transactionHash, fromData<SignedContent>(rawTransaction));
        return { status: 'accepted', detail: 'accepted' };
      },
    };
    const died: Store = {
      ...store,
      appendEvent: async () => {
        throw new JournalError('the process is gone');
      },
    };
    const parts = { chain: simulatedChain(chain, mood), relays: [relay], signers: [signer] };
    await tick(simulatedWorld({ ...parts, store: died }), vault);
    expect(signer.asked()).toBe(1);
    expect(seen).toEqual([]);
    await tick(simulatedWorld({ ...parts, store }), vault);
    chain.mine();
    const { settled } = await tick(simulatedWorld({ ...parts, store }), vault);
    expect(settled.map(({ event }) => event.kind)).toContain('filled');
    expect(new Set(seen).size).toBe(1);
    expect(chain.head.state.vaults.north?.nextSequence).toBe(2n);
  });
});
