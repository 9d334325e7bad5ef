import { type Hex, toFunctionSelector } from 'viem';
import { swapsZeroForOne } from '../../../core/amm/price.ts';
import type { Side } from '../../../core/side.ts';
import {
  allOf,
  anyOf,
  anything,
  type Condition,
  calldataOf,
  callOf,
  callWithinAllowance,
  equalTo,
  type FlatCondition,
  flatten,
  greaterThan,
  lessThan,
  listOf,
  listOfOne,
  theAvatar,
  tupleOf,
  withinAllowance,
} from './conditions.ts';
import { allowanceKeys, baseIsToken0, type OrderShape, priceBounds, type RoleTerms } from './terms.ts';

const SINGLE = '((address,address,uint24,address,uint256,uint256,uint160))';
/** `exactInputSingle` of SwapRouter02: token in, token out, fee, recipient, amount in, least out, price limit. */
const SELL: Hex = toFunctionSelector(`exactInputSingle${SINGLE}`);
/** `exactOutputSingle`: the same, with amount out and most in. */
const BUY: Hex = toFunctionSelector(`exactOutputSingle${SINGLE}`);

/** The only function that the role may call: the router's `multicall` with a deadline. */
export const HEDGER_SELECTOR: Hex = toFunctionSelector('multicall(uint256,bytes[])');

/**
 * What Roles holds each call of a role to: the swaps of a `multicall`, one or several, which use up an allowance together;
 * beside them the calls are counted by an allowance that nobody uses up. One pool has a role of its own: of
 * several swaps Roles says only that one of them is wrong.
 */
export function hedgerConditions(terms: RoleTerms, { side, isSplit }: OrderShape): readonly FlatCondition[] {
  const { orders } = allowanceKeys(terms.role);
  const swap = side === 'sell' ? callOf(SELL, [saleOf(terms)]) : callOf(BUY, [purchaseOf(terms)]);
  const swaps = isSplit ? listOf(swap) : listOfOne(swap);
  return flatten(calldataOf([anything, swaps, callWithinAllowance(orders)]));
}

function saleOf(terms: RoleTerms): Condition {
  const { base, quote } = terms;
  return tupleOf([
    equalTo(base.address),
    equalTo(quote.address),
    feeOf(terms),
    theAvatar,
    withinAllowance(allowanceKeys(terms.role).sell),
    anything,
    priceLimit(terms, 'sell'),
  ]);
}

function purchaseOf(terms: RoleTerms): Condition {
  const { base, quote } = terms;
  return tupleOf([
    equalTo(quote.address),
    equalTo(base.address),
    feeOf(terms),
    theAvatar,
    anything,
    withinAllowance(allowanceKeys(terms.role).spend),
    priceLimit(terms, 'buy'),
  ]);
}

function feeOf({ fees }: RoleTerms): Condition {
  return anyOf(fees.map(equalTo));
}

/** A pool's own limit ends a swap at a price; 0 would be none. */
function priceLimit(terms: RoleTerms, side: Side): Condition {
  const bound = priceBounds(terms)[side];
  return swapsZeroForOne(side, baseIsToken0(terms))
    ? greaterThan(bound - 1n)
    : allOf([greaterThan(0n), lessThan(bound + 1n)]);
}
