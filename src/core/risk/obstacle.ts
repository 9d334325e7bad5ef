import type { ReasonCode } from '../decision.ts';

/** What stands in the way of a trade, with the sentence that tells what to do. */
export interface Obstacle {
  readonly code: ReasonCode;
  readonly why: string;
}
