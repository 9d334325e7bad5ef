import { exposureOf } from '../../core/exposure/exposure.ts';
import { marketView, netExposure } from '../../core/exposure/netExposure.ts';
import type { Holdings, Snapshot } from '../../core/snapshot.ts';

/** What hedges have moved so far, signed from the vault's point of view. */
export type HedgeFlow = Holdings;

/** The same vault at the same block as if it had never hedged: what hedges moved is put back, nothing else changes. */
export function withoutHedges(snapshot: Snapshot, flow: HedgeFlow): Snapshot {
  const { paper } = snapshot.history;
  const put = { baseRaw: paper.baseRaw - flow.baseRaw, quoteRaw: paper.quoteRaw - flow.quoteRaw };
  return { ...snapshot, history: { ...snapshot.history, paper: put } };
}

/** What a vault is worth, in quote, gas not counted. */
export function vaultValue(snapshot: Snapshot, spot: number): number {
  return netExposure(snapshot, spot).exposure.valueQuote;
}

/** A vault's value by what it is made of, in quote; the parts add up to {@link vaultValue} without hedges. */
export interface ValueParts {
  /** Options, long and short. */
  readonly options: number;
  /** Uniswap ranges with their uncollected fees. */
  readonly liquidity: number;
  /** Tokens, also those that stand as collateral. */
  readonly tokens: number;
}

/** Takes the value of a snapshot's positions apart. */
export function valueParts(snapshot: Snapshot, spot: number): ValueParts {
  const view = marketView(snapshot, spot);
  const parts = { options: 0, liquidity: 0, tokens: 0 };
  for (const position of snapshot.chain.positions) {
    const isRange = position.kind === 'liquidity' || position.label.startsWith('uniswap');
    const part = position.kind === 'option' ? 'options' : isRange ? 'liquidity' : 'tokens';
    parts[part] += exposureOf(position, view).valueQuote;
  }
  return parts;
}
