import type { BoundPolicy } from '../../core/policy.ts';

/** How seldom a keeper looks. */
export interface CheckEvery {
  /** Every so many steps of the market. */
  readonly steps: number;
  readonly stepSeconds: number;
}

/** A policy that a keeper asks at every n-th step only, by the clock; between them it holds. */
export function checkedEvery(policy: BoundPolicy, { steps, stepSeconds }: CheckEvery): BoundPolicy {
  return {
    kind: policy.kind,
    verdict(view) {
      const { timestampSeconds } = view.snapshot.chain.block;
      if (Math.round(timestampSeconds / stepSeconds) % steps === 0) return policy.verdict(view);
      const why = `looked at every ${steps * stepSeconds} s only`;
      return { trade: false, code: 'notDue', why, band: null };
    },
  };
}
