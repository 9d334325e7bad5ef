import { concatHex, encodeAbiParameters, type Hex, numberToHex, parseAbi, parseAbiParameters } from 'viem';
import { hedgeModuleAbi } from '../../abis/hedgeModule.ts';
import { swapRouter02Abi } from '../../abis/swapRouter02.ts';
import { universalRouterAbi } from '../../abis/universalRouter.ts';
import {
  type Call,
  callOf,
  type Devnet,
  defaultMandate,
  devnetPairs,
  devnetV4Pools,
} from '../../src/devnet/index.ts';
import { approveCall } from '../../src/devnet/seed.ts';
import { gasOf, ONE_WETH, type Route, rolesRoute, routerSale } from './gasRoutes.ts';

/** A pool of each kind, and a second one of v3. */
export type LegKind = 'v3' | 'v3b' | 'v2' | 'v4';

/** The orders that are compared: 1 WETH for USDC on each leg's pool. */
export const legOrders: readonly (readonly LegKind[])[] = [
  ['v3'],
  ['v2'],
  ['v4'],
  ['v3', 'v3b'],
  ['v3', 'v2'],
  ['v3', 'v4'],
  ['v3', 'v2', 'v4'],
];

/** Gas of one order by each route in steady state; null where the route cannot. */
export interface LegGas {
  readonly legs: readonly LegKind[];
  readonly swapRouter02: number | null;
  readonly universalRouter: number;
  /** Zodiac Roles allows one call of the router at a time: as many transactions as there are legs. */
  readonly safeAndRoles: number;
  /** With one price feed. */
  readonly hedgeModule: number;
}

const { usdcWeth3000: v4Pool } = devnetV4Pools;
const NO_FEED = { aggregator: '0x0000000000000000000000000000000000000000', heartbeatSeconds: 0 } as const;
const FEES = { v3: 500, v3b: 3_000 } as const;
const FOREVER = (1n << 48n) - 1n;
const MAX_UINT160 = (1n << 160n) - 1n;
const permit2Abi = parseAbi([
  'function approve(address token, address spender, uint160 amount, uint48 expiration)',
]);

/** Sells by every route over every combination of legs, each from the same state of the chain. */
export async function measureLegGas(devnet: Devnet): Promise<readonly LegGas[]> {
  await warmPools(devnet);
  const roles = await rolesRoute(devnet);
  const hedge = await prepareHedge(devnet);
  await prepareRouters(devnet);
  const { guardian, user } = devnet.accounts;
  const rolesOnce = await steadyGas(devnet, roles);
  const rows: LegGas[] = [];
  for (const legs of legOrders) {
    const router = legs.includes('v4')
      ? null
      : await steadyGas(devnet, {
          name: 'SwapRouter02',
          sender: guardian,
          sale: async () => byRouter(devnet, legs),
        });
    const universal = { name: 'Universal Router', sender: user, sale: async () => byUniversal(devnet, legs) };
    rows.push({
      legs,
      swapRouter02: router,
      universalRouter: await steadyGas(devnet, universal),
      safeAndRoles: rolesOnce * legs.length,
      hedgeModule: await steadyGas(devnet, hedge(legs)),
    });
  }
  return rows;
}

/** The second sale: the first fills slots that stay filled. */
async function steadyGas(devnet: Devnet, route: Route): Promise<number> {
  const revert = await devnet.snapshot();
  await gasOf(devnet, route, 0);
  const gas = await gasOf(devnet, route, 1);
  await revert();
  return gas;
}

/** Every pool's own slots for fees are filled once, by whoever comes first. */
async function warmPools(devnet: Devnet): Promise<void> {
  for (const price of [2_999, 3_001, 3_000]) await devnet.mineBlock({ price });
}

async function prepareRouters(devnet: Devnet): Promise<void> {
  const { accounts, addresses, tokens } = devnet;
  const { guardian, user } = accounts;
  const weth = tokens.weth.address;
  for (const seller of [guardian, user])
    await devnet.fund(seller.address, [{ token: tokens.weth, amount: 100 }]);
  await devnet.transact(guardian, [approveCall(weth, addresses.swapRouter02)]);
  await devnet.transact(user, [
    approveCall(weth, addresses.permit2),
    callOf(addresses.permit2, permit2Abi, 'approve', [
      weth,
      addresses.universalRouter,
      MAX_UINT160,
      Number(FOREVER),
    ]),
  ]);
}

