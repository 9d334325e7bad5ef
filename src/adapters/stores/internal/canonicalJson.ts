import { CorruptDataError, messageOf } from '../../../core/errors.ts';

/** Anything that survives the journal: JSON, plus bigint and every double. */
export type Journaled =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Journaled[]
  | { readonly [key: string]: Journaled | undefined };

/** Keys that start like this are ours; a foreign one gets one more `$` in front. */
const mark = '$';

function numberText(value: number): string {
  if (Number.isFinite(value) && !Object.is(value, -0)) return String(value);
  return `{"$number":"${Object.is(value, -0) ? '-0' : value}"}`;
}

/** Written piece by piece: a snapshot of a hundred positions is written at every block. */
function text(value: unknown): string {
  switch (typeof value) {
    case 'bigint':
      return `{"$bigint":"${value}"}`;
    case 'number':
      return numberText(value);
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map(text).join(',')}]`;
      return objectText(value as Record<string, unknown>);
    default:
      throw new CorruptDataError('a value for the journal', typeof value, 'plain data');
  }
}

function objectText(value: Record<string, unknown>): string {
  let fields = '';
  for (const key of Object.keys(value).sort()) {
    const content = value[key];
    if (content === undefined) continue;
    const name = JSON.stringify(key.startsWith(mark) ? mark + key : key);
    fields += `${fields === '' ? '' : ','}${name}:${text(content)}`;
  }
  return `{${fields}}`;
}

function unpacked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(unpacked);
  const entries = Object.entries(value);
  const [key, content] = entries[0] ?? [];
  if (entries.length === 1 && key === '$bigint') return BigInt(String(content));
  if (entries.length === 1 && key === '$number') return Number(content);
  return Object.fromEntries(
    entries.map(([name, inner]) => [name.startsWith(mark + mark) ? name.slice(1) : name, unpacked(inner)]),
  );
}

/**
 * Plain data as JSON text, the same text for the same data: keys sorted, undefined left out, a bigint as
 * `{"$bigint":"123"}`, a double that JSON does not have as `{"$number":"NaN"}`.
 *
 * @throws CorruptDataError for functions, symbols and undefined inside an array
 */
export function encodeJournaled(value: unknown): string {
  return text(value);
}

/**
 * What {@link encodeJournaled} wrote.
 *
 * @throws CorruptDataError when the text is not of that form
 */
export function decodeJournaled(text: string): unknown {
  try {
    return unpacked(JSON.parse(text));
  } catch (thrown) {
    throw new CorruptDataError('journal text', messageOf(thrown), 'JSON as this journal writes it', {
      cause: thrown,
    });
  }
}
