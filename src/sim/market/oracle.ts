import { requireAboveZero, requireAtLeastZero } from '../../core/statistics/require.ts';
import type { PricePath } from '../paths/pricePath.ts';

/** A price feed that answers when the price has moved far enough, or when its heartbeat comes. */
export interface OracleModel {
  /** It answers when the price is this share away from its last answer. */
  readonly deviation: number;
  readonly heartbeatSeconds: number;
  /** How long an answer is on its way. */
  readonly delaySeconds: number;
}

/** ETH / USD on mainnet: half a per cent or an hour, a block late. */
export const typicalOracle: OracleModel = { deviation: 0.005, heartbeatSeconds: 3_600, delaySeconds: 12 };

/**
 * What the feed says at each step. Between two steps the price is taken to have gone straight, so that a feed passes through
 * its deviations on the way: it ends less than one of them behind. What it answered within its delay before the step is not
 * there yet.
 *
 * @throws InvalidInputError when a parameter is out of its range
 */
export function oracleAlong(path: PricePath, model: OracleModel): Float64Array {
  requireAboveZero('deviation', model.deviation);
  requireAboveZero('heartbeatSeconds', model.heartbeatSeconds);
  requireAtLeastZero('delaySeconds', model.delaySeconds);
  const { timestampSeconds, price } = path;
  const answers = new Float64Array(price.length);
  const stride = Math.log1p(model.deviation);
  let answer = price[0]!;
  let answeredAt = timestampSeconds[0]!;
  answers[0] = answer;
  for (let step = 1; step < price.length; step += 1) {
    const from = timestampSeconds[step - 1]!;
    const seconds = timestampSeconds[step]! - from;
    const seenAt = from + Math.max(0, seconds - model.delaySeconds);
    const seen = price[step - 1]! * (price[step]! / price[step - 1]!) ** ((seenAt - from) / seconds);
    const strides = Math.trunc(Math.log(seen / answer) / stride);
    if (strides !== 0) {
      answer *= (1 + model.deviation) ** strides;
      answeredAt = seenAt;
    } else if (seenAt - answeredAt >= model.heartbeatSeconds) {
      answer = seen;
      answeredAt = seenAt;
    }
    answers[step] = answer;
  }
  return answers;
}
