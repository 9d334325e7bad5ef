import { BallastError } from '../../../core/errors.ts';
import type { DebtPosition, SpotPosition } from '../../../core/position.ts';
import type { VaultTerms } from '../../../core/snapshot.ts';
import { type Address, sameAddress } from '../../../core/units.ts';

/** Which of a vault's two tokens this is; null when it is neither. */
export function sideOf(token: Address, { base, quote }: VaultTerms): 'base' | 'quote' | null {
  if (sameAddress(token, base.address)) return 'base';
  return sameAddress(token, quote.address) ? 'quote' : null;
}

/** Collateral in a token that the vault does not count. */
export class UnsupportedCollateralError extends BallastError {
  /** @param holder what holds it, for example `opyn vault 3` */
  constructor(holder: string, asset: string, { base, quote }: VaultTerms) {
    super('COLLATERAL_UNSUPPORTED', `${holder} holds collateral ${asset}`, {
      facts: { holder, asset, base: base.address, quote: quote.address },
      action: `only ${base.symbol} and ${quote.symbol} are counted: move it to an account of its own`,
    });
  }
}

/** What an option is on, struck in and paid in. */
export interface OptionAssets {
  /** For people: `oToken 0x12ab...`. */
  readonly name: string;
  readonly underlying: Address;
  readonly strikeAsset: Address;
  readonly collateralAsset: Address;
}

/** An option whose underlying is not the vault's base, whose strike is not in its quote, or that pays in neither. */
export class UnsupportedOptionError extends BallastError {
  constructor({ name, underlying, strikeAsset, collateralAsset }: OptionAssets, { base, quote }: VaultTerms) {
    super(
      'OPTION_UNSUPPORTED',
      `${name} is not an option on ${base.symbol} struck in ${quote.symbol} that pays in one of them`,
      {
        facts: {
          option: name,
          underlying,
          strikeAsset,
          collateralAsset,
          base: base.address,
          quote: quote.address,
        },
        action: 'its exposure cannot be counted in this vault: close it, or hold it in an account of its own',
      },
    );
  }
}

/**
 * What an option pays in.
 *
 * @throws UnsupportedOptionError when it is not on the vault's pair
 */
export function settlementOf(option: OptionAssets, vault: VaultTerms): 'base' | 'quote' {
  const onPair =
    sameAddress(option.underlying, vault.base.address) &&
    sameAddress(option.strikeAsset, vault.quote.address);
  const settlement = sideOf(option.collateralAsset, vault);
  if (!onPair || settlement === null) throw new UnsupportedOptionError(option, vault);
  return settlement;
}

/**
 * Whether an option is none of the vault's business: on a token that is neither of its two, and neither struck nor paid in its
 * base. What it is struck in may be the vault's quote: that is no exposure to base.
 */
export function isOnOtherToken(
  { underlying, strikeAsset, collateralAsset }: Omit<OptionAssets, 'name'>,
  vault: VaultTerms,
): boolean {
  const touchesBase = [strikeAsset, collateralAsset].some((asset) => sameAddress(asset, vault.base.address));
  return sideOf(underlying, vault) === null && !touchesBase;
}

/** A market whose price is not that of the vault's base in its quote. */
export class UnsupportedMarketError extends BallastError {
  /** @param facts what the market is on, by name */
  constructor(market: string, facts: Readonly<Record<string, string>>, { base, quote }: VaultTerms) {
    super('MARKET_UNSUPPORTED', `${market} is not a market of ${base.symbol} in ${quote.symbol}`, {
      facts: { market, ...facts, base: base.address, quote: quote.address },
      action: 'take it out of the vault’s positions, or give it a vault of its own pair',
    });
  }
}

/** Tokens that count as exposure and cannot be sold now. */
export function lockedSpot(label: string, asset: 'base' | 'quote', amountRaw: bigint): SpotPosition {
  return { kind: 'spot', label, asset, amountRaw, locked: true };
}

/** A signed amount: locked tokens when it is held, a debt without interest when it is owed; nothing where it is 0. */
export function heldOrOwed(
  label: string,
  asset: 'base' | 'quote',
  amountRaw: bigint,
): readonly (SpotPosition | DebtPosition)[] {
  if (amountRaw === 0n) return [];
  return amountRaw > 0n
    ? [lockedSpot(label, asset, amountRaw)]
    : [{ kind: 'debt', label, asset, owedRaw: -amountRaw, borrowRate: 0 }];
}

/** Addresses by themselves in small letters, each once, as it was spelt last. */
export function byAddress(addresses: readonly Address[]): ReadonlyMap<string, Address> {
  return new Map(addresses.map((address) => [address.toLowerCase(), address]));
}

/** The same addresses, each once, whatever their spelling. */
export function distinct(addresses: readonly Address[]): readonly Address[] {
  return [...byAddress(addresses).values()];
}

/** The day that a time falls on, UTC: `2026-11-20`. */
export function dayOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 10);
}
