import { z } from 'zod';

/** The name of an environment variable in a config; what looks like a key in its place is refused, so that it is never taken for a name and shown. */
export const variableName = z.string().regex(/^(?![0-9a-fA-F]{64}$)[A-Za-z_][A-Za-z0-9_]*$/, {
  error: 'the name of an environment variable, never the secret itself',
});
