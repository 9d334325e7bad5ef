import { z } from 'zod';
import type { Plugged } from './kinds.ts';

/** What every entry of `positions` has beside its own keys. */
export const positionShape = {
  allowUnverified: z
    .boolean()
    .default(false)
    .describe(
      'consent to trade on what this reader says although it was never run against the protocol’s real contracts; ballast list marks such readers abi-only',
    ),
};

/** One kind of position that a vault holds, as the config names it. */
export type PositionConfig = Plugged & { readonly allowUnverified: boolean };
