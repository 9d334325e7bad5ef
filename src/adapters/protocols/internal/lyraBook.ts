import { CorruptDataError } from '../../../core/errors.ts';
import type { WrittenCollateral } from '../../../core/margin.ts';
import type { OptionPosition, SpotPosition } from '../../../core/position.ts';
import type { VaultTerms } from '../../../core/snapshot.ts';
import { max, toRawUp, toWhole } from '../../../core/units.ts';
import { lyraDecimals } from './lyraAbi.ts';
import { type LyraCollateralRule, type LyraMarket, leastCollateral } from './lyraCollateral.ts';
import { dayOf, lockedSpot } from './pairSides.ts';

/** A position as its token says it; amounts with 18 decimals. */
export interface LyraToken {
  readonly positionId: bigint;
  readonly strikeId: bigint;
  readonly optionType: number;
  readonly amount: bigint;
  readonly collateral: bigint;
  readonly state: number;
}

/** A strike and the board that it is on; prices and volatility with 18 decimals. */
export interface LyraStrike {
  readonly id: bigint;
  readonly strikeWad: bigint;
  readonly expirySeconds: number;
  readonly volatilityWad: bigint;
  /** 0 until its board is settled. */
  readonly priceAtExpiryWad: bigint;
  /** What a short call in base pays per base written, once settled. */
  readonly baseReturnedWad: bigint;
}

/** What written options are measured against. */
export interface LyraRules {
  readonly collateral: LyraCollateralRule;
  readonly market: LyraMarket;
}

/** What one token holds. */
export interface LyraHolding {
  readonly positions: readonly (OptionPosition | SpotPosition)[];
  readonly written: readonly WrittenCollateral[];
}

const WAD = 10n ** 18n;
const ACTIVE = 1;

/** Lyra's kinds of position, in its order. */
const kinds = [
  { type: 'call', side: 'long', settlement: 'quote' },
  { type: 'put', side: 'long', settlement: 'quote' },
  { type: 'call', side: 'short', settlement: 'base' },
  { type: 'call', side: 'short', settlement: 'quote' },
  { type: 'put', side: 'short', settlement: 'quote' },
] as const;
type Kind = (typeof kinds)[number];

/**
 * A token as positions: an option with the volatility that its strike trades at, and its collateral as locked tokens; once
 * its board is settled, what it can be redeemed for.
 *
 * @throws CorruptDataError for a kind, a state or a size that Lyra does not have
 */
export function holdingOf(
  token: LyraToken,
  strike: LyraStrike,
  rules: LyraRules,
  vault: VaultTerms,
  nowSeconds: number,
): LyraHolding {
  const label = `lyra position ${token.positionId}`;
  const kind = kinds[token.optionType];
  if (kind === undefined) throw new CorruptDataError(`type of ${label}`, token.optionType, 'one from 0 to 4');
  if (token.state !== ACTIVE) throw new CorruptDataError(`state of ${label}`, token.state, 'an active one');
  const rawOf = (wad: bigint) => (wad * 10n ** BigInt(vault[kind.settlement].decimals)) / WAD;
  if (strike.priceAtExpiryWad > 0n) {
    const redeemable = rawOf(redeemableWad(token, kind, strike));
    const paid = redeemable === 0n ? [] : [lockedSpot(`${label} settled`, kind.settlement, redeemable)];
    return { positions: paid, written: [] };
  }
  const amount = toWhole(token.amount, lyraDecimals);
  const strikePrice = toWhole(strike.strikeWad, lyraDecimals);
  const option: OptionPosition = {
    kind: 'option',
    label: `${label} ${dayOf(strike.expirySeconds)} ${strikePrice} ${kind.type}`,
    type: kind.type,
    strike: strikePrice,
    expirySeconds: strike.expirySeconds,
    size: kind.side === 'long' ? amount : -amount,
    settlementPrice: null,
    settlement: kind.settlement,
    impliedVolatility: toWhole(strike.volatilityWad, lyraDecimals),
  };
  if (kind.side === 'long') return { positions: [option], written: [] };
  const lockedRaw = rawOf(token.collateral);
  const secondsLeft = strike.expirySeconds - nowSeconds;
  const short = { type: kind.type, collateral: kind.settlement, strike: strikePrice, amount, secondsLeft };
  const required = leastCollateral(short, rules.collateral, rules.market);
  const { decimals } = vault[kind.settlement];
  return {
    positions: [option, lockedSpot(`${label} collateral`, kind.settlement, lockedRaw)],
    written: [{ label, asset: kind.settlement, lockedRaw, requiredRaw: toRawUp(required, decimals) }],
  };
}

/** What is left for the holder after settlement; a written option never owes more than its collateral. */
function redeemableWad(token: LyraToken, kind: Kind, strike: LyraStrike): bigint {
  const { strikeWad, priceAtExpiryWad } = strike;
  const gap = kind.type === 'call' ? priceAtExpiryWad - strikeWad : strikeWad - priceAtExpiryWad;
  const payoffWad = kind.settlement === 'base' ? strike.baseReturnedWad : max(gap, 0n);
  const paid = (payoffWad * token.amount) / WAD;
  return kind.side === 'long' ? paid : max(token.collateral - paid, 0n);
}
