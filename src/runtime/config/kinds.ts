import { z } from 'zod';

/** A plug-in as the config names it: its kind, and its own part already checked by its own schema. */
export interface Plugged {
  readonly kind: string;
  readonly config: unknown;
}

/** The schema of each kind of one plug-in family. */
export type KindSchemas = Readonly<Record<string, z.ZodType>>;

/** What a family puts beside `kind` in every one of its kinds. */
type Shape = Readonly<Record<string, z.ZodType>>;

/** Families by the schema that stands for them in the config, so that the JSON Schema can spell out every kind. */
export type Families = WeakMap<object, { readonly kinds: KindSchemas; readonly common: z.ZodType }>;

/**
 * A schema for `{ kind: <one of the plug-ins>, ...its own config }`. Issues of the plug-in's own schema come out at their
 * place in the file.
 *
 * @param common keys that every kind has beside its own; they come out beside `kind` and `config`
 */
export function plugged<S extends Shape = Record<never, never>>(
  kinds: KindSchemas,
  families: Families,
  words: string,
  common: S = {} as S,
): z.ZodType<Plugged & { readonly [K in keyof S]: z.output<S[K]> }> {
  type Result = Plugged & { readonly [K in keyof S]: z.output<S[K]> };
  const names = Object.keys(kinds);
  const head = z.looseObject({ kind: z.enum(names as [string, ...string[]]) }).describe(words);
  const shared = z.strictObject(common);
  families.set(head, { kinds, common: shared });
  return head.transform((value, context): Result => {
    const { kind } = value;
    const entries = Object.entries(value).filter(([key]) => key !== 'kind');
    const side = (isCommon: boolean) =>
      Object.fromEntries(entries.filter(([key]) => key in common === isCommon));
    const own = kinds[kind]?.safeParse(side(false));
    const beside = shared.safeParse(side(true));
    if (own?.success && beside.success)
      return { kind, config: own.data, ...beside.data } as unknown as Result;
    for (const issue of [...(own?.error?.issues ?? []), ...(beside.error?.issues ?? [])]) {
      context.issues.push({ ...issue, input: value } as never);
    }
    return z.NEVER;
  });
}
