import { hedgeModuleAbi } from '../../abis/hedgeModule.ts';
import { sqrtPriceAtTick } from '../../src/core/amm/tickMath.ts';
import type { Address } from '../../src/core/units.ts';
import {
  callOf,
  type Devnet,
  type DevnetSafe,
  defaultMandate,
  devnetPairs,
  devnetPools,
  type Mandate,
} from '../../src/devnet/index.ts';
import { approveCall, createPoolCalls, fundCall, mintRangesCall } from '../../src/devnet/seed.ts';
import { gasOf, type Route, rolesRoute } from './gasRoutes.ts';
import {
  bySwapRouter02,
  byUniversalRouter,
  LEAST_USDC,
  type LegKind,
  ONE_WETH,
  permit2Approval,
  v4Pool,
} from './routerCalls.ts';

/** The orders that are compared: 1 WETH for USDC on each leg's pool. */
const legOrders: readonly (readonly LegKind[])[] = [
  ['v3'],
  ['v2'],
  ['v4'],
  ['v3', 'v3b'],
  ['v3', 'v2'],
  ['v3', 'v4'],
  ['v3', 'v2', 'v4'],
  ['v3>v3'],
  ['v2>v3'],
];

/** Gas of a route: `first` while the seller holds no USDC yet, `steady` from then on. */
export interface Gas {
  readonly first: number;
  readonly steady: number;
}

/** Gas of one order by each route; null where the route cannot. */
export interface LegGas {
  readonly legs: readonly LegKind[];
  readonly swapRouter02: Gas | null;
  readonly universalRouter: Gas;
  /**
   * The same swaps through a role that is scoped to each: v2 and v3 by SwapRouter02, v4 by the Universal Router. A role
   * allows one call at a time: as many transactions as there are legs.
   */
  readonly safeAndRoles: Gas | null;
  /** With one price feed, pools paid by allowance, as the routers are. */
  readonly hedgeModule: Gas;
  /** The same with pools paid by calls of the Safe. */
  readonly hedgeByCalls: Gas;
}

/** What the roles are measured on; each a Safe of its own. */
const ROLE_KINDS = ['v3', 'v3b', 'v2', 'v4', 'v3>v3'] as const satisfies readonly LegKind[];
/** USDC against USDT, which the devnet has no pool of by itself; mainnet's address follows from factory, tokens and fee. */
const dollars: Address = '0x7858E59e0C01EA06Df3aF3D20aC7B0003275D4Bf';
const NO_FEED = { aggregator: '0x0000000000000000000000000000000000000000', heartbeatSeconds: 0 } as const;

/** Sells by every route over every combination of legs, each from the same state of the chain. */
export async function measureLegGas(devnet: Devnet): Promise<readonly LegGas[]> {
  await createDollarPool(devnet);
  await warmPools(devnet);
  const roles = new Map<LegKind, Gas>();
  for (const kind of ROLE_KINDS) roles.set(kind, await measured(devnet, await rolesRoute(devnet, kind)));
  const hedge = await prepareHedge(devnet, true);
  const hedgeByCalls = await prepareHedge(devnet, false);
  await prepareRouters(devnet);
  const { guardian, user } = devnet.accounts;
  const rows: LegGas[] = [];
  for (const legs of legOrders) {
    const call = bySwapRouter02(devnet, legs, guardian.address);
    const router = { name: 'SwapRouter02', sender: guardian, sale: async () => call! };
    const universal = {
      name: 'Universal Router',
      sender: user,
      sale: async () => byUniversalRouter(devnet, legs, user.address),
    };
    rows.push({
      legs,
      swapRouter02: call === null ? null : await measured(devnet, router),
      universalRouter: await measured(devnet, universal),
      safeAndRoles: oneByOne(legs, roles),
      hedgeModule: await measured(devnet, hedge(legs)),
      hedgeByCalls: await measured(devnet, hedgeByCalls(legs)),
    });
  }
  return rows;
}

/** One transaction for each leg: after the first the Safe holds USDC. */
function oneByOne(legs: readonly LegKind[], roles: ReadonlyMap<LegKind, Gas>): Gas | null {
  const each = legs.map((leg) => roles.get(leg));
  if (each.some((gas) => gas === undefined)) return null;
  const steady = each.reduce((sum, gas) => sum + gas!.steady, 0);
  return { first: steady - each[0]!.steady + each[0]!.first, steady };
}

/** Two sales: the first fills slots that stay filled. */
async function measured(devnet: Devnet, route: Route): Promise<Gas> {
  const revert = await devnet.snapshot();
  const first = await gasOf(devnet, route, 0);
  const steady = await gasOf(devnet, route, 1);
  await revert();
  return { first, steady };
}

