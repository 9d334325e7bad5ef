import { concatHex, encodeDeployData, getContractAddress } from 'viem';
import { barePayerAbi } from '../../abis/barePayer.ts';
import { barePayerBytecode } from '../../abis/bytecode/barePayer.ts';
import { hedgeModuleAbi } from '../../abis/hedgeModule.ts';
import { create2Deployer } from '../../src/adapters/chain/deployment.ts';
import type { Address, Hex } from '../../src/core/units.ts';
import {
  type Call,
  callOf,
  type Devnet,
  type DevnetAccount,
  defaultMandate,
  type Mandate,
} from '../../src/devnet/index.ts';
import { approveCall } from '../../src/devnet/seed.ts';
import { createRolesVault } from './rolesRoute.ts';
import { roleScope } from './rolesScopes.ts';
import { bySwapRouter02, byUniversalRouter, LEAST_USDC, type LegKind, ONE_WETH } from './routerCalls.ts';

/** Gas of one way to sell 1 WETH for USDC on the 0.05 % pool; each sale is a transaction of its own. */
export interface GasRow {
  readonly route: string;
  /** The seller holds no USDC yet, so a slot of its balance is filled. */
  readonly firstGas: number;
  /** From then on. */
  readonly steadyGas: number;
}

/** A way to sell: who sends what, for the n-th sale. */
export interface Route {
  readonly name: string;
  readonly sender: DevnetAccount;
  sale(index: number): Promise<Call>;
}

/** Uniswap v3's upper end of the price range: no limit. */
const HIGHEST_SQRT_PRICE_X96 = 1461446703485210103287273052203988822378723970341n;
const NO_FEED = { aggregator: '0x0000000000000000000000000000000000000000', heartbeatSeconds: 0 } as const;
const SALT = `0x${'00'.repeat(32)}` as const;

/** Sells twice by every route, each from the same state of chain and pool. */
export async function measureGas(devnet: Devnet): Promise<readonly GasRow[]> {
  const routes = await prepareRoutes(devnet);
  const rows: GasRow[] = [];
  for (const route of routes) {
    const revert = await devnet.snapshot();
    const firstGas = await gasOf(devnet, route, 0);
    const steadyGas = await gasOf(devnet, route, 1);
    rows.push({ route: route.name, firstGas, steadyGas });
    await revert();
  }
  return rows;
}

/** Gas of a route's n-th sale, in a block of its own. */
export async function gasOf(devnet: Devnet, route: Route, index: number): Promise<number> {
  const [hash] = await devnet.transact(route.sender, [await route.sale(index)]);
  const receipt = await devnet.node.receipt(hash!);
  return Number(receipt!.gasUsed);
}

async function prepareRoutes(devnet: Devnet): Promise<readonly Route[]> {
  const { user } = devnet.accounts;
  const payer = await deployPayer(devnet);
  const bare = bareRoute(devnet, payer);
  // The pool fills its own slots for fees once, whoever comes first, and the payer is no part of what it holds then.
  await devnet.transact(user, [await bare.sale(0)]);
  await devnet.transact(user, [callOf(payer, barePayerAbi, 'empty', [user.address])]);
  await devnet.fund(payer, [{ token: devnet.tokens.weth, amount: 10 }]);
  return [
    bare,
    await routerRoute(devnet),
    await rolesRoute(devnet, 'v3'),
    await hedgeRoute(devnet, 'HedgeModule on a Safe, 1 feed', { quoteFeed: NO_FEED }),
    await hedgeRoute(devnet, 'HedgeModule on a Safe, 2 feeds', {}),
    await hedgeRoute(devnet, 'HedgeModule on a Safe, 3 feeds', {
      baseFeeds: [
        defaultMandate(devnet.accounts).baseFeeds[0],
        { aggregator: devnet.addresses.usdtUsdFeed, heartbeatSeconds: 90_000 },
      ],
    }),
  ];
}

async function deployPayer(devnet: Devnet): Promise<Address> {
  const bytecode = encodeDeployData({
    abi: barePayerAbi,
    bytecode: barePayerBytecode,
    args: [devnet.addresses.usdcWeth500],
  });
  const deployment: Call = { label: 'deploy', to: create2Deployer, data: concatHex([SALT, bytecode as Hex]) };
  await devnet.transact(devnet.accounts.user, [deployment]);
  const payer = getContractAddress({ opcode: 'CREATE2', from: create2Deployer, salt: SALT, bytecode });
  await devnet.fund(payer, [{ token: devnet.tokens.weth, amount: 10 }]);
  return payer;
}

function bareRoute(devnet: Devnet, payer: Address): Route {
  return {
    name: 'bare pool.swap, no checks',
    sender: devnet.accounts.user,
    sale: async () => callOf(payer, barePayerAbi, 'swap', [false, ONE_WETH, HIGHEST_SQRT_PRICE_X96]),
  };
}

async function routerRoute(devnet: Devnet): Promise<Route> {
  const { accounts, addresses, tokens } = devnet;
  const seller = accounts.guardian;
  await devnet.fund(seller.address, [{ token: tokens.weth, amount: 10 }]);
  await devnet.transact(seller, [approveCall(tokens.weth.address, addresses.swapRouter02)]);
  return {
    name: 'SwapRouter02 from a plain key',
    sender: seller,
    sale: async () => bySwapRouter02(devnet, ['v3'], seller.address)!,
  };
}

/** A Safe whose keeper sells on a leg through Zodiac Roles and SwapRouter02, or the Universal Router where that cannot. */
export async function rolesRoute(devnet: Devnet, leg: LegKind): Promise<Route> {
  const vault = await createRolesVault(devnet, roleScope(devnet, leg));
  const sale = bySwapRouter02(devnet, [leg], vault.safe) ?? byUniversalRouter(devnet, [leg], vault.safe);
  return {
    name: 'Safe + Zodiac Roles + SwapRouter02',
    sender: devnet.accounts.keeper,
    sale: async () => vault.throughRole(sale),
  };
}

async function hedgeRoute(devnet: Devnet, name: string, mandate: Partial<Mandate>): Promise<Route> {
  const { addresses, accounts, tokens } = devnet;
  const safe = await devnet.createSafe({ mandate, holdings: [{ token: tokens.weth, amount: 10 }] });
  const order = async (index: number) => ({
    avatar: safe.address,
    sequence: BigInt(index),
    deadline: BigInt((await devnet.node.head()).timestampSeconds + 120),
    sellBase: true,
    baseAmount: ONE_WETH,
    quoteLimit: LEAST_USDC,
    minFillBps: 10_000,
    legs: [
      {
        kind: 0,
        pool: addresses.usdcWeth500,
        baseAmount: ONE_WETH,
        sqrtPriceLimitX96: 0n,
        fee: 0,
        tickSpacing: 0,
      },
    ],
  });
  return {
    name,
    sender: accounts.keeper,
    sale: async (index) => callOf(addresses.hedgeModule, hedgeModuleAbi, 'hedge', [await order(index)]),
  };
}
