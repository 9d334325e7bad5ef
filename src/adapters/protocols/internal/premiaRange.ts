import { CorruptDataError } from '../../../core/errors.ts';
import type { Address } from '../../../core/units.ts';

/** Token id of contracts that were sold, in every Premia pool. */
export const PREMIA_SHORT = 0n;
/** Token id of contracts that were bought; every id beyond is a range order. */
export const PREMIA_LONG = 1n;

const WAD = 10n ** 18n;
/** Range orders begin and end at multiples of this price. */
const TICK_WAD = 10n ** 15n;
const orderTypes = ['collateralShortUsingPremiums', 'collateralShort', 'longCollateral'] as const;

/** A range order, as its token id holds it. */
export interface RangeOrder {
  readonly id: bigint;
  readonly operator: Address;
  /** Prices of the option over that of its collateral, 18 decimals. */
  readonly lowerWad: bigint;
  readonly upperWad: bigint;
  /** What it turns into what as the market price rises. */
  readonly orderType: (typeof orderTypes)[number];
}

/** Number of an order type in the protocol's own enumeration. */
export function orderTypeNumber({ orderType }: RangeOrder): number {
  return orderTypes.indexOf(orderType);
}

/**
 * Takes the token id of a range order apart: lower and upper price in 10 bits each, the operator, the order type, and the
 * version in the highest four bits (`contracts/pool/PoolStorage.sol` of `Premian-Labs/v3-contracts`).
 *
 * @throws CorruptDataError when it is no id of a range order
 */
export function decodeRangeOrder(id: bigint): RangeOrder {
  const part = (offset: bigint, count: bigint) => (id >> offset) & ((1n << count) - 1n);
  const fault = (found: bigint, expected: string) =>
    new CorruptDataError(`Premia token id ${id}`, found, expected);
  const version = part(252n, 4n);
  if (version !== 1n) throw fault(version, 'version 1');
  const orderType = orderTypes[Number(part(180n, 4n))];
  if (orderType === undefined) throw fault(part(180n, 4n), 'an order type from 0 to 2');
  const [lowerWad, upperWad] = [part(0n, 10n) * TICK_WAD, part(10n, 10n) * TICK_WAD];
  if (lowerWad === 0n || lowerWad >= upperWad || upperWad > WAD)
    throw fault(lowerWad, 'a range of prices within 0.001 to 1');
  const operator: Address = `0x${part(20n, 160n).toString(16).padStart(40, '0')}`;
  return { id, operator, lowerWad, upperWad, orderType };
}

/** What a range order holds; contracts with 18 decimals, collateral as a share of one contract's, times contracts. */
export interface RangeContents {
  readonly longWad: bigint;
  readonly shortWad: bigint;
  /** Collateral counted in contracts: a put's is this times the strike. */
  readonly collateralContractsWad: bigint;
}

/**
 * What a range order of a size has turned into at a market price: the part of its range that the price has passed is
 * options sold or bought, and the mean price of that part is what they went for (Premia v3 whitepaper, "range orders";
 * `contracts/libraries/Position.sol`).
 */
export function rangeContents(
  { lowerWad, upperWad, orderType }: RangeOrder,
  sizeWad: bigint,
  marketPriceWad: bigint,
): RangeContents {
  const price = marketPriceWad < lowerWad ? lowerWad : marketPriceWad > upperWad ? upperWad : marketPriceWad;
  const width = upperWad - lowerWad;
  const passedWad = (sizeWad * (price - lowerWad)) / width;
  const bidAt = (at: bigint) => (sizeWad * (at * at - lowerWad * lowerWad)) / (2n * width * WAD);
  if (orderType === 'longCollateral') {
    return { longWad: sizeWad - passedWad, shortWad: 0n, collateralContractsWad: bidAt(price) };
  }
  const fromPremiums = orderType === 'collateralShort' ? bidAt(price) : bidAt(price) - bidAt(upperWad);
  return { longWad: 0n, shortWad: passedWad, collateralContractsWad: sizeWad - passedWad + fromPremiums };
}
