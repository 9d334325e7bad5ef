import type { ConcentratedPool, ConstantProductPool } from '../../src/core/amm/pool.ts';
import { priceToRatio, sqrtPriceDown } from '../../src/core/amm/price.ts';
import { tickAtSqrtPrice } from '../../src/core/amm/tickMath.ts';
import type { Position } from '../../src/core/position.ts';
import type { PriceReading, Snapshot } from '../../src/core/snapshot.ts';
import type { Address, Token } from '../../src/core/units.ts';

export const weth: Token = {
  address: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
  symbol: 'WETH',
  decimals: 18,
};
export const usdc: Token = {
  address: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48',
  symbol: 'USDC',
  decimals: 6,
};
export const poolAddress: Address = '0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640';
export const vaultAddress: Address = '0x1111111111111111111111111111111111111111';
export const nowSeconds = 1_770_000_000;

/** Whole tokens as a raw amount; for test data of few digits. */
export const raw = (whole: number, token: Token): bigint =>
  (BigInt(Math.round(whole * 1e6)) * 10n ** BigInt(token.decimals)) / 10n ** 6n;

/** A pool with one full-range position that trades at `price` with `depthBase` of base on each side of it. */
export function poolAt(
  price: number,
  overrides: { base?: Token; quote?: Token; feePips?: number; address?: Address; depthBase?: number } = {},
): ConcentratedPool {
  const { base = weth, quote = usdc, feePips = 500, address = poolAddress, depthBase = 20_000 } = overrides;
  const baseIsToken0 = base.address.toLowerCase() < quote.address.toLowerCase();
  const ratio = priceToRatio(price, {
    baseIsToken0,
    baseDecimals: base.decimals,
    quoteDecimals: quote.decimals,
  });
  const sqrtPriceX96 = sqrtPriceDown(ratio, baseIsToken0);
  const depthRaw = raw(depthBase, base);
  const liquidity = baseIsToken0 ? (depthRaw * sqrtPriceX96) >> 96n : (depthRaw << 96n) / sqrtPriceX96;
  const edge = 887_270;
  return {
    kind: 'concentrated',
    venue: 'uniswapV3',
    address,
    token0: baseIsToken0 ? base.address : quote.address,
    token1: baseIsToken0 ? quote.address : base.address,
    feePips,
    tickSpacing: 10,
    sqrtPriceX96,
    tick: tickAtSqrtPrice(sqrtPriceX96),
    liquidity,
    ticks: [
      { index: -edge, liquidityNet: liquidity },
      { index: edge, liquidityNet: -liquidity },
    ],
    knownTicks: { lower: -edge, upper: edge },
  };
}

/** A pair that trades at `price` with `depthBase` of base in it. */
export function pairAt(
  price: number,
  { feeBps = 30, address = poolAddress, depthBase = 20_000 } = {},
): ConstantProductPool {
  return {
    kind: 'constantProduct',
    venue: 'uniswapV2',
    address,
    token0: usdc.address,
    token1: weth.address,
    feeBps,
    reserve0Raw: raw(depthBase * price, usdc),
    reserve1Raw: raw(depthBase, weth),
  };
}

/** A fresh oracle reading of `price`. */
export function oracleAt(price: number, overrides: Partial<PriceReading> = {}): PriceReading {
  const ratio = priceToRatio(price, { baseIsToken0: true, baseDecimals: 18, quoteDecimals: 6 });
  return {
    source:
      'chainlink 0x5f4eC3Df9cbd43714FE2740f5E3616155c5b8419 / 0x8fFfFfd4AfB6115b954Bd326cbe7B4BA576818f6',
    price,
    ...ratio,
    updatedAtSeconds: nowSeconds - 60,
    staleAfterSeconds: 3_600,
    fault: null,
    ...overrides,
  };
}

/** A spot position of whole base. */
export function spotBase(amount: number): Position {
  return { kind: 'spot', label: 'safe balance', asset: 'base', amountRaw: raw(amount, weth), locked: false };
}

export interface SnapshotParts {
  price?: number;
  positions?: readonly Position[];
  chain?: Partial<Snapshot['chain']>;
  guard?: Partial<Snapshot['chain']['guard']>;
  history?: Partial<Snapshot['history']>;
  native?: Partial<Snapshot['native']>;
  vault?: Partial<Snapshot['vault']>;
  volatility?: number;
}

/** A snapshot in which a hedge is possible: 100 base and 500,000 quote owned, one deep pool, everything in order. */
export function snapshotWith(parts: SnapshotParts = {}): Snapshot {
  const price = parts.price ?? 3_000;
  const hash = `0x${'ab'.repeat(32)}` as const;
  const pools = parts.chain?.pools ?? [poolAt(price)];
  return {
    schema: 1,
    vault: {
      name: 'eth-calls',
      chainId: 1,
      account: vaultAddress,
      base: weth,
      quote: usdc,
      numeraire: 'quote',
      deltaModel: 'stickyStrike',
      targetDelta: 0,
      rate: 0,
      ...parts.vault,
    },
    chain: {
      block: {
        number: 21_000_000n,
        hash,
        parentHash: hash,
        timestampSeconds: nowSeconds,
        baseFeePerGasWei: 10n ** 9n,
      },
      positions: parts.positions ?? [],
      holdings: { baseRaw: raw(100, weth), quoteRaw: raw(500_000, usdc) },
      prices: [oracleAt(price)],
      ...parts.chain,
      pools,
      guard: {
        module: '0x2222222222222222222222222222222222222222',
        nextSequence: 0n,
        enabled: true,
        paused: false,
        keeperAllowed: true,
        maxSlippageBps: 100,
        turnoverAvailableRaw: raw(1_000_000, usdc),
        minBaseRaw: 0n,
        maxBaseRaw: raw(1_000, weth),
        allowedPools: pools.map((pool) => pool.address),
        ...parts.guard,
      },
    },
    observed: {
      volatility: { source: 'fixed', volatility: parts.volatility ?? 0.6, observedAtSeconds: nowSeconds },
    },
    history: {
      lastHedge: null,
      consecutiveFailures: 0,
      paper: { baseRaw: 0n, quoteRaw: 0n },
      ...parts.history,
    },
    native: {
      priceQuote: price,
      baseFeePerGasWei: 10n ** 9n,
      priorityFeePerGasWei: 10n ** 8n,
      ...parts.native,
    },
  };
}
