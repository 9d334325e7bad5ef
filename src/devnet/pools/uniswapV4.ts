import { concatHex, encodeAbiParameters, keccak256, parseAbi, parseAbiParameters, sliceHex } from 'viem';
import { poolManagerAbi } from '../../../abis/poolManager.ts';
import { poolSwapTestAbi } from '../../../abis/poolSwapTest.ts';
import { positionManagerAbi } from '../../../abis/positionManager.ts';
import { stateViewAbi } from '../../../abis/stateView.ts';
import { type LiquidityLayer, type LiquidityRange, liquidityRanges } from '../../core/amm/liquidityLayers.ts';
import type { Address, Hash, Hex, Token } from '../../core/units.ts';
import { devnetAccounts } from '../accounts.ts';
import { devnetV4Swapper, mainnet } from '../addresses.ts';
import { addresses, at } from '../contracts.ts';
import { DevnetError } from '../errors.ts';
import type { Arbitrage } from '../market/market.ts';
import { sqrtPriceOf } from '../market/market.ts';
import { npmBytecode, permit2Runtime } from '../node/artifacts.ts';
import type { AnvilNode } from '../node/node.ts';
import type { Placement } from '../node/place.ts';
import { type Call, callOf } from '../node/transactions.ts';
import { approveCall, fundCall } from '../seed.ts';
import { amountsOfRange } from './liquidityShape.ts';
import { type DevnetPool, devnetTokens, unitsOf } from './pools.ts';

/** A Uniswap v4 pool of the devnet; `address` is the last 20 bytes of its id. */
export interface DevnetV4Pool extends DevnetPool {
  readonly id: Hash;
  readonly key: {
    readonly currency0: Address;
    readonly currency1: Address;
    readonly fee: number;
    readonly tickSpacing: number;
    readonly hooks: Address;
  };
}

const NATIVE: Address = '0x0000000000000000000000000000000000000000';
const { weth, usdc } = devnetTokens;

/** The pools that a devnet with `uniswapV4` has: the first is of ether itself, and has mainnet's id. */
export const devnetV4Pools = {
  ethUsdc500: v4Pool('ETH/USDC 0.05% v4', weth, usdc, 500, 10, true),
  usdcWeth3000: v4Pool('USDC/WETH 0.3% v4', usdc, weth, 3_000, 60, false),
} as const satisfies Readonly<Record<string, DevnetV4Pool>>;

const pools: readonly DevnetV4Pool[] = Object.values(devnetV4Pools);
const layers: readonly LiquidityLayer[] = [
  { halfWidthTicks: 600, depthBase: 20_000 },
  { halfWidthTicks: null, depthBase: 6_000 },
];

const permit2Abi = parseAbi([
  'function approve(address token, address spender, uint160 amount, uint48 expiration)',
]);
const MAX_UINT160 = (1n << 160n) - 1n;
const MAX_UINT48 = 2 ** 48 - 1;
const FOREVER = (1n << 64n) - 1n;
/** Mainnet's; not on the devnet. */
const POSITION_DESCRIPTOR: Address = '0xd1428Ba554F4C8450b763a0B2040A4935c63f06C';
const UNSUBSCRIBE_GAS = 300_000n;
const PAIR_INIT_CODE_HASH: Hash = '0x96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f';
const POOL_INIT_CODE_HASH: Hash = '0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54';
/** The position manager's actions: mint a position, pay both currencies, return what is left of one. */
const MINT_SETTLE_SWEEP: Hex = '0x020d14';
/** Burn a position, take both currencies. */
const BURN_TAKE: Hex = '0x0311';
/** More than any pool takes: the price limit ends the swap. */
const MORE_THAN_ENOUGH = 1n << 120n;
/** Ether sent along with a swap of it; what is not needed comes back. */
const ETHER_AT_HAND = 10_000_000n * 10n ** 18n;

