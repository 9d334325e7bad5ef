import { nonfungiblePositionManagerAbi } from '../../../abis/nonfungiblePositionManager.ts';
import { otokenStandInAbi } from '../../../abis/otokenStandIn.ts';
import { positionManagerAbi } from '../../../abis/positionManager.ts';
import { stateViewAbi } from '../../../abis/stateView.ts';
import type { LiquidityRange } from '../../core/amm/liquidityLayers.ts';
import { tickAtSqrtPrice } from '../../core/amm/tickMath.ts';
import { type Address, type Hash, type Hex, type Token, toRawDown, toRawUp } from '../../core/units.ts';
import { aaveBorrowCall, aaveSupplyCalls } from '../aave/aave.ts';
import type { DevnetAccount, DevnetAccounts } from '../accounts.ts';
import { mainnet } from '../addresses.ts';
import { sqrtPriceOf } from '../market/market.ts';
import type { AnvilNode } from '../node/node.ts';
import { type Call, callOf } from '../node/transactions.ts';
import { type DevnetPool, unitsOf } from '../pools/pools.ts';
import { type DevnetV4Pool, mintV4Call, v4ApprovalCalls, v4FundingCalls } from '../pools/uniswapV4.ts';
import { approveCall, fundCall } from '../seed.ts';
import { defaultMandate, type Mandate, mandateCalls } from './mandate.ts';
import {
  collateralAmount,
  collateralOf,
  type OptionSeries,
  resolveSeries,
  type ShortOption,
  writeOptionCalls,
} from './opyn.ts';
import { createSafeCall, predictSafe, safeBatchCall } from './safe.ts';

/** Whole tokens of something. */
export interface TokenAmount {
  readonly token: Token;
  readonly amount: number;
}

/** Calls of one account. */
export interface CallsFrom {
  readonly from: DevnetAccount;
  readonly calls: readonly Call[];
}

/** What the vault builders need of the devnet. */
export interface VaultTools {
  readonly node: AnvilNode;
  readonly accounts: DevnetAccounts;
  /** Mines calls of several accounts in one block, in order; throws where one reverts. */
  transact(batches: readonly CallsFrom[]): Promise<readonly Hash[]>;
}

/** A range of prices to provide liquidity in. */
export interface RangeRequest {
  readonly pool: DevnetPool;
  readonly lowerPrice: number;
  readonly upperPrice: number;
  /** The most of each token that goes in, whole tokens; what the range does not take stays with the Safe. */
  readonly baseAmount: number;
  readonly quoteAmount: number;
}

/** A Safe on the devnet, owned by its `owner` account, with ways to give it positions. */
export interface DevnetSafe {
  readonly address: Address;
  /** Makes the Safe run calls in one transaction. @throws DevnetError when one reverts */
  execute(calls: readonly Call[]): Promise<void>;
  /** Writes options, each in an Opyn vault of its own; the collateral is given to the Safe first. @returns the oTokens */
  writeOptions(options: readonly ShortOption[]): Promise<readonly Address[]>;
  /** Gives the Safe bought options. @returns the oTokens */
  holdOptions(options: readonly ShortOption[]): Promise<readonly Address[]>;
  /** Mints a Uniswap v3 position for the Safe; both tokens are given to it first. @returns the position's NFT id */
  provideLiquidity(range: RangeRequest): Promise<bigint>;
  /**
   * Mints a Uniswap v4 position for the Safe; tokens are given to it first, and ether where the pool is of ether.
   *
   * @returns the position's NFT id
   */
  provideV4Liquidity(pool: DevnetV4Pool, range: LiquidityRange): Promise<bigint>;
  /** Lends tokens on Aave, which are given to the Safe first; they become its collateral. */
  supplyToAave(amounts: readonly TokenAmount[]): Promise<void>;
  /** Borrows on Aave at the variable rate; the Safe keeps what it gets. @throws DevnetError where Aave refuses */
  borrowFromAave(amounts: readonly TokenAmount[]): Promise<void>;
}

/** How a Safe is made. */
export interface SafeOptions {
  /** Replaces parts of the default mandate (keeper, both USDC pools, 1.5 % slippage); null = no module, no mandate. */
  readonly mandate?: Partial<Mandate> | null;
  /** What it holds at the start. */
  readonly holdings?: readonly TokenAmount[];
}

const OTOKEN_DECIMALS = 8;
const FAR_FUTURE = 1n << 64n;

/** Makes a Safe 1.4.1 with the HedgeModule enabled, a mandate set and some money, in one block. */
export async function createSafe(tools: VaultTools, options: SafeOptions = {}): Promise<DevnetSafe> {
  const { node, accounts } = tools;
  const { owner, deployer } = accounts;
  const nonce = BigInt(await node.request<Hex>('eth_getTransactionCount', [owner.address, 'latest']));
  const creation = createSafeCall(owner.address, nonce);
  const address = await predictSafe(node, creation);
  const calls = [creation];
  if (options.mandate !== null) {
    const mandate = { ...defaultMandate(accounts), ...options.mandate };
    calls.push(safeBatchCall(address, owner.address, mandateCalls(address, mandate)));
  }
  await tools.transact([
    { from: owner, calls },
    { from: deployer, calls: funding(address, options.holdings ?? []) },
  ]);
  return openSafe(tools, address);
}

