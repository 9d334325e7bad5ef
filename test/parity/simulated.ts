import { known, type Read } from '../../src/core/read.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { emptyNotes } from '../../src/engine/notes.ts';
import { type TickResult, tick } from '../../src/engine/tick.ts';
import type { VaultSetup, World } from '../../src/engine/world.ts';
import type { Chain } from '../../src/ports/chain.ts';
import { memoryStore } from '../../src/sim/memoryStore.ts';

const quiet = () => {};

/** A chain that is at one block and has nothing to add to what was read there. */
function chainAt(snapshot: Snapshot): Chain {
  const { block } = snapshot.chain;
  return {
    chainId: snapshot.vault.chainId,
    head: async () => block,
    blockAt: async () => block,
    read: async <T>(reads: readonly Read<T>[]) =>
      reads.map((read) => {
        const step = read.next();
        if (!step.done) throw new Error('a read that asks the chain');
        return { ok: true as const, value: step.value };
      }),
    confirmedNonce: async () => 0,
    balanceWei: async () => 10n ** 30n,
    receipt: async () => null,
    suggestedTipWei: async () => snapshot.native.priorityFeePerGasWei,
    simulate: async () => ({ ok: true, gasUsed: 200_000n, returnData: '0x' }),
  };
}

/** A tick of the simulated world over what another world read: its vault, with every read answered from the snapshot. */
export async function tickSimulated(snapshot: Snapshot, setup: VaultSetup): Promise<TickResult> {
  const { chain, observed } = snapshot;
  const world: World = {
    chain: chainAt(snapshot),
    store: memoryStore(),
    relays: [],
    signers: [],
    clock: { nowSeconds: () => chain.block.timestampSeconds, sleep: async () => {} },
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    metrics: { count: quiet, gauge: quiet },
    alert: { send: quiet },
    keccak256: (bytes) => `0x${bytes.slice(2, 66).padStart(64, '0')}`,
    notes: emptyNotes(),
    stop: null,
  };
  const remembered = <T>(value: T) => ({ value, memory: undefined });
  return tick(world, {
    ...setup,
    keeper: null,
    protocols: [
      {
        kind: 'read',
        key: 'positions',
        read: () =>
          known({
            ...remembered(chain.positions),
            ...(chain.margin === undefined ? {} : { margin: chain.margin }),
          }),
      },
    ],
    venues: chain.pools.map((pool, index) => ({
      kind: 'read',
      key: `pool ${index}`,
      read: () => known(remembered(pool)),
    })),
    priceFeeds: chain.prices.map((price) => ({ kind: 'read', read: () => known(price) })),
    volatilityFeeds: [
      { kind: 'read', key: 'volatility', read: () => known(remembered(observed.volatility)) },
    ],
    account: {
      kind: 'read',
      read: () => known({ holdings: chain.holdings, guard: chain.guard }),
      encode: setup.account.encode,
      fill: setup.account.fill,
    },
  });
}
