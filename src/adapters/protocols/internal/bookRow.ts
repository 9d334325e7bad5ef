import { z } from 'zod';
import type { Position } from '../../../core/position.ts';
import type { VaultTerms } from '../../../core/snapshot.ts';
import { toRawDown, toRawUp } from '../../../core/units.ts';

/** A number, also as a cell of a table writes it; nothing else that a language might take for one. */
const number = z.preprocess(
  (value) =>
    typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : value,
  z.number({ error: 'not a number' }),
);
const positive = number.refine((value) => value > 0, { error: 'not above 0' });
const time = z.iso
  .datetime({ offset: true, error: 'not a time such as 2026-12-25T08:00:00Z' })
  .transform((text) => Date.parse(text) / 1_000);
const label = z
  .string()
  .min(1)
  .max(120)
  .regex(/^\P{C}*$/u, { error: 'has characters that cannot be printed' })
  .optional();

const option = z.strictObject({
  kind: z.literal('option'),
  label,
  type: z.enum(['call', 'put']),
  /** Quote per base. */
  strike: positive,
  expiry: time,
  /** Base units; negative = written. */
  amount: number,
  style: z.enum(['european', 'american']).default('european'),
  settlement: z.enum(['quote', 'base']).default('quote'),
  /** Quote per base, once it is known. */
  settlementPrice: positive.optional(),
});

const spot = z.strictObject({
  kind: z.literal('spot'),
  label,
  asset: z.enum(['base', 'quote']),
  /** Whole tokens; negative = owed. */
  amount: number,
  /** Of what is owed, per year. */
  rate: number.default(0),
});

const perp = z.strictObject({
  kind: z.literal('perp'),
  label,
  /** Base units of a linear contract, quote of an inverse one; negative = short. */
  amount: number,
  entryPrice: positive,
  settlement: z.enum(['quote', 'base']).default('quote'),
  markToSpot: positive.default(1),
  fundingRate: number.default(0),
});

/** One position of a book. */
export const bookRowSchema = z.discriminatedUnion('kind', [option, spot, perp], {
  error: 'not one of option, spot, perp',
});
/** See {@link bookRowSchema}. */
export type BookRowFields = z.output<typeof bookRowSchema>;

/**
 * Why an American option would be worth more than the European one that it is priced as: none without interest, and none
 * ever for a call on what pays nothing (Merton, 1973).
 *
 * @param rate of the vault, per year
 */
export function styleObstacle(row: BookRowFields, rate: number): string | null {
  if (row.kind !== 'option' || row.style === 'european' || rate === 0) return null;
  if (row.type === 'call' && rate > 0) return null;
  return `american, and a ${row.type} at an interest rate of ${rate} is priced as European only`;
}

/** Whether a row says how an option settles that is not over yet: it would count as cash. @param asOfSeconds of the book */
export function isSettledEarly(row: BookRowFields, asOfSeconds: number): boolean {
  return row.kind === 'option' && row.settlementPrice !== undefined && row.expiry > asOfSeconds;
}

/** What a row is in a vault; tokens of a book are exposure that cannot be sold by the vault. */
export function bookPosition(row: BookRowFields, place: string, { base, quote }: VaultTerms): Position {
  const name = `book ${row.label ?? place}`;
  switch (row.kind) {
    case 'option':
      return {
        kind: 'option',
        label: name,
        type: row.type,
        strike: row.strike,
        expirySeconds: row.expiry,
        size: row.amount,
        settlementPrice: row.settlementPrice ?? null,
        settlement: row.settlement,
      };
    case 'perp': {
      const { settlement, entryPrice, markToSpot, fundingRate } = row;
      return { kind: 'perp', label: name, size: row.amount, settlement, entryPrice, markToSpot, fundingRate };
    }
    case 'spot': {
      const { asset, amount, rate } = row;
      const { decimals } = asset === 'base' ? base : quote;
      return amount < 0
        ? { kind: 'debt', label: name, asset, owedRaw: toRawUp(-amount, decimals), borrowRate: rate }
        : { kind: 'spot', label: name, asset, amountRaw: toRawDown(amount, decimals), locked: true };
    }
  }
}
