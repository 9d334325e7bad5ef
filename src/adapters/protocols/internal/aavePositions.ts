import { CorruptDataError, InvalidInputError } from '../../../core/errors.ts';
import type { DebtPosition, SpotPosition } from '../../../core/position.ts';
import type { VaultTerms } from '../../../core/snapshot.ts';
import { type Address, mulDivDown, mulDivUp, sameAddress } from '../../../core/units.ts';
import type { AccountReserve } from './aaveAccount.ts';
import { sideOf } from './pairSides.ts';

/** Tokens that count as one of the vault's two. */
export type CountAs = readonly { readonly token: Address; readonly as: 'base' | 'quote' }[];

/** A reserve, and which of the vault's tokens it counts as. */
export interface SidedReserve extends AccountReserve {
  readonly side: 'base' | 'quote' | null;
}

/** Says of each reserve what it counts as. */
export function sidedReserves(
  reserves: readonly AccountReserve[],
  vault: VaultTerms,
  countAs: CountAs,
): readonly SidedReserve[] {
  return reserves.map((reserve) => {
    const { asset } = reserve.terms;
    const counted = countAs.find(({ token }) => sameAddress(token, asset))?.as ?? null;
    return { ...reserve, side: sideOf(asset, vault) ?? counted };
  });
}

/**
 * The market's price of a token, in the unit of its oracle.
 *
 * @param what names the token in the error
 * @throws InvalidInputError where the market does not list it
 * @throws CorruptDataError where the price is not above 0
 */
export function aavePriceRaw(reserves: readonly AccountReserve[], token: Address, what: string): bigint {
  const found = reserves.find(({ terms }) => sameAddress(terms.asset, token));
  if (found === undefined) throw new InvalidInputError(what, token, 'a token that the Aave market lists');
  if (found.priceRaw <= 0n)
    throw new CorruptDataError(`Aave's price of ${token}`, found.priceRaw, 'a price above 0');
  return found.priceRaw;
}

/** What an account has at its reserves: tokens that cannot be sold now, and debt with interest. */
export function aavePositions(
  reserves: readonly SidedReserve[],
  vault: VaultTerms,
): readonly (SpotPosition | DebtPosition)[] {
  return reserves.flatMap((reserve) => positionsAt(reserve, reserves, vault));
}

function positionsAt(
  { terms, state, side, priceRaw }: SidedReserve,
  reserves: readonly SidedReserve[],
  vault: VaultTerms,
): readonly (SpotPosition | DebtPosition)[] {
  if (side === null) return [];
  const token = vault[side];
  const isOwn = sameAddress(token.address, terms.asset);
  const label = `aave v3 ${isOwn ? token.symbol : terms.symbol}`;
  // Another token counts as so much of base or quote as the market would give for its value.
  const numerator = isOwn ? 1n : priceRaw * 10n ** BigInt(token.decimals);
  const denominator = isOwn
    ? 1n
    : aavePriceRaw(reserves, token.address, side) * 10n ** BigInt(state.decimals);
  const debt = (kind: string, owedRaw: bigint, borrowRate: number): readonly DebtPosition[] =>
    owedRaw === 0n
      ? []
      : [
          {
            kind: 'debt',
            label: `${label} ${kind}`,
            asset: side,
            owedRaw: mulDivUp(owedRaw, numerator, denominator),
            borrowRate,
          },
        ];
  const amountRaw = mulDivDown(state.suppliedRaw, numerator, denominator);
  const supplied: SpotPosition = {
    kind: 'spot',
    label: `${label} supplied`,
    asset: side,
    amountRaw,
    locked: true,
  };
  return [
    ...(state.suppliedRaw === 0n ? [] : [supplied]),
    ...debt('debt', state.variableDebtRaw, state.variableRate),
    ...debt('stable debt', state.stableDebtRaw, state.stableRate),
  ];
}
