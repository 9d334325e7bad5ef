import { compensatedSum } from '../math/sum.ts';
import type { Exposure, MarketView, Position } from '../position.ts';
import type { Snapshot } from '../snapshot.ts';
import { exposureOf, sumExposures } from './exposure.ts';

/** What a vault is exposed to, and how far that is from neutral. */
export interface NetExposure {
  readonly exposure: Exposure;
  /** Exposure delta minus what neutral means for this vault, base units; positive = long. */
  readonly netDelta: number;
  /** Sum of the absolute deltas of all positions, base units. */
  readonly grossDelta: number;
}

/** The market as a snapshot's positions are priced in it. */
export function marketView(snapshot: Snapshot, spot: number): MarketView {
  const { vault, chain, observed } = snapshot;
  return {
    spot,
    volatility: observed.volatility.volatility,
    rate: vault.rate,
    nowSeconds: chain.block.timestampSeconds,
    baseDecimals: vault.base.decimals,
    quoteDecimals: vault.quote.decimals,
  };
}

const NOTHING: readonly Position[] = [];

function paperPositions({ history: { paper } }: Snapshot): readonly Position[] {
  if (paper.baseRaw === 0n && paper.quoteRaw === 0n) return NOTHING;
  const spot = { kind: 'spot', label: 'paper fills', locked: false } as const;
  return [
    { ...spot, asset: 'base', amountRaw: paper.baseRaw },
    { ...spot, asset: 'quote', amountRaw: paper.quoteRaw },
  ];
}

/**
 * Adds up the exposure of a snapshot's positions and paper fills, and measures it against neutral: the target delta for
 * a vault that counts in quote, and in addition value / spot for one that counts in base.
 *
 * @param spot quote per base
 * @param partOf what gives the exposure of each position
 * @throws InvalidInputError when spot is not above 0, or a position is impossible
 */
export function netExposure(snapshot: Snapshot, spot: number, partOf = exposureOf): NetExposure {
  const view = marketView(snapshot, spot);
  const parts = [...snapshot.chain.positions, ...paperPositions(snapshot)].map((position) =>
    partOf(position, view),
  );
  const exposure = sumExposures(parts);
  const { targetDelta, numeraire } = snapshot.vault;
  const neutral = numeraire === 'base' ? targetDelta + exposure.valueQuote / spot : targetDelta;
  return {
    exposure,
    netDelta: exposure.delta - neutral,
    grossDelta: compensatedSum(parts.map((part) => Math.abs(part.delta))),
  };
}