async function prepareHedge(devnet: Devnet): Promise<(legs: readonly LegKind[]) => Route> {
  const { addresses, accounts, tokens } = devnet;
  const safe = await devnet.createSafe({
    mandate: {
      ...defaultMandate(accounts),
      quoteFeed: NO_FEED,
      pools: [addresses.usdcWeth500, addresses.usdcWeth3000, devnetPairs.usdcWeth.address],
      poolManager: addresses.poolManager,
      v4Pools: [v4Pool.id],
    },
    holdings: [{ token: tokens.weth, amount: 100 }],
  });
  const terms = {
    v3: { kind: 0, pool: addresses.usdcWeth500, fee: 0, tickSpacing: 0 },
    v3b: { kind: 0, pool: addresses.usdcWeth3000, fee: 0, tickSpacing: 0 },
    v2: { kind: 1, pool: devnetPairs.usdcWeth.address, fee: 0, tickSpacing: 0 },
    v4: { kind: 2, pool: v4Pool.address, fee: v4Pool.feePips, tickSpacing: v4Pool.tickSpacing },
  } as const;
  return (legs) => ({
    name: 'HedgeModule',
    sender: accounts.keeper,
    sale: async (index) =>
      callOf(addresses.hedgeModule, hedgeModuleAbi, 'hedge', [
        {
          avatar: safe.address,
          sequence: BigInt(index),
          deadline: BigInt((await devnet.node.head()).timestampSeconds + 120),
          sellBase: true,
          baseAmount: ONE_WETH * BigInt(legs.length),
          quoteLimit: 2_900n * 10n ** 6n * BigInt(legs.length),
          minFillBps: 10_000,
          legs: legs.map((leg) => ({ ...terms[leg], baseAmount: ONE_WETH, sqrtPriceLimitX96: 0n })),
        },
      ]),
  });
}

function byRouter(devnet: Devnet, legs: readonly LegKind[]): Call {
  const { addresses, accounts, tokens } = devnet;
  const seller = accounts.guardian.address;
  const calls = legs.map((leg) =>
    leg === 'v2' || leg === 'v4'
      ? callOf(addresses.swapRouter02, swapRouter02Abi, 'swapExactTokensForTokens', [
          ONE_WETH,
          0n,
          [tokens.weth.address, tokens.usdc.address],
          seller,
        ])
      : routerSale(devnet, seller, FEES[leg]),
  );
  const [only] = calls;
  if (calls.length === 1) return only!;
  const data = encodeAbiParameters(parseAbiParameters('bytes[]'), [calls.map((call) => call.data)]);
  // The overload without a deadline.
  return { label: 'multicall', to: addresses.swapRouter02, data: concatHex(['0xac9650d8', data]) };
}

/** The Universal Router's numbers for its commands, and for the steps of a v4 swap: swap, pay all, take all. */
const COMMANDS = { v3: '0x00', v3b: '0x00', v2: '0x08', v4: '0x10' } as const;
const V4_STEPS: Hex = '0x060c0f';

function byUniversal(devnet: Devnet, legs: readonly LegKind[]): Call {
  return callOf(devnet.addresses.universalRouter, universalRouterAbi, 'execute', [
    concatHex(legs.map((leg) => COMMANDS[leg])),
    legs.map((leg) => universalInput(devnet, leg)),
    FOREVER,
  ]);
}

function universalInput({ accounts, tokens }: Devnet, leg: LegKind): Hex {
  const seller = accounts.user.address;
  const [weth, usdc] = [tokens.weth.address, tokens.usdc.address];
  if (leg === 'v2') {
    return encodeAbiParameters(parseAbiParameters('address, uint256, uint256, address[], bool'), [
      seller,
      ONE_WETH,
      0n,
      [weth, usdc],
      true,
    ]);
  }
  if (leg === 'v4') return universalV4Input(weth, usdc);
  const path = concatHex([weth, numberToHex(FEES[leg], { size: 3 }), usdc]);
  return encodeAbiParameters(parseAbiParameters('address, uint256, uint256, bytes, bool'), [
    seller,
    ONE_WETH,
    0n,
    path,
    true,
  ]);
}

function universalV4Input(weth: Hex, usdc: Hex): Hex {
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
  const amount = (token: Hex, raw: bigint) =>
    encodeAbiParameters(parseAbiParameters('address, uint256'), [token, raw]);
  return encodeAbiParameters(parseAbiParameters('bytes, bytes[]'), [
    V4_STEPS,
    [swap, amount(weth, ONE_WETH), amount(usdc, 0n)],
  ]);
}
