import type { ZodType } from 'zod';

/** The schema of a plug-in's own part of the config: types, errors and JSON Schema come from it. */
export type ConfigSchema<C> = ZodType<C>;
