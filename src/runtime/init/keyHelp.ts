import { type JsonSchema, toJsonSchema } from '../config/jsonSchema.ts';
import { nearest } from '../config/nearest.ts';
import { configSchema } from '../config/schema.ts';
import { UsageError } from '../errors.ts';
import type { Registry } from '../registry.ts';

/** What a config key means. */
export interface KeyHelp {
  /** `vaults[].policy.halfWidth`; `<name>` stands for a name of one's own. */
  readonly path: string;
  /** The plug-in that it belongs to, null where it belongs to all. */
  readonly kind: string | null;
  /** Null where the schema says nothing beside the name. */
  readonly description: string | null;
  /** `number`, `one of block, interval`, in words. */
  readonly takes: string;
  readonly isRequired: boolean;
  /** What it is where it is left out; undefined where nothing is. */
  readonly standard: unknown;
  readonly examples: readonly unknown[];
  /** The first of the values that it may have, where they are few. */
  readonly firstChoice: unknown;
  /** Keys inside of it. */
  readonly keys: readonly string[];
}

/** Keys shown of a part that has many. */
const MOST_DEPTH = 12;

/**
 * What a key means, wherever in the config it may stand: `riskAversion`, `limits.maxSlippageBps`, `vaults[0].policy`.
 *
 * @throws UsageError where there is no such key, with the one that is most likely meant
 */
export function explainKey(registry: Registry, named: string): readonly KeyHelp[] {
  const { schema, families } = configSchema(registry);
  const all = [...entriesOf(toJsonSchema(schema, families), '', null, true, 0)];
  const wanted = named.trim().replaceAll(/\[\d*\]/g, '[]');
  const isMeant = ({ path }: KeyHelp) =>
    path === wanted || path.endsWith(`.${wanted}`) || path === `${wanted}[]`;
  const found = all.filter(isMeant);
  if (found.length > 0) return withoutTwins(found).map((one) => withExample(one, registry));
  const plain = [...new Set(all.map(({ path }) => lastOf(path)))];
  const meant = nearest(lastOf(wanted), plain);
  throw new UsageError('USAGE', `the config has no key called ${named}`, {
    action:
      meant === null
        ? 'ballast list shows the plug-ins, docs/ballast.schema.json every key'
        : `did you mean ${meant}?`,
  });
}

/** Where the schema has no example: the plug-in's own sample, else what it is where it is left out. */
function withExample(help: KeyHelp, registry: Registry): KeyHelp {
  if (help.examples.length > 0) return help;
  const key = lastOf(help.path);
  const samples = Object.values(registry).flatMap(
    (family: Readonly<Record<string, { readonly sample?: unknown }>>) => {
      const plugin = help.kind !== null && Object.hasOwn(family, help.kind) ? family[help.kind] : undefined;
      return (plugin?.sample as Readonly<Record<string, unknown>> | undefined)?.[key] ?? [];
    },
  );
  const example = samples[0] ?? help.standard ?? help.firstChoice;
  return example === undefined || example === null ? help : { ...help, examples: [example] };
}

const lastOf = (path: string) => path.replaceAll('[]', '').split('.').at(-1) ?? path;

/** The same key at the same place counts once, whichever branch of the schema led there. */
function withoutTwins(found: readonly KeyHelp[]): readonly KeyHelp[] {
  return found.filter(
    (one, index) =>
      found.findIndex(
        ({ path, kind, takes }) => path === one.path && kind === one.kind && takes === one.takes,
      ) === index,
  );
}

function* entriesOf(
  schema: JsonSchema,
  path: string,
  kind: string | null,
  isRequired: boolean,
  depth: number,
): Generator<KeyHelp> {
  if (depth > MOST_DEPTH) return;
  if (path !== '') yield helpOf(schema, path, kind, isRequired);
  for (const option of alternatives(schema)) {
    const own = option.properties?.kind?.const;
    const inside = typeof own === 'string' ? own : kind;
    for (const [key, child] of Object.entries(option.properties ?? {})) {
      const isNeeded = option.required?.includes(key) === true;
      yield* entriesOf(child, path === '' ? key : `${path}.${key}`, inside, isNeeded, depth + 1);
    }
    if (typeof option.additionalProperties === 'object') {
      yield* entriesOf(option.additionalProperties, `${path}.<name>`, inside, false, depth + 1);
    }
    if (option.items !== undefined) {
      for (const item of alternatives(option.items)) yield* insideOf(item, `${path}[]`, inside, depth + 1);
    }
  }
}

/** What is in a list's entry; the entry itself is described by the list. */
function* insideOf(item: JsonSchema, path: string, kind: string | null, depth: number): Generator<KeyHelp> {
  for (const entry of entriesOf(item, path, kind, false, depth)) if (entry.path !== path) yield entry;
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  const options = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
  const own = schema.properties || schema.items || schema.additionalProperties ? [schema] : [];
  return [...own, ...options.flatMap(alternatives)];
}

function helpOf(schema: JsonSchema, path: string, kind: string | null, isRequired: boolean): KeyHelp {
  const keys = alternatives(schema).flatMap((option) => Object.keys(option.properties ?? {}));
  return {
    path,
    kind,
    description: schema.description ?? null,
    takes: takesOf(schema),
    isRequired,
    standard: schema.default,
    examples: schema.examples ?? [],
    firstChoice: schema.type === 'boolean' ? true : (schema.enum?.[0] ?? schema.const),
    keys: [...new Set(keys)],
  };
}

/** What a key takes, in words. */
function takesOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return String(schema.const);
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
  const options = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  if (options.length > 0) {
    const kinds = options.flatMap((option) => option.properties?.kind?.const ?? []);
    if (kinds.length > 0) return `a plug-in: ${kinds.join(', ')}`;
    return [...new Set(options.map(takesOf))].join(', or ');
  }
  if (schema.type === 'array')
    return `a list of ${schema.items === undefined ? 'values' : takesOf(schema.items)}`;
  if (schema.type === 'object') return 'a group of keys';
  return `${schema.type ?? 'anything'}${boundsOf(schema)}`;
}

/** Bounds of a number, as far as they are not those of the machine. */
function boundsOf(schema: JsonSchema): string {
  const number = (key: string) => {
    const value = schema[key];
    return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : null;
  };
  const [least, above, most, below] = ['minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum'].map(
    number,
  );
  const parts = [
    ...(least == null ? [] : [`from ${least}`]),
    ...(above == null ? [] : [`above ${above}`]),
    ...(most == null ? [] : [`to ${most}`]),
    ...(below == null ? [] : [`below ${below}`]),
  ];
  return parts.length === 0 ? '' : ` ${parts.join(' ')}`;
}
