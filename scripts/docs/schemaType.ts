import type { JsonSchema } from '../../src/runtime/config/jsonSchema.ts';

const ADDRESS = '^0x[0-9a-fA-F]{40}$';
const LARGEST_INTEGER = Number.MAX_SAFE_INTEGER;
const MOST_KEYS_INLINE = 4;

/** A schema without the alternative null, with the description and examples that stood around it. */
export function withoutNull(schema: JsonSchema): JsonSchema {
  const options = schema.anyOf?.filter((option) => option.type !== 'null');
  if (options === undefined || options.length === schema.anyOf?.length) return schema;
  const [only] = options;
  return options.length === 1 && only ? withoutNull(only) : { ...schema, anyOf: options };
}

/**
 * A type in words: `whole number, 1 to 25`, `address`, `list of …`.
 *
 * @param special words for schemas that have their own; null elsewhere
 */
export function typeOf(schema: JsonSchema, special: (schema: JsonSchema) => string | null): string {
  const own = special(schema);
  if (own !== null) return own;
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return [...new Set(options.map((option) => typeOf(option, special)))].join(' or ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  switch (schema.type) {
    case 'integer':
      return `whole number${bounds(schema)}`;
    case 'number':
      return `number${bounds(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'string':
      return textType(schema);
    case 'array':
      return `list of ${schema.items ? typeOf(schema.items, special) : 'anything'}`;
    case 'object':
      return objectType(schema, special);
    default:
      return 'anything';
  }
}

function textType({ pattern, format }: JsonSchema): string {
  if (pattern === ADDRESS) return 'address';
  return format === 'uri' ? 'URL' : 'text';
}

function objectType(schema: JsonSchema, special: (schema: JsonSchema) => string | null): string {
  const { properties, additionalProperties } = schema;
  if (typeof additionalProperties === 'object') return `by name: ${typeOf(additionalProperties, special)}`;
  const keys = Object.keys(properties ?? {});
  return keys.length > 0 && keys.length <= MOST_KEYS_INLINE ? `{ ${keys.join(', ')} }` : 'keys below';
}

function bounds(schema: JsonSchema): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema as Readonly<
    Record<string, number | undefined>
  >;
  const isBounded = (value: number | undefined): value is number =>
    value !== undefined && Math.abs(value) < LARGEST_INTEGER;
  if (isBounded(minimum) && isBounded(maximum)) return `, ${minimum} to ${maximum}`;
  return [
    isBounded(minimum) ? `, at least ${minimum}` : '',
    isBounded(exclusiveMinimum) ? `, above ${exclusiveMinimum}` : '',
    isBounded(maximum) ? `, at most ${maximum}` : '',
    isBounded(exclusiveMaximum) ? `, below ${exclusiveMaximum}` : '',
  ].join('');
}