/** Every pool's own slots for fees are filled once, by whoever comes first. */
async function warmPools(devnet: Devnet): Promise<void> {
  for (const price of [2_999, 3_001, 3_000]) await devnet.mineBlock({ price });
}

/** The far pool of the sales over two. */
async function createDollarPool(devnet: Devnet): Promise<void> {
  const { usdc, usdt } = devnet.tokens;
  const { liquidityProvider } = devnet.accounts;
  const pool = { ...devnetPools.usdcWeth500, address: dollars, token0: usdc, token1: usdt };
  const range = { tickLower: -60, tickUpper: 60, liquidity: 10n ** 16n };
  const at = sqrtPriceAtTick(3);
  await devnet.transact(liquidityProvider, [
    // The devnet's own pools had the position manager approved already.
    ...[usdc, usdt].flatMap(({ address }) => fundCall(address, liquidityProvider.address, 10n ** 16n)),
    ...createPoolCalls(pool, at),
    mintRangesCall(pool, [range], at, liquidityProvider.address),
  ]);
}

async function prepareRouters(devnet: Devnet): Promise<void> {
  const { accounts, addresses, tokens } = devnet;
  const { guardian, user } = accounts;
  const weth = tokens.weth.address;
  for (const seller of [guardian, user])
    await devnet.fund(seller.address, [{ token: tokens.weth, amount: 100 }]);
  await devnet.transact(guardian, [approveCall(weth, addresses.swapRouter02)]);
  await devnet.transact(user, [approveCall(weth, addresses.permit2), permit2Approval(devnet)]);
}

async function prepareHedge(
  devnet: Devnet,
  paysByAllowance: boolean,
): Promise<(legs: readonly LegKind[]) => Route> {
  const { addresses, accounts, tokens } = devnet;
  const safeWith = (mandate: Partial<Mandate>) =>
    devnet.createSafe({
      mandate: { ...defaultMandate(accounts), quoteFeed: NO_FEED, paysByAllowance, ...mandate },
      holdings: [{ token: tokens.weth, amount: 100 }],
    });
  const direct = await safeWith({
    pools: [addresses.usdcWeth500, addresses.usdcWeth3000, devnetPairs.usdcWeth.address],
    poolManager: addresses.poolManager,
    v4Pools: [v4Pool.id],
  });
  const overBridge = await safeWith({
    pools: [devnetPools.wethUsdt3000.address, devnetPairs.wethUsdt.address, dollars],
    bridges: [tokens.usdt.address],
  });
  return (legs) => hedgeRoute(devnet, legs.some((leg) => leg.includes('>')) ? overBridge : direct, legs);
}

function hedgeRoute(devnet: Devnet, safe: DevnetSafe, legs: readonly LegKind[]): Route {
  const { addresses, accounts } = devnet;
  const order = async (index: number) => ({
    avatar: safe.address,
    sequence: BigInt(index),
    deadline: BigInt((await devnet.node.head()).timestampSeconds + 120),
    sellBase: true,
    baseAmount: ONE_WETH * BigInt(legs.length),
    quoteLimit: LEAST_USDC * BigInt(legs.length),
    minFillBps: 10_000,
    legs: legs.flatMap((leg) => hopsOf(devnet, leg)),
  });
  return {
    name: 'HedgeModule',
    sender: accounts.keeper,
    sale: async (index) => callOf(addresses.hedgeModule, hedgeModuleAbi, 'hedge', [await order(index)]),
  };
}

function hopsOf({ addresses }: Devnet, leg: LegKind) {
  const hop = (kind: number, pool: Address, baseAmount: bigint, fee = 0, tickSpacing = 0) => ({
    kind,
    pool,
    baseAmount,
    sqrtPriceLimitX96: 0n,
    fee,
    tickSpacing,
  });
  const far = hop(128, dollars, 0n);
  const hops = {
    v3: [hop(0, addresses.usdcWeth500, ONE_WETH)],
    v3b: [hop(0, addresses.usdcWeth3000, ONE_WETH)],
    v2: [hop(1, devnetPairs.usdcWeth.address, ONE_WETH)],
    v4: [hop(2, v4Pool.address, ONE_WETH, v4Pool.feePips, v4Pool.tickSpacing)],
    'v3>v3': [hop(0, devnetPools.wethUsdt3000.address, ONE_WETH), far],
    'v2>v3': [hop(1, devnetPairs.wethUsdt.address, ONE_WETH), far],
  };
  return hops[leg];
}
