import { z } from 'zod';
import type { PolicyView } from '../../core/policy.ts';

/** Risk aversion as a config says it: exactly one of both. */
export const aversionFields = {
  riskAversion: z
    .number()
    .positive()
    .optional()
    .describe('lambda, 1/quote: a variance of V a year costs lambda/2 V quote a year'),
  relativeRiskAversion: z
    .number()
    .positive()
    .optional()
    .describe('R: lambda is R / value of the vault, so that it suits every size'),
};

/** Exactly one way to say how much risk costs. */
export interface AversionParameters {
  readonly riskAversion?: number | undefined;
  readonly relativeRiskAversion?: number | undefined;
}

/** Holds a parsed config to exactly one of both. */
export function hasOneAversion({ riskAversion, relativeRiskAversion }: AversionParameters): boolean {
  return (riskAversion === undefined) !== (relativeRiskAversion === undefined);
}

/** What is said where a config has both, or neither. */
export const oneAversion = 'exactly one of riskAversion and relativeRiskAversion';

/** A vault that is worth nothing, or less, counts as worth this share of what it is exposed to. */
const LEAST_VALUE_SHARE = 0.01;
/** Less than this, quote, is nothing: divided by it, an aversion would be no number any more. */
const NOTHING_QUOTE = 1e-9;

/** lambda, 1/quote. */
export function riskAversionOf(
  view: PolicyView,
  { riskAversion, relativeRiskAversion }: AversionParameters,
): number {
  if (riskAversion !== undefined) return riskAversion;
  const least = LEAST_VALUE_SHARE * view.grossDelta * view.spot;
  const value = Math.max(view.exposure.valueQuote, least);
  return value > NOTHING_QUOTE ? relativeRiskAversion! / value : relativeRiskAversion!;
}
