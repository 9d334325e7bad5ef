import {
  encodeAbiParameters,
  getContractAddress,
  type Hex,
  keccak256,
  pad,
  parseAbiParameters,
  toHex,
} from 'viem';
import { priceToRatio, sqrtPriceLimit } from '../../../core/amm/price.ts';
import type { Side } from '../../../core/side.ts';
import { type Address, type Hash, sameAddress, type Token } from '../../../core/units.ts';

/** What a role lets a keeper do: swap base and quote on a router, to the account itself, so much a day, within two prices. */
export interface RoleTerms {
  readonly account: Address;
  readonly base: Token;
  readonly quote: Token;
  /** The Roles modifier, and what the names of its roles and allowances begin with. */
  readonly roles: Address;
  readonly role: string;
  /** SwapRouter02, and the Uniswap v3 factory that it finds pools by. */
  readonly router: Address;
  readonly factory: Address;
  /** Fees of the pools, hundredths of a basis point. */
  readonly fees: readonly number[];
  /** What may be sold and spent within a day, in the smallest unit of base and of quote. */
  readonly sellPerDayRaw: bigint;
  readonly spendPerDayRaw: bigint;
  /** No sale moves a pool below the first price, no purchase above the second; quote per base. */
  readonly minPrice: number;
  readonly maxPrice: number;
}

/** Keys of a role's three allowances; the last one only counts. */
export interface AllowanceKeys {
  readonly sell: Hex;
  readonly spend: Hex;
  readonly orders: Hex;
}

/** What the counting allowance starts with: more orders than there will ever be. */
export const ORDERS_AT_START = 1n << 64n;
/** Seconds after which an allowance is whole again. */
export const DAY_SECONDS = 86_400n;

const POOL_INIT_CODE_HASH: Hash = '0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54';

/** A name as Roles takes it: up to 32 characters. */
const keyOf = (name: string): Hex => pad(toHex(name), { dir: 'right' });

/** See {@link AllowanceKeys}. */
export function allowanceKeys(role: string): AllowanceKeys {
  return { sell: keyOf(`${role}.sell`), spend: keyOf(`${role}.spend`), orders: keyOf(`${role}.orders`) };
}

/** Orders that have a role of their own: of a side, on one pool or on several. */
export interface OrderShape {
  readonly side: Side;
  readonly isSplit: boolean;
}

/** Every shape of order there is. */
export const orderShapes: readonly OrderShape[] = [
  { side: 'sell', isSplit: false },
  { side: 'buy', isSplit: false },
  { side: 'sell', isSplit: true },
  { side: 'buy', isSplit: true },
];

/** The key of the role by which orders of a shape are sent. */
export function roleKey(role: string, { side, isSplit }: OrderShape): Hex {
  return keyOf(`${role}.${side}${isSplit ? '.split' : ''}`);
}

/** Whether base comes first in a Uniswap pool of the pair. */
export function baseIsToken0({ base, quote }: Pick<RoleTerms, 'base' | 'quote'>): boolean {
  return BigInt(base.address) < BigInt(quote.address);
}

/** Where the furthest price of each side lies, as a swap's `sqrtPriceLimitX96`. */
export function priceBounds(terms: RoleTerms): { readonly sell: bigint; readonly buy: bigint } {
  const { base, quote, minPrice, maxPrice } = terms;
  const first = baseIsToken0(terms);
  const units = { baseIsToken0: first, baseDecimals: base.decimals, quoteDecimals: quote.decimals };
  return {
    sell: sqrtPriceLimit('sell', priceToRatio(minPrice, units), first),
    buy: sqrtPriceLimit('buy', priceToRatio(maxPrice, units), first),
  };
}

/** The pool of a fee, by CREATE2, as the router finds it. */
export function poolOf(
  { factory, base, quote }: Pick<RoleTerms, 'factory' | 'base' | 'quote'>,
  fee: number,
): Address {
  const [token0, token1] = baseIsToken0({ base, quote }) ? [base, quote] : [quote, base];
  const salt = keccak256(
    encodeAbiParameters(parseAbiParameters('address, address, uint24'), [
      token0.address,
      token1.address,
      fee,
    ]),
  );
  return getContractAddress({ opcode: 'CREATE2', from: factory, salt, bytecodeHash: POOL_INIT_CODE_HASH });
}

/** The fee of one of the pools that terms name; null where it is none of them. */
export function feeOfPool(
  terms: Pick<RoleTerms, 'factory' | 'base' | 'quote' | 'fees'>,
  pool: Address,
): number | null {
  return terms.fees.find((fee) => sameAddress(poolOf(terms, fee), pool)) ?? null;
}
