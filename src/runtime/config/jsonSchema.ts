import { z } from 'zod';
import type { Families } from './kinds.ts';
import type { Path } from './source.ts';

/** As much of JSON Schema as is looked at here. */
export interface JsonSchema {
  $schema?: string;
  type?: string;
  description?: string;
  examples?: readonly unknown[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  const?: unknown;
  enum?: readonly unknown[];
  [keyword: string]: unknown;
}

/** The JSON Schema of a config schema, with every kind of every plug-in family spelt out. */
export function toJsonSchema(schema: z.ZodType, families: Families): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // zod leaves the examples of transformed values out, although ours are examples of what is written.
      const examples = z.globalRegistry.get(zodSchema as unknown as z.ZodType)?.examples;
      if (examples) (jsonSchema as JsonSchema).examples = examples as readonly unknown[];
      const family = families.get(zodSchema);
      if (!family) return;
      const target = jsonSchema as JsonSchema;
      for (const key of ['type', 'properties', 'required', 'additionalProperties']) delete target[key];
      const common = toJsonSchema(family.common, families);
      target.oneOf = Object.entries(family.kinds).map(([kind, own]) =>
        kindSchema(kind, own, common, families),
      );
    },
  }) as JsonSchema;
}

function kindSchema(kind: string, own: z.ZodType, common: JsonSchema, families: Families): JsonSchema {
  const { $schema: _, ...schema } = toJsonSchema(own, families);
  return {
    ...schema,
    type: 'object',
    properties: { kind: { type: 'string', const: kind }, ...common.properties, ...schema.properties },
    required: ['kind', ...(common.required ?? []), ...(schema.required ?? [])],
  };
}

/** The part of a JSON Schema that governs a path of the data, null where nothing does. */
export function schemaAt(schema: JsonSchema, path: Path, data: unknown): JsonSchema | null {
  const [head, ...rest] = path;
  if (head === undefined) return schema;
  for (const option of alternatives(schema, data)) {
    const child =
      typeof head === 'number' ? option.items : (option.properties?.[head] ?? option.additionalProperties);
    if (typeof child !== 'object') continue;
    const found = schemaAt(
      child,
      rest,
      (data as Record<string | number, unknown> | null | undefined)?.[head],
    );
    if (found) return found;
  }
  return null;
}

/** The keys that a value at a path may have, in the order of the schema. */
export function keysAt(schema: JsonSchema, path: Path, data: unknown): readonly string[] {
  const found = schemaAt(schema, path, data);
  if (!found) return [];
  const value = path.reduce<unknown>(
    (part, key) => (part as Record<string | number, unknown> | undefined)?.[key],
    data,
  );
  const keys = alternatives(found, value).flatMap((option) => Object.keys(option.properties ?? {}));
  return [...new Set(keys)];
}

/** The schemas that may apply to a value: of plug-ins, only the one whose kind it names. */
function alternatives(schema: JsonSchema, data: unknown): readonly JsonSchema[] {
  const options = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (!options) return [schema];
  const kind = (data as { kind?: unknown } | null | undefined)?.kind;
  const isOfKind = (option: JsonSchema) =>
    option.properties?.kind === undefined || option.properties.kind.const === kind;
  return options.filter(isOfKind).flatMap((option) => alternatives(option, data));
}
