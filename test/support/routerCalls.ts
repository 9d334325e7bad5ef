import { concatHex, encodeAbiParameters, type Hex, numberToHex, parseAbi, parseAbiParameters } from 'viem';
import { swapRouter02Abi } from '../../abis/swapRouter02.ts';
import { universalRouterAbi } from '../../abis/universalRouter.ts';
import type { Address } from '../../src/core/units.ts';
import { type Call, callOf, type Devnet, devnetV4Pools } from '../../src/devnet/index.ts';

/** A pool of each kind, a second one of v3, and two pools in a row over USDT. */
export type LegKind = 'v3' | 'v3b' | 'v2' | 'v4' | 'v3>v3' | 'v2>v3';

/** What each leg sells. */
export const ONE_WETH = 10n ** 18n;
/** Far below what a sale of one WETH brings: nothing here is about the price. */
export const LEAST_USDC = 2_900n * 10n ** 6n;
/** The v4 pool of USDC against WETH. */
export const { usdcWeth3000: v4Pool } = devnetV4Pools;

const MAX_UINT160 = (1n << 160n) - 1n;
const permit2Abi = parseAbi([
  'function approve(address token, address spender, uint160 amount, uint48 expiration)',
]);
const FOREVER = (1n << 48n) - 1n;
/** The Universal Router's numbers for its commands. */
const COMMANDS = {
  v3: '0x00',
  v3b: '0x00',
  v2: '0x08',
  v4: '0x10',
  'v3>v3': '0x00',
  'v2>v3': '0x0800',
} as const;
/** A v4 swap's steps: swap, pay all, take all. */
const V4_STEPS: Hex = '0x060c0f';
/** The Universal Router's own words for itself, and for all that it holds. */
const THE_ROUTER: Address = '0x0000000000000000000000000000000000000002';
const ALL_HELD = 1n << 255n;

/** Selling WETH for USDC by SwapRouter02 over each leg; what takes v4 it cannot. */
export function bySwapRouter02(devnet: Devnet, legs: readonly LegKind[], seller: Address): Call | null {
  if (legs.some((leg) => leg === 'v4' || leg === 'v2>v3')) return null;
  const calls = legs.map((leg) => swapRouter02Sale(devnet, leg, seller));
  const [only] = calls;
  if (calls.length === 1) return only!;
  const data = encodeAbiParameters(parseAbiParameters('bytes[]'), [calls.map((call) => call.data)]);
  // The overload without a deadline.
  return { label: 'multicall', to: devnet.addresses.swapRouter02, data: concatHex(['0xac9650d8', data]) };
}

function swapRouter02Sale(devnet: Devnet, leg: LegKind, recipient: Address): Call {
  const { addresses, tokens } = devnet;
  const [tokenIn, tokenOut] = [tokens.weth.address, tokens.usdc.address];
  const amounts = { recipient, amountIn: ONE_WETH, amountOutMinimum: LEAST_USDC };
  const call = (
    name: 'swapExactTokensForTokens' | 'exactInput' | 'exactInputSingle',
    args: readonly unknown[],
  ) => callOf(addresses.swapRouter02, swapRouter02Abi, name, args as never);
  if (leg === 'v2') {
    return call('swapExactTokensForTokens', [ONE_WETH, LEAST_USDC, [tokenIn, tokenOut], recipient]);
  }
  if (leg === 'v3>v3') return call('exactInput', [{ path: v3Path(devnet, leg), ...amounts }]);
  return call('exactInputSingle', [
    { tokenIn, tokenOut, fee: feeOf(leg), ...amounts, sqrtPriceLimitX96: 0n },
  ]);
}

/** Selling WETH for USDC by the Universal Router over each leg. */
export function byUniversalRouter(devnet: Devnet, legs: readonly LegKind[], seller: Address): Call {
  return callOf(devnet.addresses.universalRouter, universalRouterAbi, 'execute', [
    concatHex(legs.map((leg) => COMMANDS[leg])),
    legs.flatMap((leg) => universalInputs(devnet, leg, seller)),
    FOREVER,
  ]);
}

function universalInputs(devnet: Devnet, leg: LegKind, seller: Address): readonly Hex[] {
  const { weth, usdc, usdt } = devnet.tokens;
  if (leg === 'v2') return [v2Input(seller, [weth.address, usdc.address])];
  if (leg === 'v4') return [v4Input(weth.address, usdc.address)];
  if (leg === 'v2>v3') {
    const far = concatHex([usdt.address, numberToHex(500, { size: 3 }), usdc.address]);
    return [v2Input(THE_ROUTER, [weth.address, usdt.address]), v3Input(seller, ALL_HELD, far, false)];
  }
  return [v3Input(seller, ONE_WETH, v3Path(devnet, leg), true)];
}

function v2Input(recipient: Address, path: readonly Address[]): Hex {
  return encodeAbiParameters(parseAbiParameters('address, uint256, uint256, address[], bool'), [
    recipient,
    ONE_WETH,
    0n,
    path,
    true,
  ]);
}

function v3Input(recipient: Address, amountRaw: bigint, path: Hex, paidByUser: boolean): Hex {
  return encodeAbiParameters(parseAbiParameters('address, uint256, uint256, bytes, bool'), [
    recipient,
    amountRaw,
    0n,
    path,
    paidByUser,
  ]);
}

/** Tokens and fees of a v3 swap, as the routers read them. */
export function v3Path({ tokens }: Devnet, leg: LegKind): Hex {
  const [weth, usdt, usdc] = [tokens.weth.address, tokens.usdt.address, tokens.usdc.address];
  const fee = (pips: number) => numberToHex(pips, { size: 3 });
  return leg === 'v3>v3'
    ? concatHex([weth, fee(3_000), usdt, fee(500), usdc])
    : concatHex([weth, fee(feeOf(leg)), usdc]);
}

/** Fee of a leg of one hop on v3, in hundredths of a basis point. */
export function feeOf(leg: LegKind): number {
  return leg === 'v3b' ? 3_000 : 500;
}

/** The Universal Router's input of a v4 swap: steps, and each one's parameters. */
export function v4Input(weth: Address, usdc: Address): Hex {
  const { key } = v4Pool;
  const swap = encodeAbiParameters(
    parseAbiParameters('((address, address, uint24, int24, address), bool, uint128, uint128, bytes)'),
    [
      [
        [key.currency0, key.currency1, key.fee, key.tickSpacing, key.hooks],
        key.currency0 === weth,
        ONE_WETH,
        0n,
        '0x',
      ],
    ],
  );
  return encodeAbiParameters(parseAbiParameters('bytes, bytes[]'), [
    V4_STEPS,
    [swap, tokenAmount(weth, ONE_WETH), tokenAmount(usdc, 0n)],
  ]);
}

/** Lets the Universal Router spend the sender's WETH through Permit2. */
export function permit2Approval({ addresses, tokens }: Devnet): Call {
  return callOf(addresses.permit2, permit2Abi, 'approve', [
    tokens.weth.address,
    addresses.universalRouter,
    MAX_UINT160,
    Number(FOREVER),
  ]);
}

function tokenAmount(token: Address, amountRaw: bigint): Hex {
  return encodeAbiParameters(parseAbiParameters('address, uint256'), [token, amountRaw]);
}
