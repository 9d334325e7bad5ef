import type { Read } from '../../core/read.ts';
import { isUsableVolatility } from '../../core/risk/volatilitySource.ts';
import type { BlockFacts, VolatilityReading } from '../../core/snapshot.ts';
import type { BoundVolatilityFeed } from '../../ports/feed.ts';
import type { Memory, ReadContext, Remembered } from '../../ports/protocol.ts';
import { attempt, faultOf } from '../faults.ts';
import type { VaultSetup, World } from '../world.ts';

/** Longest that a tick waits for what lies outside the chain. */
const OBSERVE_TIMEOUT_MS = 3_000;

/** What the sources outside the chain said, by the key of the feed. */
export type Observations = ReadonlyMap<string, VolatilityReading>;

type Observed = Extract<BoundVolatilityFeed, { readonly observe: unknown }>;

function faulty(feed: BoundVolatilityFeed, fault: string, observedAtSeconds: number): VolatilityReading {
  return { source: feed.kind, volatility: 0, observedAtSeconds, fault };
}

/** Asks one source once. Never throws: what does not answer in time, or not as it should, is a fault. */
async function observe(world: World, feed: Observed): Promise<VolatilityReading> {
  const nowSeconds = world.clock.nowSeconds();
  const asking = new AbortController();
  const waiting = new AbortController();
  const tooLate = world.clock
    .sleep(OBSERVE_TIMEOUT_MS, waiting.signal)
    .then(() => faulty(feed, `no answer within ${OBSERVE_TIMEOUT_MS} ms`, nowSeconds));
  const asked = attempt(() => feed.observe(nowSeconds, asking.signal)).then((outcome) =>
    outcome.ok ? outcome.value : faulty(feed, outcome.error.message, nowSeconds),
  );
  const reading = await Promise.race([asked, tooLate]);
  asking.abort();
  waiting.abort();
  return reading;
}

/** Asks every source outside the chain that these vaults name, each one once, all of them together. Never throws. */
export async function observeVolatilities(
  world: World,
  vaults: readonly VaultSetup[],
): Promise<Observations> {
  const feeds = new Map<string, Observed>();
  for (const feed of vaults.flatMap(({ volatilityFeeds }) => volatilityFeeds)) {
    if ('observe' in feed) feeds.set(feed.key, feed);
  }
  const readings = await Promise.all(
    [...feeds].map(async ([key, feed]) => [key, await observe(world, feed)] as const),
  );
  return new Map(readings);
}

/** Reads a feed of the chain, null for one outside it; one that throws is faulty and leaves the others alone. */
export function* readVolatility(
  feed: BoundVolatilityFeed,
  context: ReadContext,
): Read<Remembered<VolatilityReading> | null> {
  if (!('read' in feed)) return null;
  try {
    return yield* feed.read(context);
  } catch (error) {
    const fault = faultOf(error).message;
    return { value: faulty(feed, fault, context.block.timestampSeconds), memory: context.memory };
  }
}

function rememberedReading(memory: Memory): VolatilityReading | null {
  const { source, volatility, observedAtSeconds, staleAfterSeconds } = (memory ??
    {}) as Partial<VolatilityReading>;
  const isReading =
    typeof source === 'string' &&
    [volatility, observedAtSeconds, staleAfterSeconds].every((value) => Number.isFinite(value));
  return isReading ? (memory as VolatilityReading) : null;
}

/**
 * What a source outside the chain gives a block: what it said, or what it last said well, for as long as that is young
 * enough, so that one request that fails halts nobody.
 */
export function observedVolatility(
  feed: BoundVolatilityFeed,
  observations: Observations,
  memory: Memory,
  block: BlockFacts,
): Remembered<VolatilityReading> {
  const said =
    observations.get(feed.key) ?? faulty(feed, 'it was not asked at this block', block.timestampSeconds);
  if (isUsableVolatility(said, block)) return { value: said, memory: said };
  const before = rememberedReading(memory);
  return { value: before !== null && isUsableVolatility(before, block) ? before : said, memory };
}

/**
 * Every volatility of a vault at a block, in the order of the config, with nothing else of it read. Never throws for what a
 * source does.
 *
 * @throws ChainUnavailableError, BlockGoneError
 */
export async function lookAtVolatilities(
  world: World,
  vault: VaultSetup,
  block: BlockFacts,
): Promise<readonly VolatilityReading[]> {
  const context: ReadContext = { vault: vault.terms, block, memory: undefined };
  const reads = vault.volatilityFeeds.map((feed) => readVolatility(feed, context));
  const [outcomes, observations] = await Promise.all([
    world.chain.read(reads, block),
    observeVolatilities(world, [vault]),
  ]);
  return vault.volatilityFeeds.map((feed, index) => {
    const outcome = outcomes[index];
    if (outcome?.ok === false) throw outcome.error;
    const read = outcome?.value ?? observedVolatility(feed, observations, undefined, block);
    return read.value;
  });
}
