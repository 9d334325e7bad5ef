import type { ContractFunctionArgs } from 'viem';
import type { hedgeModuleAbi } from '../../../abis/hedgeModule.ts';
import { type V4PoolName, v4PoolOf } from '../../adapters/venues/internal/v4PoolKey.ts';
import { type Address, sameAddress, toRawDown, toRawUp } from '../../core/units.ts';
import type { VaultSetup } from '../../engine/world.ts';
import type { Plugged } from '../config/kinds.ts';
import type { MandateConfig, VaultConfig } from '../config/schema.ts';
import { UsageError } from '../errors.ts';

/** A mandate as the HedgeModule takes it. */
export type Mandate = ContractFunctionArgs<typeof hedgeModuleAbi, 'nonpayable', 'setMandate'>[0];

const NOBODY: Address = '0x0000000000000000000000000000000000000000';
const WAD_DECIMALS = 18;
const NO_FEED = { aggregator: NOBODY, heartbeatSeconds: 0 };

/** A feed as the `chainlink` plug-in's config names it. */
interface FeedLink {
  readonly feed: Address;
  readonly heartbeatSeconds: number;
}

/**
 * The mandate that a vault's config asks for.
 *
 * @param keepers who may hedge where the config names nobody
 * @throws UsageError when the config lacks the mandate section, a keeper or Chainlink feeds
 */
export function mandateOf(config: VaultConfig, vault: VaultSetup, keepers: readonly Address[]): Mandate {
  const { mandate } = config;
  if (mandate === null) {
    throw missing(
      `vault ${config.name} has no mandate: section`,
      'add mandate: to it; examples/ballast.yaml shows one',
    );
  }
  const named = mandate.keepers.length > 0 ? mandate.keepers : keepers;
  if (named.length === 0)
    throw missing('nobody is named as keeper', 'give --keeper 0x…, or name mandate.keepers in the config');
  const { base, quote } = vault.terms;
  const feeds = feedsOf(config);
  return {
    base: base.address,
    quote: quote.address,
    baseFeeds: [feedOf(feeds.base[0]), feedOf(feeds.base[1])],
    quoteFeed: feedOf(feeds.quote),
    sequencerFeed: NOBODY,
    sequencerGraceSeconds: 0,
    guardian: mandate.guardian ?? NOBODY,
    maxSlippageBps: mandate.maxSlippageBps,
    turnoverCapacityQuote: toRawDown(mandate.turnoverCapacityQuote, quote.decimals),
    turnoverRefillPerDayQuote: toRawDown(mandate.turnoverRefillPerDayQuote, quote.decimals),
    minBase: signedRawUp(mandate.minBase, base.decimals),
    maxBase: toRawDown(mandate.maxBase, base.decimals),
    ...poolsOf(config, vault),
    keepers: [...named],
    bridges: (vault.terms.bridges ?? []).map(({ address }) => address),
    paysByAllowance: mandate.allowance !== null,
    lending: lendingOf(mandate.lending, vault),
    positionManager: mandate.positionManager ?? NOBODY,
  };
}

/** Towards more: below zero the smaller debt. */
function signedRawUp(whole: number, decimals: number): bigint {
  return whole < 0 ? -toRawDown(-whole, decimals) : toRawUp(whole, decimals);
}

function lendingOf(lending: MandateConfig['lending'], { terms }: VaultSetup): Mandate['lending'] {
  if (lending === null) return { pool: NOBODY, minHealthFactorWad: 0n, maxBaseDebt: 0n, maxQuoteDebt: 0n };
  return {
    pool: lending.pool,
    minHealthFactorWad: toRawUp(lending.minHealthFactor, WAD_DECIMALS),
    maxBaseDebt: toRawDown(lending.maxBaseDebt, terms.base.decimals),
    maxQuoteDebt: toRawDown(lending.maxQuoteDebt, terms.quote.decimals),
  };
}

function feedOf(link: FeedLink | undefined): Mandate['quoteFeed'] {
  return link === undefined ? NO_FEED : { aggregator: link.feed, heartbeatSeconds: link.heartbeatSeconds };
}

/** The module reads Chainlink feeds, so the mandate takes those of the first price that is made of them. */
function feedsOf({ name, prices }: VaultConfig): {
  readonly base: readonly FeedLink[];
  readonly quote?: FeedLink;
} {
  const price = prices.find(({ kind }) => kind === 'chainlink');
  if (price === undefined) {
    throw missing(
      `vault ${name} has no price of kind chainlink`,
      'add one to prices: the module checks every hedge against it',
    );
  }
  return price.config as { readonly base: readonly FeedLink[]; readonly quote?: FeedLink };
}

/** The pools of every venue that has one; of v4, those without hooks. */
function poolsOf(
  { name, venues }: VaultConfig,
  { terms }: VaultSetup,
): Pick<Mandate, 'pools' | 'poolManager' | 'v4Pools'> {
  const pools = venues.flatMap(({ config }: Plugged) => {
    const { pool } = config as { readonly pool?: Address };
    return pool === undefined ? [] : [pool];
  });
  const v4 = venues
    .filter(({ kind }) => kind === 'uniswapV4')
    .map(({ config }: Plugged) => config as V4PoolName & { readonly poolManager: Address })
    .filter(({ hooks = NOBODY }) => hooks === NOBODY);
  if (pools.length + v4.length === 0) throw missing(`vault ${name} has no pool`, 'add one to venues:');
  const [first] = v4;
  const poolManager = first?.poolManager ?? NOBODY;
  if (v4.some((one) => !sameAddress(one.poolManager, poolManager))) {
    throw missing(`vault ${name} has v4 pools of two PoolManagers`, 'a mandate takes one: leave one out');
  }
  return { pools, poolManager, v4Pools: v4.map((one) => v4PoolOf(one, terms).id) };
}

function missing(what: string, action: string): UsageError {
  return new UsageError('MANDATE_INCOMPLETE', what, { action });
}
