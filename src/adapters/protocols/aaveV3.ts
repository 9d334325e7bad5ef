import { z } from 'zod';
import { CorruptDataError } from '../../core/errors.ts';
import { healthFactorAt, type LendingAccount, type LendingReserve } from '../../core/margin.ts';
import type { VaultTerms } from '../../core/snapshot.ts';
import { sameAddress, toWhole } from '../../core/units.ts';
import { defineProtocol } from '../../ports/protocol.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { type AaveAccount, readAaveAccount } from './internal/aaveAccount.ts';
import { termsUnder } from './internal/aaveEMode.ts';
import { loanTerms } from './internal/aaveLoanTerms.ts';
import { aavePositions, aavePriceRaw, type SidedReserve, sidedReserves } from './internal/aavePositions.ts';

const countedAs = z.strictObject({
  token: addressSchema.describe('a token of the market that is neither base nor quote'),
  as: z.enum(['base', 'quote']).describe("what it counts as, at the ratio of the market's own prices"),
});

const config = z.strictObject({
  pool: addressSchema.describe('the market: its Pool, not the registry of its addresses'),
  countAs: z
    .array(countedAs)
    .default([])
    .describe('tokens that follow base or quote, such as wrapped staked ether or another dollar'),
});
type AaveConfig = z.infer<typeof config>;

/** What a market says where nothing is owed. */
const NO_DEBT = (1n << 256n) - 1n;
const WAD_DECIMALS = 18;
/** The market rounds an account's average threshold down to a basis point, and every value to its own unit. */
const HEALTH_TOLERANCE = 3e-4;
/** A debt below a dollar (8 decimals) is dust: the market's own rounding is large beside it. */
const DUST_DEBT_RAW = 100_000_000n;

/**
 * An account at an Aave v3 market: what it supplied as locked tokens, what it owes as debt with interest, and as margin its
 * health factor, liquidation terms and rates. Proved on the contracts of `@aave/core-v3` 1.19.3 (version 3.0.2); markets of
 * later versions are read by the views that stayed, by 3.1's shared rate strategy and by 3.2's bitmaps of e-modes. What
 * isolation mode and siloed borrowing leave to be borrowed is counted. Not covered: rewards, a price source of an e-mode.
 * Tokens that are neither base, quote nor counted as one of them are in the margin alone.
 *
 * @throws InvalidInputError where the market lists neither the vault's quote nor a token that shall count
 * @throws CorruptDataError where the health factor of what was read is not the market's own
 */
export const aaveV3 = defineProtocol<AaveConfig>({
  summary: 'Aave v3: supplied tokens, debt with interest, health factor and what can be borrowed',
  verified: 'contracts',
  config,
  sample: { pool: '0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2', countAs: [] },
  counts: ({ pool }) => [pool],
  *read({ pool, countAs }, { vault, memory }) {
    const asked = [vault.base.address, vault.quote.address, ...countAs.map(({ token }) => token)];
    const account = yield* readAaveAccount(pool, vault.account, asked, memory);
    const reserves = sidedReserves(account.reserves, vault, countAs);
    const quote = aavePriceRaw(reserves, vault.quote.address, 'quote');
    for (const { token } of countAs) aavePriceRaw(reserves, token, 'countAs');
    const lending: LendingAccount = {
      label: 'aave v3',
      pool,
      reserves: reserves.map((reserve) => lendingReserve(reserve, reserves, quote, account, vault)),
      eModeCategory: account.eModeCategory,
      healthFactor:
        account.healthFactorRaw === NO_DEBT
          ? Number.POSITIVE_INFINITY
          : toWhole(account.healthFactorRaw, WAD_DECIMALS),
    };
    requireSameHealth(lending, account.debtRaw);
    return {
      value: aavePositions(reserves, vault),
      memory: account.memory,
      margin: { lending: [lending] },
    };
  },
});

function lendingReserve(
  reserve: SidedReserve,
  reserves: readonly SidedReserve[],
  quotePriceRaw: bigint,
  { eMode }: AaveAccount,
  { base, quote }: VaultTerms,
): LendingReserve {
  const { terms, state, priceRaw: price, isCollateral, side } = reserve;
  const { isBorrowingEnabled, ...under } = termsUnder(eMode, terms.id, state);
  const own = [base, quote].find(({ address }) => sameAddress(address, terms.asset));
  return {
    asset: side ?? 'other',
    symbol: own?.symbol ?? terms.symbol,
    token: terms.asset,
    decimals: state.decimals,
    priceQuote: Number(price) / Number(quotePriceRaw),
    suppliedRaw: state.suppliedRaw,
    isCollateral,
    debtRaw: state.variableDebtRaw + state.stableDebtRaw,
    ...under,
    ...loanTerms(reserve, reserves, isBorrowingEnabled),
    borrowRate: state.variableRate,
    supplyRate: state.supplyRate,
    rateCurve: state.rateCurve,
    availableRaw: state.availableRaw,
    supplyCapLeftRaw: state.supplyCapLeftRaw,
    isFrozen: state.isFrozen,
    isPaused: state.isPaused || !state.isActive,
  };
}

/** What was read must be what the market counts with: otherwise every figure of margin would be of another account. */
function requireSameHealth(lending: LendingAccount, debtRaw: bigint): void {
  if (debtRaw < DUST_DEBT_RAW) return;
  const own = healthFactorAt(lending);
  const { healthFactor } = lending;
  if (Math.abs(own - healthFactor) <= HEALTH_TOLERANCE * healthFactor) return;
  throw new CorruptDataError('the health factor of what was read', own, `${healthFactor}, the market's`);
}
