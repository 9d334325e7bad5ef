import { z } from 'zod';

/** A plug-in as the config names it: its kind, and its own part already checked by its own schema. */
export interface Plugged {
  readonly kind: string;
  readonly config: unknown;
}

/** The schema of each kind of one plug-in family. */
export type KindSchemas = Readonly<Record<string, z.ZodType>>;

/** Families by the schema that stands for them in the config, so that the JSON Schema can spell out every kind. */
export type Families = WeakMap<object, KindSchemas>;

/**
 * A schema for `{ kind: <one of the plug-ins>, ...its own config }`. Issues of the plug-in's own schema come out at their
 * place in the file.
 */
export function plugged(kinds: KindSchemas, families: Families, words: string): z.ZodType<Plugged> {
  const names = Object.keys(kinds);
  const head = z.looseObject({ kind: z.enum(names as [string, ...string[]]) }).describe(words);
  families.set(head, kinds);
  return head.transform((value, context): Plugged => {
    const { kind, ...own } = value;
    const schema = kinds[kind as string];
    const parsed = schema?.safeParse(own);
    if (parsed?.success) return { kind, config: parsed.data };
    for (const issue of parsed?.error.issues ?? []) context.issues.push({ ...issue, input: own } as never);
    return z.NEVER;
  });
}
