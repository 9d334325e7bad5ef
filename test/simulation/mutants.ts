import { acceptedKey } from '../../src/engine/settle/finality.ts';
import type { VaultSetup, World } from '../../src/engine/world.ts';
import type { Chain } from '../../src/ports/chain.ts';
import type { OrderHistory, SignedAttempt, Store } from '../../src/ports/store.ts';

/** A keeper that is broken on purpose, by what stands between it and its ports. */
export interface Mutant {
  readonly name: string;
  readonly world?: (world: World) => World;
  readonly vault?: (vault: VaultSetup) => VaultSetup;
}

const withStore = (change: (store: Store) => Partial<Store>) => (world: World) => ({
  ...world,
  store: { ...world.store, ...change(world.store) },
});

const withChain = (change: (chain: Chain) => Partial<Chain>) => (world: World) => ({
  ...world,
  chain: { ...world.chain, ...change(world.chain) },
});

const hasAnswer = ({ events }: OrderHistory, status: string) =>
  events.some(({ event }) => event.kind === 'answered' && event.answer.status === status);

/** Unsettled orders of a vault, without those that the mutant thinks are over. */
const forgetting = (isOver: (history: OrderHistory) => boolean) =>
  withStore((store) => ({
    unsettledOrders: async (vault) => (await store.unsettledOrders(vault)).filter((order) => !isOver(order)),
  }));

/** The lane of a signer as if its attempts had been others. */
const misremembering = (change: (attempt: SignedAttempt) => SignedAttempt) =>
  withStore((store) => ({
    unsettledOrdersOfSigner: async (chainId, signer) =>
      (await store.unsettledOrdersOfSigner(chainId, signer)).map((history) => ({
        ...history,
        events: history.events.map((stored) =>
          stored.event.kind === 'signed'
            ? { ...stored, event: { ...stored.event, attempt: change(stored.event.attempt) } }
            : stored,
        ),
      })),
  }));

/** Null receipts are remembered as deaths. */
function nullAsDead(world: World): World {
  const dead = new Set<string>();
  const receipt: Chain['receipt'] = async (hash) => {
    const found = await world.chain.receipt(hash);
    if (found === null) dead.add(hash);
    return found;
  };
  const isDead = ({ events }: OrderHistory) =>
    events.some(({ event }) => event.kind === 'signed' && dead.has(event.attempt.transactionHash));
  return forgetting(isDead)({ ...world, chain: { ...world.chain, receipt } });
}

/** The first block seen at a height stays the block at that height. */
function ignoreReorg(world: World): World {
  const seen = new Map<bigint, Awaited<ReturnType<Chain['blockAt']>>>();
  const blockAt: Chain['blockAt'] = async (number) => {
    const found = seen.get(number) ?? (await world.chain.blockAt(number));
    if (found !== null) seen.set(number, found);
    return found;
  };
  return { ...world, chain: { ...world.chain, blockAt } };
}

/** Whatever was final is taken as it is booked, as if somebody had looked it up. */
function acceptsEverything(world: World): World {
  const { store } = world;
  const recallMany: Store['recallMany'] = async (vault, keys) => {
    const [newest] = await store.orders(vault, 1);
    const memories = await Promise.all(keys.map((key) => store.recall(vault, key)));
    return memories.map((memory, index) =>
      keys[index] === acceptedKey ? (newest?.record.id ?? null) : memory,
    );
  };
  return { ...world, store: { ...store, recallMany } };
}

const withOrder = (change: (order: Parameters<VaultSetup['account']['encode']>[1]) => typeof order) => {
  return (vault: VaultSetup): VaultSetup => {
    const { account } = vault;
    const encode: typeof account.encode = (terms, order, keeper) =>
      account.encode(terms, change(order), keeper);
    return { ...vault, account: { ...account, encode } };
  };
};

const withFill = (change: (fill: ReturnType<VaultSetup['account']['fill']>) => typeof fill) => {
  return (vault: VaultSetup): VaultSetup => {
    const { account } = vault;
    const fill: typeof account.fill = (terms, order, receipt) => change(account.fill(terms, order, receipt));
    return { ...vault, account: { ...account, fill } };
  };
};

/** Every broken keeper that the simulation must find. */
export const mutants: readonly Mutant[] = [
  {
    name: 'releases before the journal has committed',
    world: withStore((store) => ({
      appendEvent: async (id, event, at) => {
        const written = store.appendEvent(id, event, at);
        if (event.kind !== 'signed') return written;
        written.catch(() => {});
      },
    })),
  },
  {
    name: 'retries in a new slot when a relay times out',
    world: forgetting((order) => hasAnswer(order, 'unknown')),
  },
  { name: 'takes a refusal for a death', world: forgetting((order) => hasAnswer(order, 'refused')) },
  { name: 'takes a missing receipt for a death', world: nullAsDead },
  {
    name: 'forgets orders that it thought had expired',
    world: forgetting(({ events }) => events.at(-1)?.event.kind === 'expired'),
  },
  {
    name: 'lowers its nonce floor to what the chain says',
    world: withStore(() => ({ unsettledOrdersOfSigner: async () => [] })),
  },
  {
    name: 'leaves a nonce out',
    world: withChain((chain) => ({
      confirmedNonce: async (account, at) => (await chain.confirmedNonce(account, at)) + 1,
    })),
  },
  { name: 'ignores reorgs', world: ignoreReorg },
  {
    name: 'swaps minimum output and expected output',
    vault: withOrder((order) => ({ ...order, quoteLimitRaw: order.expectedQuoteRaw })),
  },
  { name: 'sends no minimum output', vault: withOrder((order) => ({ ...order, quoteLimitRaw: 0n })) },
  {
    name: 'sends no deadline',
    vault: withOrder((order) => ({ ...order, deadlineSeconds: order.deadlineSeconds + 86_400 })),
  },
  { name: 'trades twice the size', vault: withOrder((order) => ({ ...order, baseRaw: 2n * order.baseRaw })) },
  {
    name: 'skips the tip in a bump',
    world: misremembering((attempt) => ({ ...attempt, maxPriorityFeePerGasWei: 0n })),
  },
  {
    name: 'skips the fee cap in a bump',
    world: misremembering((attempt) => ({ ...attempt, maxFeePerGasWei: 0n })),
  },
  {
    name: 'keeps amounts as numbers',
    vault: withFill((fill) => ({ ...fill, baseRaw: BigInt(Number(fill.baseRaw)) + 1n - 1n })),
  },
  {
    name: 'books the price that was planned',
    vault: (vault) => {
      const { account } = vault;
      const fill: typeof account.fill = (terms, order, receipt) => ({
        ...account.fill(terms, order, receipt),
        quoteRaw: order.expectedQuoteRaw,
      });
      return { ...vault, account: { ...account, fill } };
    },
  },
  {
    name: 'calls an outcome final after two blocks',
    vault: (vault) => ({ ...vault, submission: { ...vault.submission, finalityBlocks: 2 } }),
  },
  { name: 'takes what was final for certain', world: acceptsEverything },
  { name: 'does not hear the kill switch', world: (world) => ({ ...world, stop: null }) },
  {
    name: 'asks for leave once and never again',
    world: (world) => {
      const refusal = world.permission?.refusal(null) ?? null;
      return { ...world, permission: { refusal: () => refusal } };
    },
  },
  {
    name: 'forgets every order when it ends a tick',
    world: withStore(() => ({ unsettledOrders: async () => [] })),
  },
];