/** The ways to work with a Safe that exists and belongs to the devnet's owner. */
export function openSafe(tools: VaultTools, address: Address): DevnetSafe {
  const { owner, deployer } = tools.accounts;
  const batch = (calls: readonly Call[]): CallsFrom => ({
    from: owner,
    calls: [safeBatchCall(address, owner.address, calls)],
  });
  return {
    address,
    async execute(calls) {
      await tools.transact([batch(calls)]);
    },
    async writeOptions(options) {
      const series = await resolveAll(tools.node, options);
      const collateral = options.map((option) => ({
        token: collateralOf(option),
        amount: collateralAmount(option),
      }));
      const writes = options.flatMap((option, index) =>
        writeOptionCalls(option, series.otokens[index]!, tools.accounts.user.address),
      );
      await tools.transact([
        { from: deployer, calls: [...series.creations, ...funding(address, collateral)] },
        batch(writes),
      ]);
      return series.otokens;
    },
    async holdOptions(options) {
      const series = await resolveAll(tools.node, options);
      const mints = options.map(({ amount }, index) =>
        callOf(series.otokens[index]!, otokenStandInAbi, 'mint', [
          address,
          toRawDown(amount, OTOKEN_DECIMALS),
        ]),
      );
      await tools.transact([{ from: deployer, calls: [...series.creations, ...mints] }]);
      return series.otokens;
    },
    async provideLiquidity(range) {
      const { amounts, calls } = provision(range, address);
      await tools.transact([{ from: deployer, calls: funding(address, amounts) }, batch(calls)]);
      return newestPosition(tools.node, address);
    },
    async provideV4Liquidity(pool, range) {
      const { node } = tools;
      const [sqrtPriceX96] = await node.read(mainnet.stateView, stateViewAbi, 'getSlot0', [pool.id]);
      const id = await node.read(mainnet.positionManager, positionManagerAbi, 'nextTokenId');
      const mint = mintV4Call(pool, range, sqrtPriceX96, address);
      const balanceWei = BigInt(await node.request<Hex>('eth_getBalance', [address, 'latest']));
      await node.request('anvil_setBalance', [address, balanceWei + (mint.valueWei ?? 0n)]);
      await tools.transact([
        { from: deployer, calls: v4FundingCalls(pool, range, sqrtPriceX96, address) },
        batch([...v4ApprovalCalls(), mint]),
      ]);
      return id;
    },
    async supplyToAave(amounts) {
      const supplies = amounts.flatMap(({ token, amount }) => aaveSupplyCalls(address, token, amount));
      await tools.transact([{ from: deployer, calls: funding(address, amounts) }, batch(supplies)]);
    },
    async borrowFromAave(amounts) {
      const borrows = amounts.map(({ token, amount }) => aaveBorrowCall(address, token, amount));
      await tools.transact([batch(borrows)]);
    },
  };
}

/** The calls, by the devnet's deployer, that give an account what it asks for. */
export function funding(account: Address, amounts: readonly TokenAmount[]): readonly Call[] {
  return amounts.flatMap(({ token, amount }) =>
    fundCall(token.address, account, toRawUp(amount, token.decimals)),
  );
}

/** The oTokens of some series, and the calls that create those that do not exist yet. Series may repeat; each is created once. */
export async function resolveAll(node: AnvilNode, options: readonly OptionSeries[]) {
  const resolved = await Promise.all(options.map((option) => resolveSeries(node, option)));
  const creations = new Map(
    resolved.flatMap(({ otoken, creation }) => (creation === null ? [] : [[otoken, creation]])),
  );
  return { otokens: resolved.map(({ otoken }) => otoken), creations: [...creations.values()] };
}

/** What goes into a range, and the calls of the account that provides it. */
function provision(range: RangeRequest, recipient: Address) {
  const { pool, baseAmount, quoteAmount } = range;
  const { baseIsToken0 } = unitsOf(pool);
  const [amount0, amount1] = baseIsToken0 ? [baseAmount, quoteAmount] : [quoteAmount, baseAmount];
  const amount0Raw = toRawUp(amount0, pool.token0.decimals);
  const amount1Raw = toRawUp(amount1, pool.token1.decimals);
  const ticks = [range.lowerPrice, range.upperPrice].map((price) => usableTick(pool, price));
  const mint = {
    token0: pool.token0.address,
    token1: pool.token1.address,
    fee: pool.feePips,
    tickLower: Math.min(...ticks),
    tickUpper: Math.max(...ticks),
    amount0Desired: amount0Raw,
    amount1Desired: amount1Raw,
    amount0Min: 0n,
    amount1Min: 0n,
    recipient,
    deadline: FAR_FUTURE,
  };
  const { nonfungiblePositionManager: manager } = mainnet;
  return {
    amounts: [
      { token: pool.token0, amount: amount0 },
      { token: pool.token1, amount: amount1 },
    ],
    calls: [
      ...exactApproval(pool.token0, manager, amount0Raw),
      ...exactApproval(pool.token1, manager, amount1Raw),
      callOf(manager, nonfungiblePositionManagerAbi, 'mint', [mint]),
    ],
  };
}

/** USDT replaces an allowance only by way of zero. */
function exactApproval({ address }: Token, spender: Address, amountRaw: bigint): readonly Call[] {
  return [approveCall(address, spender, 0n), approveCall(address, spender, amountRaw)];
}

function usableTick(pool: DevnetPool, price: number): number {
  return Math.round(tickAtSqrtPrice(sqrtPriceOf(pool, price)) / pool.tickSpacing) * pool.tickSpacing;
}

async function newestPosition(node: AnvilNode, owner: Address): Promise<bigint> {
  const { nonfungiblePositionManager: manager } = mainnet;
  const count = await node.read(manager, nonfungiblePositionManagerAbi, 'balanceOf', [owner]);
  return node.read(manager, nonfungiblePositionManagerAbi, 'tokenOfOwnerByIndex', [owner, count - 1n]);
}
