import type { Band, Explanation, Side } from '../../core/decision.ts';
import { InvalidInputError } from '../../core/errors.ts';
import type { PolicyVerdict, PolicyView } from '../../core/policy.ts';
import { fixed, signed, significant } from '../../core/report/format.ts';
import { secondsSinceHedge } from './explain.ts';

/** Levels of one side as a policy's model has them, signed net delta. */
export interface ModelSide {
  readonly act: number;
  readonly target: number;
  /** Where a trade from beyond `act` ends. */
  targetFrom(netDelta: number): number;
}

/** Both sides. */
export interface ModelBand {
  readonly sell: ModelSide;
  readonly buy: ModelSide;
}

/** What a verdict is made of. */
export interface VerdictTerms {
  /** Before caps and before what is not known of delta. */
  readonly band: ModelBand;
  /** Where the band is centred beside 0: cheaper volatility, carry. */
  readonly shift: number;
  readonly widest: number;
  readonly minSpacingSeconds: number;
  explanationOf(side: Side, act: number, target: number): Explanation;
}

const within = (low: number, value: number, high: number) => Math.min(Math.max(value, low), high);

/**
 * A side's act level, in its own direction: not beyond the widest allowed, and wider by what is not known of delta, since
 * the square of a net delta that is seen with an error e is e^2 larger than that of the true one, on average.
 */
function actOf(act: number, widest: number, deltaStdError: number): number {
  return within(-widest, Math.min(act, 0) + Math.hypot(Math.max(act, 0), deltaStdError), widest);
}

/** Levels of both sides: no wider than allowed wherever the band is centred, and no target across the other side's level. */
function bandOf(view: PolicyView, { band: model, shift, widest }: VerdictTerms) {
  const error = view.exposure.deltaStdError ?? 0;
  const [up, down] = [actOf(model.sell.act, widest, error), actOf(-model.buy.act, widest, error)];
  const centre = widest < Number.POSITIVE_INFINITY ? within(down - widest, shift, widest - up) : shift;
  const [low, high] = [-down + centre, up + centre];
  const band: Band = {
    sell: { act: high, target: within(low, model.sell.target + centre, high) },
    buy: { act: low, target: within(low, model.buy.target + centre, high) },
  };
  return { band, centre };
}

/** The verdict of a band made by a model, with what was weighed. @throws InvalidInputError when net delta is no number */
export function bandVerdict(view: PolicyView, terms: VerdictTerms): PolicyVerdict {
  const { netDelta } = view;
  if (!Number.isFinite(netDelta)) throw new InvalidInputError('netDelta', netDelta, 'a finite number');
  const { band: model, minSpacingSeconds } = terms;
  const { band, centre } = bandOf(view, terms);
  const side: Side = netDelta - (band.sell.act + band.buy.act) / 2 >= 0 ? 'sell' : 'buy';
  const sign = side === 'sell' ? 1 : -1;
  const isBeyond = sign * netDelta > sign * band[side].act;
  const free = isBeyond ? model[side].targetFrom(netDelta - centre) + centre : band[side].target;
  const target = within(band.buy.act, free, band.sell.act);
  // A band that is wide is not traded to from inside: what is asked then is what going back to its centre would cost.
  const asked = sign * target < sign * netDelta ? target : centre;
  const explanation = terms.explanationOf(side, band[side].act, asked);
  const words = `${costWords(explanation)}; waiting costs ${significant(explanation.waitingQuotePerHour, 3)} an hour`;
  if (!isBeyond) {
    const range = `${signed(band.buy.act)} to ${signed(band.sell.act)}`;
    const why = `net delta ${signed(netDelta)} is inside the band of ${range}; ${words}`;
    return { trade: false, code: 'insideBand', why, band, explanation };
  }
  const since = secondsSinceHedge(view);
  if (since < minSpacingSeconds) {
    const why = `net delta ${signed(netDelta)} is beyond ${signed(band[side].act)}, but the last hedge was ${since} s ago, the least spacing is ${minSpacingSeconds} s`;
    return { trade: false, code: 'spacing', why, band, explanation };
  }
  const why = `net delta ${signed(netDelta)} is beyond the ${side} level ${signed(band[side].act)}; ${words}`;
  return { trade: true, code: 'beyondBand', why, band, targetNetDelta: target, explanation };
}

function costWords({ costNowQuote }: Explanation): string {
  return costNowQuote === null
    ? 'pools do not take all of a hedge'
    : `a hedge costs ${fixed(costNowQuote, 2)}`;
}
