import { z } from 'zod';
import type { VaultTerms } from '../../../core/snapshot.ts';
import { toRawDown } from '../../../core/units.ts';
import { addressSchema } from '../../chain/addressSchema.ts';
import type { RoleTerms } from '../../chain/roles/terms.ts';
import { swapRouterShape } from './swapRouterConfig.ts';

const ROLE = /^[a-zA-Z0-9-]{1,20}$/;

/** What the config says of a Safe whose keeper acts by a role: what the role allows is said here, and nowhere else. */
export const rolesConfig = z.strictObject({
  roles: addressSchema.describe(
    'the Zodiac Roles modifier of the Safe: owner, avatar and target are the Safe',
  ),
  role: z
    .string()
    .regex(ROLE, { error: 'letters, digits and dashes, at most 20' })
    .default('ballast')
    .describe('name of the role in the modifier'),
  ...swapRouterShape,
  sellPerDay: z.number().positive().describe('the most that may be sold within a day, in base'),
  spendPerDay: z.number().positive().describe('the most that may be spent within a day, in quote'),
  minPrice: z.number().positive().describe('no sale moves a pool below this price, quote per base'),
  maxPrice: z.number().positive().describe('no purchase moves a pool above this price, quote per base'),
});
/** See {@link rolesConfig}. */
export type RolesConfig = z.infer<typeof rolesConfig>;

/** Roles that the config asks for, in the terms of a vault. */
export function roleTermsOf(config: RolesConfig, { account, base, quote }: VaultTerms): RoleTerms {
  const { roles, role, router, factory, fees, minPrice, maxPrice } = config;
  return {
    account,
    base,
    quote,
    roles,
    role,
    router,
    factory,
    fees,
    sellPerDayRaw: toRawDown(config.sellPerDay, base.decimals),
    spendPerDayRaw: toRawDown(config.spendPerDay, quote.decimals),
    minPrice,
    maxPrice,
  };
}
