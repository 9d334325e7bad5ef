import type { JsonSchema } from '../../src/runtime/config/jsonSchema.ts';
import { typeOf, withoutNull } from './schemaType.ts';

/** One key of the config. */
export interface KeyRow {
  readonly path: string;
  readonly type: string;
  /** As JSON; `required` where it has to be given, empty where it may be left out. */
  readonly fallback: string;
  readonly meaning: string;
  readonly example: string;
}

/** The keys of one kind of plug-in. */
export interface PluginUse {
  readonly heading: string;
  readonly kind: string;
  readonly rows: readonly KeyRow[];
}

/** What is longer than this says less than the rows of its parts. */
const LONGEST_VALUE = 60;

/**
 * Every key of a schema with what is known of it, in the schema's order.
 *
 * @param plugins takes the keys of plug-ins, which stand under headings of their own
 * @param headingOf the heading of the plug-ins at a path, null where alternatives there are none
 */
export function rowsOf(
  schema: JsonSchema,
  plugins: PluginUse[],
  headingOf: (path: string) => string | null,
): readonly KeyRow[] {
  const below = (part: JsonSchema, path: string): KeyRow[] => {
    const inner = withoutNull(part);
    const kinds = kindsOf(inner);
    const heading = headingOf(path);
    if (kinds !== null && heading !== null) {
      for (const kind of kinds) {
        const { kind: named, ...properties } = kind.properties ?? {};
        const own = { ...kind, properties };
        plugins.push({ heading, kind: String(named?.const), rows: members(own, '') });
      }
      return [];
    }
    const alternatives = inner.anyOf ?? inner.oneOf ?? [inner];
    return alternatives.flatMap((one) => [
      ...(one.properties ? members(one, path) : []),
      ...(one.items ? below(one.items, `${path}[]`) : []),
      ...(typeof one.additionalProperties === 'object'
        ? below(one.additionalProperties, `${path}.<name>`)
        : []),
      ...(one !== inner && (one.anyOf ?? one.oneOf) ? below(one, path) : []),
    ]);
  };
  const members = (part: JsonSchema, prefix: string): KeyRow[] =>
    Object.entries(part.properties ?? {}).flatMap(([name, child]) => {
      const path = prefix === '' ? name : `${prefix}.${name}`;
      return [row(path, child, part.required?.includes(name) ?? false, headingOf), ...below(child, path)];
    });
  return members(schema, '');
}

/** The kinds of a plug-in family, null where the schema is none. */
function kindsOf(schema: JsonSchema): readonly JsonSchema[] | null {
  const options = schema.oneOf;
  return options?.every((option) => option.properties?.kind?.const !== undefined) ? options : null;
}

function row(
  path: string,
  schema: JsonSchema,
  isRequired: boolean,
  headingOf: (path: string) => string | null,
): KeyRow {
  const inner = withoutNull(schema);
  const fallback = 'default' in schema ? short(schema.default) : isRequired ? 'required' : '';
  const [example] = schema.examples ?? inner.examples ?? inner.items?.examples ?? [];
  return {
    path,
    type: typeOf(schema, (part) => {
      const heading = kindsOf(part) === null ? null : plugInHeading(path, inner, headingOf);
      return heading === null ? null : `plug-in, see ${heading}`;
    }),
    fallback,
    meaning: schema.description ?? inner.description ?? inner.items?.description ?? '',
    example: example === undefined ? '' : short(example),
  };
}

/** @param schema of the key, without the alternative null */
function plugInHeading(
  path: string,
  schema: JsonSchema,
  headingOf: (path: string) => string | null,
): string | null {
  if (schema.type === 'array') return headingOf(`${path}[]`);
  return headingOf(schema.additionalProperties ? `${path}.<name>` : path);
}

function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST_VALUE ? 'as below' : text;
}
