import { z } from 'zod';

/** An address in a plug-in's config. */
export const addressSchema = z.templateLiteral(['0x', z.string().regex(/^[0-9a-fA-F]{40}$/)], {
  error: '0x and 40 hexadecimal digits',
});
