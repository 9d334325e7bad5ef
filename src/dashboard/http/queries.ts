import type { Context } from 'hono';
import { type RowKind, rowKinds } from '../history/decisionColumns.ts';
import type { DecisionFilter } from '../history/search.ts';

/** Characters of a search that are looked for. */
const MOST_TEXT = 200;

/** A number of the query; undefined where it is absent or none. */
export function numberIn(context: Context, name: string): number | undefined {
  const text = context.req.query(name);
  if (text === undefined || text.trim() === '') return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** A whole number of the query within bounds. */
export function countIn(context: Context, name: string, fallback: number, most: number): number {
  const number = numberIn(context, name) ?? fallback;
  return Math.min(most, Math.max(0, Math.floor(number)));
}

/** What a list of decisions is filtered by; what is not understood filters nothing. */
export function filterIn(context: Context): DecisionFilter {
  const [vault, kind, code] = ['vault', 'kind', 'code'].map((name) => context.req.query(name) || undefined);
  const text = context.req.query('text')?.slice(0, MOST_TEXT).trim();
  const [fromSeconds, toSeconds, upTo] = ['from', 'to', 'upTo'].map((name) => numberIn(context, name));
  return {
    ...(vault === undefined ? {} : { vault }),
    ...(isKind(kind) ? { kind } : {}),
    ...(code === undefined ? {} : { code }),
    ...(text === undefined || text === '' ? {} : { text }),
    ...(fromSeconds === undefined ? {} : { fromSeconds }),
    ...(toSeconds === undefined ? {} : { toSeconds }),
    ...(upTo === undefined ? {} : { upTo }),
  };
}

function isKind(kind: string | undefined): kind is RowKind {
  return (rowKinds as readonly (string | undefined)[]).includes(kind);
}
