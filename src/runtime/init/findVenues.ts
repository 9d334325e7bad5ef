import { zeroAddress } from 'viem';
import { uniswapV2FactoryAbi } from '../../../abis/uniswapV2Factory.ts';
import { uniswapV3FactoryAbi } from '../../../abis/uniswapV3Factory.ts';
import { call } from '../../adapters/chain/index.ts';
import type { Pool } from '../../core/amm/pool.ts';
import { percent } from '../../core/report/numbers.ts';
import type { EmptyPool } from '../../core/snapshot.ts';
import { type Address, Q96, sameAddress, toWhole } from '../../core/units.ts';
import type { Remembered } from '../../ports/protocol.ts';
import { wrappedNativeToken } from '../config/tokens.ts';
import type { Registry } from '../registry.ts';
import type { FoundMandate } from './findVault.ts';
import type { KnownContracts } from './knownContracts.ts';
import { type FoundPart, type Ground, tryParts, type WrittenPart } from './tryParts.ts';

/** Fee tiers of Uniswap, hundredths of a basis point, with the tick spacing that v4 pools of theirs usually have. */
const TIERS: readonly (readonly [number, number])[] = [
  [100, 1],
  [500, 10],
  [3_000, 60],
  [10_000, 200],
];
const PIPS = 1_000_000;
/** A pool with less depth than this share of the deepest is left out: it would cost rounds and carry nothing. */
const LEAST_SHARE = 0.01;

/** Pools of a pair: those to hedge on, and those that were looked at and left out, with why. */
export interface FoundVenues {
  readonly used: readonly FoundPart[];
  readonly leftOut: readonly FoundPart[];
  /** The deepest Uniswap v3 pool, null where there is none. */
  readonly deepestV3: Address | null;
  /** Fees of the Uniswap v3 pools that are used, hundredths of a basis point. */
  readonly v3Fees: readonly number[];
}

interface Candidate {
  readonly part: WrittenPart;
  readonly pool: Pool;
  /** Base in the pool at its price, whole tokens: a measure of depth that all kinds of pools share. */
  readonly depthBase: number;
}

/** Every pool of the pair that Uniswap's own factories and registries name, deepest first. */
export async function findVenues(
  ground: Ground,
  known: KnownContracts | null,
  mandate: FoundMandate | null,
  { venues }: Registry,
): Promise<FoundVenues> {
  if (known === null) return { used: [], leftOut: [], deepestV3: null, v3Fees: [] };
  const parts = [...(await factoryPools(ground, known)), ...v4Candidates(ground, known)];
  const tried = await tryParts<Remembered<Pool | EmptyPool>>(ground, venues, parts);
  const candidates = tried
    .flatMap((one): readonly Candidate[] => {
      if (!('value' in one) || one.value.value.kind === 'empty') return [];
      const pool = one.value.value as Pool;
      return [{ part: one.part, pool, depthBase: depthBase(pool, ground) }];
    })
    .filter((one) => one.depthBase > 0)
    .toSorted((a, b) => b.depthBase - a.depthBase);
  const deepest = candidates[0]?.depthBase ?? 0;
  const isDeep = (one: Candidate) => one.depthBase >= LEAST_SHARE * deepest;
  const allowed =
    mandate === null ? null : [...mandate.pools, ...mandate.v4Pools.map((id) => `0x${id.slice(26)}`)];
  const isAllowed = ({ pool }: Candidate) =>
    allowed === null || allowed.some((address) => sameAddress(address, pool.address));
  const used = candidates.filter((one) => isDeep(one) && isAllowed(one));
  const said = (one: Candidate, why: string): FoundPart => ({
    part: one.part,
    words: `${wordsOf(one, ground)}${why}`,
    isGuess: false,
  });
  return {
    used: used.map((one) => said(one, '')),
    leftOut: [
      ...candidates.filter((one) => !isAllowed(one)).map((one) => said(one, ', not in the mandate')),
      ...candidates.filter((one) => isAllowed(one) && !isDeep(one)).map((one) => said(one, ', too thin')),
    ],
    deepestV3: candidates.find(({ pool }) => pool.venue === 'uniswapV3')?.pool.address ?? null,
    v3Fees: used.flatMap(({ pool }) =>
      pool.kind === 'concentrated' && pool.venue === 'uniswapV3' ? [pool.feePips] : [],
    ),
  };
}

async function factoryPools(
  { chain, block, terms: { base, quote } }: Ground,
  { uniswapV3Factory, uniswapV2Factory }: KnownContracts,
): Promise<readonly WrittenPart[]> {
  const v3 = TIERS.map(([fee]) =>
    call(uniswapV3FactoryAbi, uniswapV3Factory, 'getPool', [base.address, quote.address, fee]),
  );
  const v2 =
    uniswapV2Factory === null
      ? []
      : [call(uniswapV2FactoryAbi, uniswapV2Factory, 'getPair', [base.address, quote.address])];
  const outcomes = await chain.read([...v3, ...v2], block);
  return outcomes.flatMap((outcome, index) => {
    if (!outcome.ok || outcome.value === zeroAddress) return [];
    return [{ kind: index < v3.length ? 'uniswapV3' : 'uniswapV2', pool: outcome.value }];
  });
}

/** v4 has no list of a pair's pools: those with the usual fees and no hook are tried, of the tokens and of the chain's own coin. */
function v4Candidates({ chain, terms }: Ground, { hasUniswapV4 }: KnownContracts): readonly WrittenPart[] {
  if (!hasUniswapV4) return [];
  const wrapped = wrappedNativeToken(chain.chainId);
  const native = (['base', 'quote'] as const).find(
    (side) => wrapped !== null && sameAddress(terms[side].address, wrapped.address),
  );
  return TIERS.flatMap(([fee, tickSpacing]) => [
    { kind: 'uniswapV4', fee, tickSpacing },
    ...(native === undefined ? [] : [{ kind: 'uniswapV4', fee, tickSpacing, native }]),
  ]);
}

function depthBase(pool: Pool, { terms: { base } }: Ground): number {
  const isToken0 = sameAddress(pool.token0, base.address);
  if (pool.kind === 'constantProduct') {
    return toWhole(isToken0 ? pool.reserve0Raw : pool.reserve1Raw, base.decimals);
  }
  const { liquidity, sqrtPriceX96 } = pool;
  if (sqrtPriceX96 === 0n) return 0;
  const raw = isToken0 ? (liquidity * Q96) / sqrtPriceX96 : (liquidity * sqrtPriceX96) / Q96;
  return toWhole(raw, base.decimals);
}

function wordsOf({ part, pool }: Candidate, { terms: { base, quote } }: Ground): string {
  const fee = pool.kind === 'concentrated' ? pool.feePips / PIPS : pool.feeBps / 10_000;
  const name = part.native === undefined ? base.symbol : `${base.symbol} as the chain's own coin`;
  return `${name}/${quote.symbol} ${percent(fee, fee < 0.001 ? 2 : 1)}`;
}
