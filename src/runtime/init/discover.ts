import type { BlockFacts, VaultTerms } from '../../core/snapshot.ts';
import type { Address, Token } from '../../core/units.ts';
import type { Chain } from '../../ports/chain.ts';
import type { Registry } from '../registry.ts';
import { type FoundPositions, findPositions } from './findPositions.ts';
import { type FoundPrice, findPrice, findVolatility, type NamedFeeds } from './findPrices.ts';
import type { FoundAccount } from './findVault.ts';
import { type FoundVenues, findVenues } from './findVenues.ts';
import type { KnownContracts } from './knownContracts.ts';
import type { Received } from './received.ts';
import type { FoundPart } from './tryParts.ts';

/** Blocks over which the time from one to the next is measured. */
const SPAN_BLOCKS = 100n;

/** Everything about a vault that the chain says by itself. */
export interface Discovery {
  readonly block: BlockFacts;
  readonly blockSeconds: number | null;
  readonly account: FoundAccount;
  readonly base: Token;
  readonly quote: Token;
  readonly venues: FoundVenues;
  readonly price: FoundPrice;
  readonly positions: FoundPositions;
  readonly volatility: readonly FoundPart[];
}

/** What is known before anything is looked for. */
export interface DiscoveryRequest {
  readonly chain: Chain;
  readonly block: BlockFacts;
  readonly account: Address;
  readonly found: FoundAccount;
  readonly tokens: readonly [Token, Token];
  readonly feeds: NamedFeeds;
  readonly known: KnownContracts | null;
  /** What the account was ever sent; null where no node tells. */
  readonly received: Received | null;
  readonly registry: Registry;
}

/** Looks for pools, feeds and positions of a vault, at one block. */
export async function discover(request: DiscoveryRequest): Promise<Discovery> {
  const { chain, block, account, found, tokens, feeds, known, received, registry } = request;
  const [base, quote] = tokens;
  const terms: VaultTerms = {
    name: 'vault',
    chainId: chain.chainId,
    account,
    base,
    quote,
    numeraire: 'quote',
    deltaModel: 'stickyStrike',
    targetDelta: 0,
    rate: 0,
  };
  const ground = { chain, block, terms };
  const [pools, price, positions, blockSeconds] = await Promise.all([
    findVenues(ground, known, found.mandate, registry),
    findPrice(ground, known, found.mandate, feeds, registry),
    findPositions(ground, known, found.mandate, received, registry),
    measuredBlockSeconds(chain, block),
  ]);
  const venues = found.role === null ? pools : onlyV3(pools);
  const volatility = await findVolatility(ground, venues.deepestV3, price.baseFeed, registry);
  return { block, blockSeconds, account: found, base, quote, venues, price, positions, volatility };
}

/** A role swaps on Uniswap v3 alone. */
function onlyV3(pools: FoundVenues): FoundVenues {
  const isV3 = ({ part }: FoundPart) => part.kind === 'uniswapV3';
  const others = pools.used.filter((one) => !isV3(one));
  return {
    ...pools,
    used: pools.used.filter(isV3),
    leftOut: [...others.map((one) => ({ ...one, words: `${one.words}, not for a role` })), ...pools.leftOut],
  };
}

/** Null on a chain that is too young to tell. */
async function measuredBlockSeconds(chain: Chain, head: BlockFacts): Promise<number | null> {
  if (head.number < SPAN_BLOCKS) return null;
  const earlier = await chain.blockAt(head.number - SPAN_BLOCKS);
  if (earlier === null) return null;
  const seconds = (head.timestampSeconds - earlier.timestampSeconds) / Number(SPAN_BLOCKS);
  return seconds > 0 ? seconds : null;
}
