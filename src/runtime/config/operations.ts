import { z } from 'zod';

/** When leave to trade has to be given, and where it is kept. */
export const armingSchema = z
  .strictObject({
    always: z
      .boolean()
      .default(false)
      .describe('true: ballast arm is needed also where chain and relays are on this machine'),
    file: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('where arm, disarm and resume are kept; beside the journal unless given'),
  })
  .describe('what ballast arm has to allow before anything is sent');

/** See {@link armingSchema}. */
export type ArmingConfig = z.infer<typeof armingSchema>;
