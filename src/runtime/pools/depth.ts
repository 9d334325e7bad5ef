import type { Pool } from '../../core/amm/pool.ts';
import { waysOf } from '../../core/amm/twoHop.ts';
import type { Side } from '../../core/decision.ts';
import type { DataFeeTerms } from '../../core/gas/dataFee.ts';
import { readDataFeeTerms } from '../../core/gas/dataFeeRead.ts';
import { type DepthGas, type DepthTable, depthTable } from '../../core/hedge/depthTable.ts';
import { middlePrice, wayTokens } from '../../core/hedge/fairPrice.ts';
import { isFresh } from '../../core/risk/oracle.ts';
import type { BlockFacts, PriceReading } from '../../core/snapshot.ts';
import { median } from '../../core/statistics/moments.ts';
import { type Hash, type Token, toRawDown } from '../../core/units.ts';
import { nativeFacts } from '../../engine/read/snapshot.ts';
import type { VaultSetup } from '../../engine/world.ts';
import type { Chain, Outcome } from '../../ports/chain.ts';
import { UsageError } from '../errors.ts';

/** What depth is asked for. */
export interface DepthQuestion {
  readonly side: Side;
  /** Base, whole tokens. */
  readonly sizes: readonly number[];
}

/** Something that depth was to be read from and could not. */
export interface Missing {
  readonly what: string;
  readonly why: string;
}

/** The depth of one market, and where and when it was seen. */
export interface DepthReport {
  /** The vault's name; null where no vault was asked for. */
  readonly vault: string | null;
  readonly chainId: number | null;
  /** Null where a record does not say. */
  readonly block: bigint | null;
  readonly blockHash: Hash | null;
  /** What the fair price is the median of. */
  readonly fairFrom: { readonly feeds: number; readonly pools: number };
  readonly table: DepthTable;
  readonly missing: readonly Missing[];
}

/**
 * Sizes in whole base tokens as raw amounts.
 *
 * @throws UsageError for a size below one unit of the token
 */
function rawSizes(sizes: readonly number[], { decimals, symbol }: Token): readonly bigint[] {
  return sizes.map((size) => {
    const raw = toRawDown(size, decimals);
    if (raw > 0n) return raw;
    throw new UsageError('SIZE_TOO_SMALL', `${size} ${symbol} is less than its smallest unit`, {
      facts: { decimals },
      action: 'ask for a larger size with --sizes',
    });
  });
}

/** What a market is made of, once it has been read. */
export interface Market extends Pick<DepthReport, 'vault' | 'chainId' | 'block' | 'blockHash' | 'missing'> {
  readonly base: Token;
  readonly quote: Token;
  /** Tokens that two pools in a row may go over; none where absent. */
  readonly bridges?: readonly Token[];
  readonly pools: readonly Pool[];
  /** Prices of feeds that can be used, quote per base. */
  readonly feedPrices: readonly number[];
  readonly gas: DepthGas | null;
}

/** The depth of a market against the median of its feeds and its pools of base and quote, two in a row where it has neither. */
export function marketDepth(market: Market, { side, sizes }: DepthQuestion): DepthReport {
  const { base, quote, bridges: _, pools, feedPrices, gas, ...where } = market;
  const ways = waysOf(pools, wayTokens(market));
  const direct = ways.filter((way) => way.kind !== 'twoHop');
  const asked = feedPrices.length + direct.length === 0 ? ways : direct;
  const middles = asked.map((way) => middlePrice(way, market));
  const fairPrice = median([...feedPrices, ...middles]);
  const table = depthTable({
    pools: ways,
    base,
    quote,
    side,
    sizesRaw: rawSizes(sizes, base),
    fairPrice,
    gas,
  });
  return { ...where, fairFrom: { feeds: feedPrices.length, pools: middles.length }, table };
}

/**
 * The depth of a vault's pools at one block. A pool or a feed that cannot be read is left out and named.
 *
 * @throws the fault of the first pool where none can be read
 * @throws ChainUnavailableError when the node does not answer
 */
export async function vaultDepth(
  chain: Chain,
  block: BlockFacts,
  vault: VaultSetup,
  question: DepthQuestion,
): Promise<DepthReport> {
  const context = { vault: vault.terms, block, memory: undefined };
  const [pools, prices, tipWei, [dataFee]] = await Promise.all([
    chain.read(
      vault.venues.map((venue) => venue.read(context)),
      block,
    ),
    chain.read(
      vault.priceFeeds.map((feed) => feed.read(context)),
      block,
    ),
    chain.suggestedTipWei(),
    chain.read([readDataFeeTerms(vault.terms.chainId)], block),
  ]);
  const [firstFault] = pools.flatMap((outcome) => (outcome.ok ? [] : [outcome.error]));
  const found = valuesOf(pools).map(({ value }) => value);
  const readable = found.filter((pool) => pool.kind !== 'empty');
  const empty = found.filter((pool) => pool.kind === 'empty');
  if (found.length === 0 && firstFault !== undefined) throw firstFault;
  const readings = valuesOf(prices);
  const { terms } = vault;
  const gas = dataFee?.ok ? gasOf(vault, block, readings, tipWei, dataFee.value) : null;
  const why = dataFee?.ok === false ? dataFee.error.message : 'no feed says what a native token is worth';
  const noGas = gas === null ? [{ what: 'gas', why }] : [];
  return marketDepth(
    {
      vault: terms.name,
      chainId: chain.chainId,
      block: block.number,
      blockHash: block.hash,
      base: terms.base,
      quote: terms.quote,
      ...(terms.bridges === undefined ? {} : { bridges: terms.bridges }),
      pools: readable,
      feedPrices: readings.filter((reading) => isFresh(reading, block)).map(({ price }) => price),
      gas,
      missing: [
        ...faults(pools, (index) => `pool ${index + 1} of the config (${vault.venues[index]?.kind})`),
        ...empty.map(({ address, why }) => ({ what: `pool ${address}`, why })),
        ...faults(prices, (index) => `price ${index + 1} of the config (${vault.priceFeeds[index]?.kind})`),
        ...readings.flatMap((reading) => unusable(reading, block)),
        ...noGas,
      ],
    },
    question,
  );
}

/** What a hedge's gas is counted with, as decisions count it; null where its price hangs on feeds that are all at fault. */
function gasOf(
  vault: VaultSetup,
  block: BlockFacts,
  readings: readonly PriceReading[],
  tipWei: bigint,
  dataFee: DataFeeTerms | null,
): DepthGas | null {
  const usable = readings.filter(({ fault }) => fault === null);
  if (vault.nativePrice === 'base' && usable.length === 0) return null;
  return { native: nativeFacts(vault, block, usable, tipWei, dataFee), gasUnits: vault.limits.gasUnits };
}

function valuesOf<T>(outcomes: readonly Outcome<T>[]): readonly T[] {
  return outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
}

function faults(
  outcomes: readonly Outcome<unknown>[],
  nameOf: (index: number) => string,
): readonly Missing[] {
  return outcomes.flatMap((outcome, index) =>
    outcome.ok ? [] : [{ what: nameOf(index), why: outcome.error.message }],
  );
}

function unusable(reading: PriceReading, block: BlockFacts): readonly Missing[] {
  if (isFresh(reading, block)) return [];
  return [{ what: reading.source, why: reading.fault ?? 'its price is stale' }];
}
