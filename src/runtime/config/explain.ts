import type { z } from 'zod';
import type { ConfigIssue } from '../errors.ts';
import { type JsonSchema, keysAt, schemaAt } from './jsonSchema.ts';
import { nearest } from './nearest.ts';
import { type Path, renderPath, type Source } from './source.ts';

type Issue = z.core.$ZodIssue;

/** Says in words what each zod issue means for the file that the values came from. */
export function explainIssues(
  source: Source,
  schema: JsonSchema,
  issues: readonly Issue[],
): readonly ConfigIssue[] {
  const explained = issues
    .flatMap((issue) => flatten(issue, []))
    .flatMap(({ issue, path }) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => unknownKey(source, schema, path, key))
        : [wrongValue(source, schema, path, issue)],
    );
  const meant = new Set(explained.map((issue) => issue.meant));
  return explained
    .filter((issue) => !(issue.isMissing && meant.has(issue.path)))
    .map(({ isMissing: _, meant: __, ...issue }) => issue);
}

interface Explained extends ConfigIssue {
  readonly isMissing: boolean;
  /** The path that a mistyped key was most likely meant to be. */
  readonly meant: string | null;
}

interface Placed {
  readonly issue: Issue;
  readonly path: Path;
}

/** Of a value that fits no branch of a union, the issues of the branch that it comes closest to. */
function flatten(issue: Issue, parent: Path): readonly Placed[] {
  const path = [...parent, ...issue.path.filter((part): part is string | number => typeof part !== 'symbol')];
  if (issue.code !== 'invalid_union') return [{ issue, path }];
  const branches = issue.errors.map((errors) => errors.flatMap((inner) => flatten(inner, path)));
  const inside = branches.filter((placed) =>
    placed.every((one) => one.path.length > path.length || one.issue.code === 'unrecognized_keys'),
  );
  const closest = inside.sort((a, b) => a.length - b.length)[0];
  return closest ?? [{ issue, path }];
}

function unknownKey(source: Source, schema: JsonSchema, parent: Path, key: string): Explained {
  const path = [...parent, key];
  const known = keysAt(schema, parent, source.data);
  const meant = nearest(key, known);
  return {
    line: source.lineOfKey(path),
    path: renderPath(path),
    found: `${key}  (unknown key)`,
    expected: meant ?? (known.length > 0 ? `one of ${known.join(', ')}` : 'no key here'),
    action: meant ? `write ${meant} instead of ${key}` : `delete ${key}`,
    isMissing: false,
    meant: meant === null ? null : renderPath([...parent, meant]),
  };
}

function wrongValue(source: Source, schema: JsonSchema, path: Path, issue: Issue): Explained {
  const value = valueAt(source.data, path);
  const governing = schemaAt(schema, path, source.data);
  const name = renderPath(path);
  const expected = [expectedOf(issue), governing?.description].filter(Boolean).join(': ');
  const example = governing?.examples?.[0];
  const line = source.lineOf(path);
  const written = example === undefined ? null : `${String(path.at(-1))}: ${inline(example)}`;
  const suggestion = issue.code === 'invalid_value' ? nearest(String(value), issue.values.map(String)) : null;
  const action =
    suggestion !== null
      ? `write ${suggestion} instead of ${String(value)}`
      : value === undefined
        ? `add ${written ?? `${String(path.at(-1))}: …`}${path.length > 1 ? ` to ${renderPath(path.slice(0, -1))}` : ''}`
        : `change ${name || 'the file'}${written ? `, for example ${written}` : ''}`;
  const found = describeFound(source, path, value);
  return { line, path: name, found, expected, action, isMissing: value === undefined, meant: null };
}

/** A value as it may be shown: what came out of the environment stays there. */
function describeFound(source: Source, path: Path, value: unknown): string {
  const variables = source.variablesAt(path);
  if (variables.length > 0)
    return `the value of ${variables.map((name) => `\${${name}}`).join(' ')}  (not shown)`;
  if (value === undefined) return 'nothing';
  if (value === null) return 'an empty value';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return `a group of keys: ${Object.keys(value).join(', ')}`;
  if (typeof value === 'number' && !Number.isFinite(value))
    return Number.isNaN(value) ? 'what is not a number' : 'an endless number';
  if (looksLikeKey(value)) return 'what looks like a private key or a seed phrase  (not shown)';
  const words = { string: 'text', number: 'number', boolean: 'yes or no' }[
    typeof value as 'string' | 'number' | 'boolean'
  ];
  return `${JSON.stringify(value)}  (${words})`;
}

/** Somebody who pastes a key where its variable's name belongs must not find it in a log afterwards. */
function looksLikeKey(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const isSeedPhrase = /^([a-z]{3,8}\s+){11,}[a-z]{3,8}$/.test(value.trim());
  return isSeedPhrase || /(^|[^0-9a-fA-F])[0-9a-fA-F]{64}($|[^0-9a-fA-F])/.test(value);
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
};

function expectedOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.length === 1
        ? String(issue.values[0])
        : `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return bound(issue.origin, issue.inclusive ? 'at least' : 'above', issue.minimum);
    case 'too_big':
      return bound(issue.origin, issue.inclusive ? 'at most' : 'below', issue.maximum);
    case 'invalid_format':
      return issue.format === 'url' ? 'an address that starts with http:// or https://' : issue.message;
    case 'invalid_union':
      return unionOf(issue.errors);
    default:
      return issue.message;
  }
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin === 'array') return `a list of ${relation} ${limit}`;
  if (origin === 'string') return `text of ${relation} ${limit} characters`;
  return `a number ${relation} ${limit}`;
}

function unionOf(branches: readonly (readonly Issue[])[]): string {
  const words = branches.flatMap((issues) => issues.slice(0, 1).map(expectedOf));
  return [...new Set(words)].join(', or ') || 'another value';
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (part, key) => (part as Record<string | number, unknown> | null | undefined)?.[key],
    data,
  );
}

function inline(example: unknown): string {
  return typeof example === 'string' ? example : JSON.stringify(example);
}
