import type { Pool } from '../../core/amm/pool.ts';
import { CorruptDataError } from '../../core/errors.ts';
import type { DataFeeTerms } from '../../core/gas/dataFee.ts';
import { readDataFeeTerms } from '../../core/gas/dataFeeRead.ts';
import { all, known, type Read } from '../../core/read.ts';
import type { SequencerState } from '../../core/risk/breakers/readBreakers.ts';
import type { BlockFacts, EmptyPool, PriceReading, VolatilityReading } from '../../core/snapshot.ts';
import type { Address } from '../../core/units.ts';
import type { AccountState } from '../../ports/account.ts';
import type { Outcome } from '../../ports/chain.ts';
import type { Memory, ProtocolReading, ReadContext, Remembered } from '../../ports/protocol.ts';
import { attempt, faultOf } from '../faults.ts';
import type { Memories } from '../memories.ts';
import { keepersOf, type VaultSetup, type World } from '../world.ts';
import { inUnitsOf, observeStatements, statedReading } from './statements.ts';
import { observedVolatility, observeVolatilities, readVolatility } from './volatility.ts';

/** Who is read for where nobody can sign. */
export const nobody: Address = '0x0000000000000000000000000000000000000000';

/** What a vault holds and what its market looks like, as read at one block. */
export interface MarketFacts {
  readonly positions: readonly ProtocolReading[];
  readonly pools: readonly Remembered<Pool | EmptyPool>[];
  readonly prices: readonly PriceReading[];
  /** In the order of the config. */
  readonly volatilities: readonly Remembered<VolatilityReading>[];
  /** Absent or null where nothing watches it. */
  readonly quotePeg?: PriceReading | null;
  readonly sequencer?: SequencerState | null;
  /** What publishing data costs; null where the chain charges gas and nothing else. */
  readonly dataFee: DataFeeTerms | null;
}

/** An account's state, and which of the world's keys its guard allows. */
export interface AccountReading extends AccountState {
  readonly allowedKeepers: readonly Address[];
}

/** The two halves of a vault's read: open orders can be settled on the first even where the second fails. */
export interface VaultReading {
  readonly account: Outcome<AccountReading>;
  readonly market: Outcome<MarketFacts>;
}

/** The keys under which a vault's plug-ins remember. */
export function memoryKeysOf(vault: VaultSetup): readonly string[] {
  return [...vault.protocols, ...vault.venues, ...vault.volatilityFeeds].map(({ key }) => key);
}

/** The chain's part of the market: null for positions and a volatility that lie outside it. */
type ChainMarket = Omit<MarketFacts, 'volatilities' | 'positions'> & {
  readonly positions: readonly (ProtocolReading | null)[];
  readonly volatilities: readonly (Remembered<VolatilityReading> | null)[];
};

function* readMarket(vault: VaultSetup, block: BlockFacts, memories: Memories): Read<ChainMarket> {
  const context = (key?: string): ReadContext => ({
    vault: vault.terms,
    block,
    memory: key === undefined ? undefined : memories.get(key),
  });
  const { quotePegFeed, readSequencer } = vault;
  const [positions, pools, prices, volatilities, dataFee, quotePeg, sequencer] = yield* all([
    all(
      vault.protocols.map((protocol) =>
        'read' in protocol ? protocol.read(context(protocol.key)) : known(null),
      ),
    ),
    all(vault.venues.map((venue) => venue.read(context(venue.key)))),
    all(vault.priceFeeds.map((feed) => feed.read(context()))),
    all(vault.volatilityFeeds.map((feed) => readVolatility(feed, context(feed.key)))),
    readDataFeeTerms(vault.terms.chainId),
    quotePegFeed === undefined ? known(null) : quotePegFeed.read(context()),
    readSequencer === undefined ? known(null) : readSequencer(block),
  ]);
  return { positions, pools, prices, volatilities, dataFee, quotePeg, sequencer };
}

/**
 * Read once for every key: what does not depend on the key is one call all the same. Where nobody can sign, whether some
 * keeper is allowed is not a question: the decision is what is wanted.
 */
