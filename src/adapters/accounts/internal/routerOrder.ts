import { encodeFunctionData, type Hex } from 'viem';
import { swapRouter02Abi } from '../../../../abis/swapRouter02.ts';
import { swapsZeroForOne } from '../../../core/amm/price.ts';
import type { Leg, Order } from '../../../core/decision.ts';
import { BallastError } from '../../../core/errors.ts';
import type { Side } from '../../../core/side.ts';
import { max, min, mulDivDown, mulDivUp } from '../../../core/units.ts';
import { baseIsToken0, feeOfPool, type RoleTerms } from '../../chain/roles/terms.ts';

/** Who swaps what on which pools of the router. */
export type RouterTerms = Pick<RoleTerms, 'account' | 'base' | 'quote' | 'factory' | 'fees'>;

/** How far a sale and a purchase may move a pool, as a swap's `sqrtPriceLimitX96`; null where nothing bounds them. */
export type SideBounds = Readonly<Record<Side, bigint>> | null;

/**
 * An order as SwapRouter02's `multicall` takes it: its deadline, and a swap for each leg, paid for by whoever calls and paid
 * out to the account. A sale brings at least, and a purchase costs at most, its part of the order's limit; a purchase may
 * stop at its price limit, a sale that does brings too little.
 *
 * @throws BallastError `LEG_UNSUPPORTED` for a leg on anything but one of the account's pools
 */
export function routerCall(terms: RouterTerms, order: Order, bounds: SideBounds): Hex {
  const data = order.legs.map((leg) => swapOf(terms, order, leg, bounds));
  return encodeFunctionData({
    abi: swapRouter02Abi,
    functionName: 'multicall',
    args: [BigInt(order.deadlineSeconds), data],
  });
}

function swapOf(terms: RouterTerms, order: Order, leg: Leg, bounds: SideBounds): Hex {
  const fee = feeOfLeg(terms, leg);
  const { base, quote, account: recipient } = terms;
  const { side, quoteLimitRaw, baseRaw } = order;
  const sqrtPriceLimitX96 = priceLimitOf(terms, order, leg, bounds);
  if (side === 'sell') {
    const amountOutMinimum = mulDivUp(quoteLimitRaw, leg.baseRaw, baseRaw);
    return encodeFunctionData({
      abi: swapRouter02Abi,
      functionName: 'exactInputSingle',
      args: [
        {
          tokenIn: base.address,
          tokenOut: quote.address,
          fee,
          recipient,
          amountIn: leg.baseRaw,
          amountOutMinimum,
          sqrtPriceLimitX96,
        },
      ],
    });
  }
  const amountInMaximum = mulDivDown(quoteLimitRaw, leg.baseRaw, baseRaw);
  return encodeFunctionData({
    abi: swapRouter02Abi,
    functionName: 'exactOutputSingle',
    args: [
      {
        tokenIn: quote.address,
        tokenOut: base.address,
        fee,
        recipient,
        amountOut: leg.baseRaw,
        amountInMaximum,
        sqrtPriceLimitX96,
      },
    ],
  });
}

/** The leg's own limit, or the account's where that is nearer or the leg has none. */
function priceLimitOf(
  terms: RouterTerms,
  { side }: Order,
  { sqrtPriceLimitX96: own }: Leg,
  bounds: SideBounds,
): bigint {
  if (bounds === null) return own;
  const bound = bounds[side];
  if (own === 0n) return bound;
  return swapsZeroForOne(side, baseIsToken0(terms)) ? max(own, bound) : min(own, bound);
}

function feeOfLeg(terms: RouterTerms, { venue, pool, via }: Leg): number {
  const fee = venue === 'uniswapV3' && via === undefined ? feeOfPool(terms, pool) : null;
  if (fee !== null) return fee;
  const where = via === undefined ? `${venue} pool ${pool}` : 'two pools in a row';
  throw new BallastError('LEG_UNSUPPORTED', `the account cannot swap on ${where}`, {
    facts: { venue, pool },
    action:
      'hedge on Uniswap v3 pools of the pair whose fees the account names, or keep this venue for prices only',
  });
}
