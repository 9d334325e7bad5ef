import { z } from 'zod';
import type { BookTerms } from '../../core/exposure/bookTerms.ts';
import { bookTerms } from '../../core/exposure/bookTerms.ts';
import type { PolicyView } from '../../core/policy.ts';

/** What every policy that makes a band by a model can be told. */
export const bandFields = {
  maxHalfWidth: z
    .union([
      z.strictObject({ base: z.number().positive().describe('net delta in base units') }),
      z.strictObject({
        shareOfGross: z.number().positive().max(1).describe('of the sum of all absolute deltas'),
      }),
    ])
    .optional()
    .describe('net delta beyond this is always hedged: base units, or a share of the gross exposure'),
  minSpacingSeconds: z
    .number()
    .min(0)
    .default(24)
    .describe('least time between two hedges, two blocks by default, so that pools can refill'),
  pinWindowSeconds: z
    .number()
    .min(0)
    .default(3_600)
    .describe('before expiry gamma is capped at its average over what the price has left to move'),
  openEndedDays: z
    .number()
    .positive()
    .default(30)
    .describe('how far ahead is looked for positions that do not expire, days'),
  settlementWindowDays: z
    .number()
    .min(0)
    .default(3)
    .describe('cash settlements this near have the unwinding of their hedge planned and priced, days'),
};

const rulesSchema = z.strictObject(bandFields);

/** Parameters that {@link bandFields} parse to. */
export type BandRules = z.infer<typeof rulesSchema>;

const DAYS_PER_YEAR = 365;

/** The book as the band sees it. */
export function termsOf(view: PolicyView, { pinWindowSeconds, openEndedDays }: BandRules): BookTerms {
  return bookTerms(view.snapshot, view.spot, view.exposure, {
    pinWindowSeconds,
    openEndedYears: openEndedDays / DAYS_PER_YEAR,
  });
}

/** The widest that a half band may be, base units. */
export function widestOf({ grossDelta }: PolicyView, { maxHalfWidth }: BandRules): number {
  if (maxHalfWidth === undefined) return Number.POSITIVE_INFINITY;
  return 'base' in maxHalfWidth ? maxHalfWidth.base : maxHalfWidth.shareOfGross * grossDelta;
}
