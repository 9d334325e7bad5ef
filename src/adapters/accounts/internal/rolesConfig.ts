import { z } from 'zod';
import type { VaultTerms } from '../../../core/snapshot.ts';
import { type Address, toRawDown } from '../../../core/units.ts';
import { addressSchema } from '../../chain/addressSchema.ts';
import type { RoleTerms } from '../../chain/roles/terms.ts';

const MAINNET_ROUTER: Address = '0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45';
const MAINNET_FACTORY: Address = '0x1F98431c8aD98523631AE4a59f267346ea31F984';
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
  router: addressSchema.default(MAINNET_ROUTER).describe('SwapRouter02'),
  factory: addressSchema.default(MAINNET_FACTORY).describe('the Uniswap v3 factory of that router'),
  fees: z
    .array(z.int().min(1).max(999_999))
    .min(1)
    .max(8)
    .default([500, 3_000])
    .describe('which Uniswap v3 pools of the pair: their fees, hundredths of a basis point'),
  sellPerDay: z.number().positive().describe('the most that may be sold within a day, in base'),
  spendPerDay: z.number().positive().describe('the most that may be spent within a day, in quote'),
  minPrice: z.number().positive().describe('no sale moves a pool below this price, quote per base'),
  maxPrice: z.number().positive().describe('no purchase moves a pool above this price, quote per base'),
  maxSlippageBps: z
    .int()
    .min(1)
    .max(1_000)
    .default(100)
    .describe('worst price of an order; the keeper holds itself to it, the chain does not know it'),
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
