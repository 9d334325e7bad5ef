import { z } from 'zod';
import { BallastError, messageOf } from '../../core/errors.ts';
import type { VaultTerms } from '../../core/snapshot.ts';
import { defineStatedProtocol } from '../../ports/protocol.ts';
import {
  type BookRowFields,
  bookPosition,
  bookRowSchema,
  isSettledEarly,
  styleObstacle,
} from './internal/bookRow.ts';
import { type BookRow, type BookText, csvBook, yamlBook } from './internal/bookTable.ts';

const config = z.strictObject({
  from: z
    .string()
    .min(1)
    .meta({
      description: 'the path of a file, from where Ballast runs, or an http(s) URL',
      examples: ['book.yaml', 'http://127.0.0.1:8080/positions'],
    }),
  format: z
    .enum(['yaml', 'csv'])
    .optional()
    .describe('csv where the name ends in .csv, YAML or JSON otherwise'),
  staleAfterSeconds: z
    .number()
    .positive()
    .default(86_400)
    .describe('a book that is older does not count, and the vault is not hedged without it'),
});
type BookConfig = z.infer<typeof config>;

/** More rows than anybody keeps by hand. */
const MOST_ROWS = 10_000;

const time = z.union([
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text) / 1_000),
  z.number().positive(),
]);

/** A book that cannot be made sense of. */
export class BookInvalidError extends BallastError {
  /** @param place row and field, as far as they are known */
  constructor(source: string, place: string, why: string) {
    super('BOOK_INVALID', `${source}: ${place === '' ? '' : `${place}: `}${why}`, {
      facts: { source, place },
      action: 'correct that row; nothing of the book counts until all of it does',
    });
  }
}

/**
 * A book by hand: options, tokens and perps that are held off chain, on an exchange or with a desk, from a file in YAML,
 * JSON or CSV or from an HTTP endpoint. It is as old as it says itself (`asOf`), otherwise as its file or the endpoint's
 * `Last-Modified`. Nothing in it is checked against anybody else: whoever writes it is believed. Not covered: margin of
 * what it lists, American options where early exercise is worth something.
 *
 * @throws BookInvalidError naming row and field, where any row makes no sense
 */
export const book = defineStatedProtocol<BookConfig>({
  summary: 'positions from a file or an endpoint: options held off chain, tokens, perps',
  verified: 'contracts',
  config,
  sample: { from: 'book.yaml', staleAfterSeconds: 86_400 },
  counts: ({ from }) => [from],
  async observe({ from, format, staleAfterSeconds }, vault, { load, signal }) {
    const { text, modifiedAtSeconds } = await load(from, signal);
    const source = `book ${from.replace(/^https?:\/\/(?:[^@/]*@)?([^/?#]*).*$/, '$1')}`;
    const parsed = textOf(source, text, format ?? (/\.csv$/i.test(from) ? 'csv' : 'yaml'));
    if (parsed.rows.length > MOST_ROWS)
      throw new BookInvalidError(source, '', `${parsed.rows.length} rows, at most ${MOST_ROWS}`);
    const observedAtSeconds = asOf(source, parsed, modifiedAtSeconds);
    const rows = parsed.rows.map((row) => sensibleRow(source, row, vault, observedAtSeconds));
    requireOnce(source, rows);
    return {
      source,
      observedAtSeconds,
      staleAfterSeconds,
      positions: rows.map(({ place, fields }) => bookPosition(fields, place, vault)),
    };
  },
});

function textOf(source: string, text: string, format: 'yaml' | 'csv'): BookText {
  try {
    return format === 'csv' ? csvBook(text) : yamlBook(text);
  } catch (error) {
    throw new BookInvalidError(source, '', messageOf(error));
  }
}

function asOf(source: string, { asOf: said }: BookText, modifiedAtSeconds: number | null): number {
  if (said !== undefined) {
    const found = time.safeParse(said);
    if (found.success) return found.data;
    throw new BookInvalidError(
      source,
      'asOf',
      `${JSON.stringify(said)} is not a time such as 2026-01-30T08:00:00Z`,
    );
  }
  if (modifiedAtSeconds !== null) return modifiedAtSeconds;
  throw new BookInvalidError(source, 'asOf', 'neither the book nor whoever serves it says of when it is');
}

/** A row that makes sense. */
interface SensibleRow {
  readonly place: string;
  readonly fields: BookRowFields;
}

function sensibleRow(
  source: string,
  { place, fields }: BookRow,
  vault: VaultTerms,
  asOfSeconds: number,
): SensibleRow {
  const found = bookRowSchema.safeParse(fields);
  if (!found.success) {
    const [issue] = found.error.issues;
    const keys = issue?.code === 'unrecognized_keys' ? issue.keys : (issue?.path ?? []);
    throw new BookInvalidError(source, [place, ...keys].join(', '), wordsOf(issue));
  }
  const obstacle = styleObstacle(found.data, vault.rate);
  if (obstacle !== null) throw new BookInvalidError(source, `${place}, style`, obstacle);
  if (isSettledEarly(found.data, asOfSeconds)) {
    throw new BookInvalidError(
      source,
      `${place}, settlementPrice`,
      'the option is not over when the book is made',
    );
  }
  return { place, fields: found.data };
}

/** Trades that are alike are told apart by their labels: a row that is there again with its label was pasted twice. */
function requireOnce(source: string, rows: readonly SensibleRow[]): void {
  const seen = new Map<string, string>();
  for (const { place, fields } of rows) {
    if (fields.label === undefined) continue;
    const words = JSON.stringify(fields);
    const first = seen.get(words);
    if (first !== undefined) {
      throw new BookInvalidError(source, `${place}, label`, `the same as ${first} in everything`);
    }
    seen.set(words, place);
  }
}

function wordsOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'unrecognized_keys') return 'is not a field of this kind of position';
  return issue?.message ?? 'makes no sense';
}
