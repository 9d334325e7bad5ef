import type { Band, CostEstimate, Decision, DecisionNumbers } from '../decision.ts';
import { hedgeDataWei } from '../hedge/cost.ts';
import { lendingGasQuote, withdrawalGasQuote } from '../hedge/lendingPlan.ts';
import { compensatedSum } from '../math/sum.ts';
import type { PolicyVerdict, PolicyView } from '../policy.ts';
import { fixed } from '../report/format.ts';
import type { Snapshot } from '../snapshot.ts';
import { toWhole } from '../units.ts';
import { limitBrokenBy } from './haltLimits.ts';
import { defaultLimits, type Limits } from './limits.ts';
import type { Precautions } from './precautions.ts';
import { deltaChangeOf, type RangeWithdrawal } from './reduce/rangesAtHand.ts';
import { reducePlan } from './reduce/reducePlan.ts';

const WEI_DECIMALS = 18;

/** What breakers and stress decide before the policy is asked; null where it is for the policy to decide. */
export function carefulDecision(
  { effect, level, actions, freed, record }: Precautions,
  { snapshot, netDelta, limits = defaultLimits }: PolicyView,
  numbers: DecisionNumbers,
): Decision | null {
  const stand = { warnings: [], numbers } as const;
  const tripped = record.tripped.map(({ text }) => text).join('; ');
  if (effect === 'halt') return { ...stand, kind: 'halt', code: 'breaker', why: tripped };
  if (actions.length + freed.length > 0) {
    const withdrawals = [...freed, ...actions.flatMap(({ withdrawal }) => withdrawal ?? [])];
    const gasQuote = gasOf(actions.length, withdrawals.length, snapshot, limits);
    // A step that eases margin waits for no cap of a hedge, since waiting costs more; what halts, halts it too.
    const halts = limits.halts ? { ...limits.halts, turnoverPerDayQuote: null } : null;
    const broken = limitBrokenBy(snapshot, halts, 0, gasQuote);
    if (broken !== null) return { ...stand, kind: 'halt', ...broken };
    const plan = reducePlan(snapshot, withdrawals, actions);
    return {
      ...stand,
      kind: 'reduce',
      code: 'reducing',
      why: whyReduce(record, actions, freed),
      numbers: { ...numbers, cost: gasAlone(gasQuote) },
      plan,
      netDeltaAfter: netDelta + compensatedSum(withdrawals.map(deltaChangeOf)),
    };
  }
  if (effect === 'hold') return { ...stand, kind: 'hold', code: 'breaker', why: tripped };
  if (level !== 'halt') return null;
  const why = `${record.figures?.margin.text ?? 'margin'}: nothing that is owned eases it`;
  return { ...stand, kind: 'halt', code: 'stress', why };
}

/** What asks for it, and each step: words of one side that is over its limit, then what is done about it. */
function whyReduce(
  { figures }: Precautions['record'],
  actions: Precautions['actions'],
  freed: readonly RangeWithdrawal[],
): string {
  const asks = actions.length > 0 ? figures?.margin.text : figures?.reach.text;
  const frees = freed.map(
    ({ range: { label, valueQuote } }) =>
      `withdraw ${label} (out of the price): frees about ${fixed(valueQuote, 2)} quote`,
  );
  return [asks, ...frees, ...actions.map(({ text }) => text)].join('; ');
}

/** Gas of an order without swaps, quote. */
function gasOf(steps: number, withdrawals: number, snapshot: Snapshot, limits: Limits): number {
  const { native } = snapshot;
  const dataQuote = toWhole(hedgeDataWei(0, native), WEI_DECIMALS) * native.priceQuote;
  const stepsQuote =
    steps * lendingGasQuote(snapshot, limits) + withdrawals * withdrawalGasQuote(snapshot, limits);
  return stepsQuote + dataQuote;
}

/** What an order costs that trades nothing. */
function gasAlone(gasQuote: number): CostEstimate {
  return { feeQuote: 0, impactQuote: 0, gasQuote, totalQuote: gasQuote, bps: 0 };
}

/**
 * A verdict with its band drawn in towards neutral: both levels of each side times a factor. Inside the policy's own band but
 * outside of the narrower one the vault trades to the narrower target. A verdict without a band is left as it is, and one
 * that waits for its time, or for pools to refill, goes on waiting.
 *
 * @param factor above 0, at most 1; 1 changes nothing
 */
export function drawnIn(verdict: PolicyVerdict, netDelta: number, factor: number): PolicyVerdict {
  if (verdict.band === null || factor === 1) return verdict;
  const scaled = (side: Band['sell']) => ({ act: side.act * factor, target: side.target * factor });
  const band: Band = { sell: scaled(verdict.band.sell), buy: scaled(verdict.band.buy) };
  if (!verdict.trade && verdict.code !== 'insideBand') return { ...verdict, band };
  const side = netDelta > band.sell.act ? 'sell' : netDelta < band.buy.act ? 'buy' : null;
  const ownSide = !verdict.trade ? null : verdict.targetNetDelta < netDelta ? 'sell' : 'buy';
  if (verdict.trade && (verdict.code === 'due' || side === ownSide)) {
    return { ...verdict, band, targetNetDelta: verdict.targetNetDelta * factor };
  }
  if (side === null) {
    if (!verdict.trade) return { ...verdict, band };
    // A band whose centre is not neutral is drawn in past a net delta that lay outside of it.
    const { targetNetDelta: _given, ...rest } = verdict;
    const why = `net delta is inside the band drawn in to ${factor} of the policy's own`;
    return { ...rest, code: 'insideBand', why, band, trade: false };
  }
  const why = `net delta is beyond the ${side} level, drawn in to ${factor} of the policy's own`;
  return { ...verdict, code: 'beyondBand', why, band, trade: true, targetNetDelta: band[side].target };
}