function* readAccount(world: World, vault: VaultSetup, block: BlockFacts): Read<AccountReading> {
  const context: ReadContext = { vault: vault.terms, block, memory: undefined };
  const keepers = keepersOf(world, vault);
  const [first = nobody, ...others] = keepers;
  const states = yield* all([first, ...others].map((keeper) => vault.account.read(context, keeper)));
  const [state] = states;
  if (state === undefined) throw new CorruptDataError('account state', 'none', 'one for each key');
  const allowedKeepers = keepers.filter((_, index) => states[index]?.guard.keeperAllowed === true);
  const keeperAllowed = keepers.length === 0 || allowedKeepers.length > 0;
  return { ...state, guard: { ...state.guard, keeperAllowed }, allowedKeepers };
}

/**
 * Reads any number of vaults at one block, together: as many rounds as the longest of them needs, and beside them what
 * their feeds observe outside the chain. Never throws; a part that cannot be read has its error in its place.
 */
export async function readVaults(
  world: World,
  vaults: readonly { readonly setup: VaultSetup; readonly memories: Memories }[],
  block: BlockFacts,
): Promise<readonly VaultReading[]> {
  const reads = vaults.flatMap(({ setup, memories }): Read<AccountReading | ChainMarket>[] => [
    readAccount(world, setup, block),
    readMarket(setup, block, memories),
  ]);
  const setups = vaults.map(({ setup }) => setup);
  const [answered, observations, statements] = await Promise.all([
    attempt(() => world.chain.read(reads, block)),
    observeVolatilities(world, setups),
    observeStatements(world, setups),
  ]);
  const outcomes = answered.ok ? answered.value : reads.map(() => answered);
  if (outcomes.length < reads.length) {
    const error = new CorruptDataError('reads', 'fewer answers than questions', 'one answer each');
    return vaults.map(() => ({ account: { ok: false, error }, market: { ok: false, error } }));
  }
  return vaults.map(({ setup, memories }, index): VaultReading => {
    const account = outcomes[2 * index] as Outcome<AccountReading>;
    const market = outcomes[2 * index + 1] as Outcome<ChainMarket>;
    const withObserved = (facts: ChainMarket): MarketFacts => ({
      ...facts,
      positions: setup.protocols.map(
        (protocol, place) =>
          facts.positions[place] ??
          inUnitsOf(
            facts.prices,
            statedReading(setup, protocol, statements, memories.get(protocol.key), block),
          ),
      ),
      volatilities: setup.volatilityFeeds.map(
        (feed, place) =>
          facts.volatilities[place] ?? observedVolatility(feed, observations, memories.get(feed.key), block),
      ),
    });
    return {
      account,
      market: market.ok ? outcomeOf(() => withObserved(market.value)) : market,
    };
  });
}

function outcomeOf<T>(make: () => T): Outcome<T> {
  try {
    return { ok: true, value: make() };
  } catch (error) {
    return { ok: false, error: faultOf(error) };
  }
}

/** The same text for the same memory: a journal may give an object's keys back in another order. */
function serialised(memory: Memory): string | undefined {
  return JSON.stringify(memory, (_, value) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Keeps what plug-ins want to remember, where it changed. A memory that cannot be kept only makes the next read slower. */
export async function keepMemories(
  world: World,
  vault: VaultSetup,
  before: Memories,
  market: MarketFacts,
): Promise<void> {
  const vaultName = vault.terms.name;
  const fresh: (readonly [string, Memory])[] = [
    ...vault.protocols.map(({ key }, index) => [key, market.positions[index]?.memory] as const),
    ...vault.venues.map(({ key }, index) => [key, market.pools[index]?.memory] as const),
    ...vault.volatilityFeeds.map(({ key }, index) => [key, market.volatilities[index]?.memory] as const),
  ];
  for (const [key, memory] of fresh) {
    if (memory === undefined || memory === before.get(key)) continue;
    if (serialised(memory) === serialised(before.get(key))) continue;
    const kept = await attempt(() => world.store.remember(vaultName, key, memory));
    if (!kept.ok)
      world.log.warn({ vault: vaultName, key, error: kept.error.message }, 'a memory was not kept');
  }
}
