import type { z } from 'zod';
import type { Memory } from '../../ports/protocol.ts';

/**
 * Reads memories of one form: the memory where it has that form, null otherwise. A memory that is given again, as it is at
 * every block while nothing new is remembered, is not looked through again, and comes back as the same object.
 */
export function rememberedAs<T>(schema: z.ZodType<T>): (memory: Memory) => T | null {
  const seen = new WeakMap<object, { readonly value: T | null }>();
  return (memory) => {
    const isObject = typeof memory === 'object' && memory !== null;
    const known = isObject ? seen.get(memory) : undefined;
    if (known !== undefined) return known.value;
    const found = schema.safeParse(memory);
    const value = found.success ? found.data : null;
    if (isObject) seen.set(memory, { value });
    return value;
  };
}
