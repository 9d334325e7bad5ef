import { type Way, waysOf } from '../../core/amm/twoHop.ts';
import type { Band, Side } from '../../core/decision.ts';
import { type DepthTable, depthTable } from '../../core/hedge/depthTable.ts';
import { wayTokens } from '../../core/hedge/fairPrice.ts';
import { percent } from '../../core/report/numbers.ts';
import { toRawDown, toWhole } from '../../core/units.ts';
import type { StoredDecision } from '../../ports/store.ts';
import type { DepthDocument, DepthLine } from '../documents.ts';

/** Sizes on the curve, as multiples of the next order. */
const MULTIPLES = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16];
const BPS_PER_PIP = 100;

/**
 * What trading costs on a vault's pools at the block of a decision, fee and impact against the fair price, and where on that
 * curve the next order lies; null where the block was not read or has no pool.
 */
export function depthDocument(stored: StoredDecision): DepthDocument | null {
  const { snapshot, decision } = stored;
  const { spot } = decision.numbers;
  if (snapshot === null || spot === null || snapshot.chain.pools.length === 0) return null;
  const next = nextOrder(stored);
  const sizes = MULTIPLES.map((multiple) => multiple * (next?.base ?? 1));
  const { vault, chain } = snapshot;
  const sizesRaw = sizes.map((size) => toRawDown(size, vault.base.decimals)).filter((raw) => raw > 0n);
  if (sizesRaw.length === 0) return null;
  const table = (side: Side) =>
    depthTable({
      pools: waysOf(chain.pools, wayTokens(vault)),
      base: vault.base,
      quote: vault.quote,
      side,
      sizesRaw,
      fairPrice: spot,
      gas: null,
    });
  const [sell, buy] = [table('sell'), table('buy')];
  const own = next === null ? null : (next.side === 'sell' ? sell : buy).best[MULTIPLES.indexOf(1)];
  return {
    sizes: sizesRaw.map((raw) => toWhole(raw, vault.base.decimals)),
    sell: linesOf(sell),
    buy: linesOf(buy),
    next: next && { ...next, bps: own?.filled ? own.cost.bps : null },
  };
}

/** What is decided, or what the policy would trade next: from where net delta is beyond its level, or from the level itself. */
function nextOrder({
  snapshot,
  decision,
}: StoredDecision): Omit<NonNullable<DepthDocument['next']>, 'bps'> | null {
  if (decision.kind === 'hedge' && snapshot !== null) {
    const { side, baseRaw } = decision.plan;
    return { side, base: toWhole(baseRaw, snapshot.vault.base.decimals), isDecided: true };
  }
  const { band, netDelta } = decision.numbers;
  if (band === null || netDelta === null) return null;
  return { ...nearerTrade(band, netDelta), isDecided: false };
}

function nearerTrade({ sell, buy }: Band, netDelta: number): { readonly side: Side; readonly base: number } {
  const side: Side = netDelta >= (sell.act + buy.act) / 2 ? 'sell' : 'buy';
  const from = side === 'sell' ? Math.max(netDelta, sell.act) : Math.min(netDelta, buy.act);
  const target = side === 'sell' ? sell.target : buy.target;
  return { side, base: Math.max(Math.abs(from - target), 1e-6) };
}

function linesOf({ pools, best }: DepthTable): readonly DepthLine[] {
  const alone = pools.map(
    ({ pool, fills }): DepthLine => ({
      name: wayName(pool),
      bps: fills.map((fill) => (fill.filled ? fill.cost.bps : null)),
    }),
  );
  const together = best.map((split) => (split.filled ? split.cost.bps : null));
  return alone.length > 1 ? [...alone, { name: 'all together', bps: together }] : alone;
}

/** `uniswapV3 0.05 % 0x88e6…`: kind, fee and the beginning of the address. */
export function wayName(way: Way): string {
  if (way.kind === 'twoHop') return `${wayName(way.near)} then ${wayName(way.far)}`;
  const feeBps = way.kind === 'concentrated' ? way.feePips / BPS_PER_PIP : way.feeBps;
  return `${way.venue} ${percent(feeBps / 10_000, 2)} ${way.address.slice(0, 6)}…`;
}