function v4Pool(
  name: string,
  token0: Token,
  token1: Token,
  feePips: number,
  tickSpacing: number,
  native: boolean,
): DevnetV4Pool {
  const currency0 = native ? NATIVE : token0.address;
  const key = { currency0, currency1: token1.address, fee: feePips, tickSpacing, hooks: NATIVE };
  const id = keccak256(
    encodeAbiParameters(parseAbiParameters('address, address, uint24, int24, address'), [
      key.currency0,
      key.currency1,
      key.fee,
      key.tickSpacing,
      key.hooks,
    ]),
  );
  const baseIsToken0 = token0 === weth;
  const address = sliceHex(id, 12);
  return { name, address, token0, token1, feePips, tickSpacing, baseIsToken0, followsMarket: true, id, key };
}

/**
 * PoolManager, its readers, the position manager, Permit2 and the Universal Router.
 *
 * @throws DevnetError where the packages that ship them are not installed
 */
export function v4Placements(): readonly Placement[] {
  const { poolManager, permit2, weth: weth9 } = mainnet;
  try {
    const core = (name: string) => npmBytecode(`@uniswap/v4-core/out/${name}.sol/${name}.json`);
    const periphery = (name: string) =>
      npmBytecode(`@uniswap/v4-periphery/foundry-out/${name}.sol/${name}.json`);
    return [
      at('poolManager', core('PoolManager'), addresses(devnetAccounts().deployer.address)),
      {
        name: 'v4 swapper',
        address: devnetV4Swapper,
        creationCode: core('PoolSwapTest'),
        constructorArguments: addresses(poolManager),
      },
      at('stateView', periphery('StateView'), addresses(poolManager)),
      at('v4Quoter', periphery('V4Quoter'), addresses(poolManager)),
      at('permit2', creationOf(permit2Runtime())),
      at(
        'positionManager',
        periphery('PositionManager'),
        encodeAbiParameters(parseAbiParameters('address, address, uint256, address, address'), [
          poolManager,
          permit2,
          UNSUBSCRIBE_GAS,
          POSITION_DESCRIPTOR,
          weth9,
        ]),
      ),
      at(
        'universalRouter',
        npmBytecode('@uniswap/universal-router/artifacts/contracts/UniversalRouter.sol/UniversalRouter.json'),
        universalRouterArguments(),
      ),
    ];
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'MODULE_NOT_FOUND') throw cause;
    throw new DevnetError('Uniswap v4 is not installed', {
      cause,
      action:
        'npm install @uniswap/v4-core@1.0.2 @uniswap/v4-periphery@1.0.3 @uniswap/universal-router@2.1.0, or start without it',
    });
  }
}

/** Code that answers other code: a length, and what follows these ten bytes. */
function creationOf(runtime: Hex): Hex {
  const length = ((runtime.length - 2) / 2).toString(16).padStart(4, '0');
  return concatHex([`0x61${length}80600a3d393df3`, runtime]);
}

function universalRouterArguments(): Hex {
  return encodeAbiParameters(
    parseAbiParameters(
      '(address, address, address, address, bytes32, bytes32, address, address, address, address)',
    ),
    [
      [
        mainnet.permit2,
        mainnet.weth,
        mainnet.uniswapV2Factory,
        mainnet.uniswapV3Factory,
        PAIR_INIT_CODE_HASH,
        POOL_INIT_CODE_HASH,
        mainnet.poolManager,
        mainnet.nonfungiblePositionManager,
        mainnet.positionManager,
        NATIVE,
      ],
    ],
  );
}

/** Calls that open the pools, by the liquidity provider, and the arbitrageur's approvals. */
export const openV4Pools = {
  open: (provider: Address, startPrice: number): readonly Call[] => [
    ...v4ApprovalCalls(),
    ...pools.flatMap((pool) => {
      const sqrtPriceX96 = sqrtPriceOf(pool, startPrice);
      return [
        callOf(mainnet.poolManager, poolManagerAbi, 'initialize', [pool.key, sqrtPriceX96]),
        ...liquidityRanges({ ...pool, ...unitsOf(pool) }, layers, sqrtPriceX96).flatMap((range) => [
          ...v4FundingCalls(pool, range, sqrtPriceX96, provider),
          mintV4Call(pool, range, sqrtPriceX96, provider),
        ]),
      ];
    }),
  ],
  approvals: (): readonly Call[] => [weth, usdc].map(({ address }) => approveCall(address, devnetV4Swapper)),
};

