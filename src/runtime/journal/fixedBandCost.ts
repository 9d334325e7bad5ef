import { waysOf } from '../../core/amm/twoHop.ts';
import type { Side } from '../../core/decision.ts';
import { depthTable } from '../../core/hedge/depthTable.ts';
import { wayTokens } from '../../core/hedge/fairPrice.ts';
import { defaultLimits } from '../../core/risk/limits.ts';
import { toRawDown } from '../../core/units.ts';
import type { StoredDecision } from '../../ports/store.ts';
import type { JournaledHedge } from './bookedHedges.ts';

/** A vault's way through its decisions, oldest first; NaN where a value was not known. */
export interface JournalPath {
  readonly number: ArrayLike<number>;
  readonly atSeconds: ArrayLike<number>;
  readonly blockNumber: ArrayLike<number>;
  readonly netDelta: ArrayLike<number>;
  readonly sellAct: ArrayLike<number>;
  readonly buyAct: ArrayLike<number>;
}

/** A hedge that a fixed band would have made. */
export interface BandHedge {
  /** Number of the decision at whose block it would have been. */
  readonly number: number;
  readonly atSeconds: number;
  readonly side: Side;
  /** Base, above 0. */
  readonly base: number;
}

/** Half of the mean distance between the levels at which a vault acted, base, three digits; null where it had none. */
export function meanHalfWidth({ number, sellAct, buyAct }: JournalPath): number | null {
  let [sum, known] = [0, 0];
  for (let index = 0; index < number.length; index += 1) {
    const half = (sellAct[index]! - buyAct[index]!) / 2;
    if (!(half > 0)) continue;
    sum += half;
    known += 1;
  }
  return known === 0 ? null : Number((sum / known).toPrecision(3));
}

/**
 * What a band of fixed width, traded to its middle, would have done on the path that the vault took: the vault's own hedges are
 * put back, those of the band take their place. Each is taken to be filled at once and whole.
 *
 * @param hedges of the vault itself
 * @param halfWidth base, above 0
 */
export function fixedBandHedges(
  path: JournalPath,
  hedges: readonly JournaledHedge[],
  halfWidth: number,
): readonly BandHedge[] {
  const landing = hedges
    .map(({ afterBlock, side, base }) => ({
      block: Number(afterBlock),
      signed: side === 'buy' ? base : -base,
    }))
    .sort((a, b) => a.block - b.block);
  const found: BandHedge[] = [];
  let [next, own, instead] = [0, 0, 0];
  for (let index = 0; index < path.number.length; index += 1) {
    while (next < landing.length && landing[next]!.block < path.blockNumber[index]!)
      own += landing[next++]!.signed;
    const net = path.netDelta[index]! - own + instead;
    if (!(Math.abs(net) > halfWidth)) continue;
    instead -= net;
    found.push({
      number: path.number[index]!,
      atSeconds: path.atSeconds[index]!,
      side: net > 0 ? 'sell' : 'buy',
      base: Math.abs(net),
    });
  }
  return found;
}

/**
 * What trading so much would have cost on the pools of a journaled block, gas included, quote; null where they could not take it
 * or the block was not read.
 *
 * @param base above 0
 * @throws CorruptDataError when a pool's ticks are out of order
 */
export function costAt(decided: StoredDecision, side: Side, base: number): number | null {
  const { snapshot, decision } = decided;
  const { spot } = decision.numbers;
  if (snapshot === null || spot === null) return null;
  const { vault, chain, native } = snapshot;
  const sizeRaw = toRawDown(base, vault.base.decimals);
  if (sizeRaw <= 0n) return null;
  const { best } = depthTable({
    pools: waysOf(chain.pools, wayTokens(vault)),
    base: vault.base,
    quote: vault.quote,
    side,
    sizesRaw: [sizeRaw],
    fairPrice: spot,
    gas: { native, gasUnits: defaultLimits.gasUnits },
  });
  const [split] = best;
  return split?.filled ? split.cost.totalQuote : null;
}