/** Lets the position manager take WETH and USDC from the caller, by way of Permit2. */
export function v4ApprovalCalls(): readonly Call[] {
  return [weth, usdc].flatMap(({ address }) => [
    approveCall(address, mainnet.permit2),
    callOf(mainnet.permit2, permit2Abi, 'approve', [
      address,
      mainnet.positionManager,
      MAX_UINT160,
      MAX_UINT48,
    ]),
  ]);
}

/** Gives an account the tokens that a range needs; ether it must have itself. */
export function v4FundingCalls(
  { key, token0, token1 }: DevnetV4Pool,
  range: LiquidityRange,
  sqrtPriceX96: bigint,
  account: Address,
): readonly Call[] {
  const { amount0Raw, amount1Raw } = amountsOfRange(range, sqrtPriceX96);
  return [
    ...(key.currency0 === NATIVE ? [] : fundCall(token0.address, account, amount0Raw)),
    ...fundCall(token1.address, account, amount1Raw),
  ];
}

/** Mints a position for an account, which pays; ether that is not needed comes back. */
export function mintV4Call(
  pool: DevnetV4Pool,
  range: LiquidityRange,
  sqrtPriceX96: bigint,
  account: Address,
): Call {
  const { key } = pool;
  const { amount0Raw, amount1Raw } = amountsOfRange(range, sqrtPriceX96);
  const position = encodeAbiParameters(
    parseAbiParameters(
      '(address, address, uint24, int24, address), int24, int24, uint256, uint128, uint128, address, bytes',
    ),
    [
      [key.currency0, key.currency1, key.fee, key.tickSpacing, key.hooks],
      range.tickLower,
      range.tickUpper,
      range.liquidity,
      amount0Raw,
      amount1Raw,
      account,
      '0x',
    ],
  );
  const both = encodeAbiParameters(parseAbiParameters('address, address'), [key.currency0, key.currency1]);
  const rest = encodeAbiParameters(parseAbiParameters('address, address'), [key.currency0, account]);
  const actions = encodeAbiParameters(parseAbiParameters('bytes, bytes[]'), [
    MINT_SETTLE_SWEEP,
    [position, both, rest],
  ]);
  return callOf(
    mainnet.positionManager,
    positionManagerAbi,
    'modifyLiquidities',
    [actions, FOREVER],
    key.currency0 === NATIVE ? amount0Raw : 0n,
  );
}

/** Burns a position of the caller; its liquidity and its fees go to an account. */
export function burnV4Call({ key }: DevnetV4Pool, id: bigint, recipient: Address): Call {
  const burn = encodeAbiParameters(parseAbiParameters('uint256, uint128, uint128, bytes'), [
    id,
    0n,
    0n,
    '0x',
  ]);
  const take = encodeAbiParameters(parseAbiParameters('address, address, address'), [
    key.currency0,
    key.currency1,
    recipient,
  ]);
  const actions = encodeAbiParameters(parseAbiParameters('bytes, bytes[]'), [BURN_TAKE, [burn, take]]);
  return callOf(mainnet.positionManager, positionManagerAbi, 'modifyLiquidities', [actions, FOREVER]);
}

/** Brings each pool to the market's price, exactly. */
export function v4Arbitrage(node: AnvilNode): readonly Arbitrage[] {
  return pools.map((pool) => async (price) => {
    const [from] = await node.read(mainnet.stateView, stateViewAbi, 'getSlot0', [pool.id]);
    const to = sqrtPriceOf(pool, price);
    if (from === to) return [];
    const zeroForOne = to < from;
    const valueWei = zeroForOne && pool.key.currency0 === NATIVE ? ETHER_AT_HAND : 0n;
    return [
      callOf(
        devnetV4Swapper,
        poolSwapTestAbi,
        'swap',
        [
          pool.key,
          { zeroForOne, amountSpecified: -MORE_THAN_ENOUGH, sqrtPriceLimitX96: to },
          { takeClaims: false, settleUsingBurn: false },
          '0x',
        ],
        valueWei,
      ),
    ];
  });
}
