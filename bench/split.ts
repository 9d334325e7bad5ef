/**
 * How much faster an order is split over four pools than by quoting each of them with @uniswap/v3-sdk at every 5 % of
 * the order and choosing the best combination, in the same run and process: `npx tsx bench/split.ts`. Warm: the pools'
 * ladders are there from an earlier order of the block. Cold: they are built on the way.
 */
import type { ConcentratedPool } from '../src/core/amm/pool.ts';
import { quoteExactIn } from '../src/core/amm/swap.ts';
import { sqrtPriceAtTick } from '../src/core/amm/tickMath.ts';
import { type SplitOrder, splitOrder } from '../src/core/hedge/split.ts';
import type { Address } from '../src/core/units.ts';
import { poolOfRanges } from '../test/support/pools.ts';
import { type SdkPool, sdkPool } from '../test/support/v3Sdk.ts';
import { cpuMicroseconds } from './support/cpuTime.ts';

const SAMPLES = 30;
const STEPS = 20;
/** Least ratios to hold on a shared machine. */
const WARM_TARGET = 1_000;
const COLD_TARGET = 35;

/** 400 adjacent ranges around tick 0 with uneven liquidity, thin enough for the order to cross some dozens of them. */
function thinPool(feePips: number, times: bigint): ConcentratedPool {
  const ranges = Array.from({ length: 400 }, (_, i) => ({
    tickLower: (i - 200) * 60,
    tickUpper: (i - 199) * 60,
    liquidity: 10n ** 19n * times * BigInt(5 + ((i * 7919) % 13)) + BigInt(i * i),
  }));
  const sqrtPriceX96 = (sqrtPriceAtTick(0) + sqrtPriceAtTick(60)) / 2n;
  const address: Address = `0x${feePips.toString(16).padStart(20, '0')}${times.toString(16).padStart(20, '0')}`;
  return { ...poolOfRanges({ feePips, tickSpacing: 60, sqrtPriceX96, ranges }), address };
}

const pools = [thinPool(3_000, 6n), thinPool(500, 4n), thinPool(500, 5n), thinPool(10_000, 7n)];
const peers = pools.map(sdkPool);
const order: SplitOrder = {
  side: 'sell',
  baseRaw: 150n * 10n ** 18n,
  base: pools[0]!.token0,
  bound: { numerator: 1n, denominator: 2n },
};

/** The best combination of shares of 5 %: all quotes, then dynamic programming over pools and shares. */
async function sdkGrid(sdkPools: readonly SdkPool[], baseRaw: bigint): Promise<bigint> {
  let best: bigint[] = [0n, ...Array(STEPS).fill(-1n)];
  for (const { pool, amount0 } of sdkPools) {
    const quotes = [0n];
    for (let step = 1; step <= STEPS; step++) {
      const [out] = await pool.getOutputAmount(amount0((baseRaw * BigInt(step)) / BigInt(STEPS)));
      quotes.push(BigInt(out.quotient.toString()));
    }
    best = best.map((_, total) => {
      let most = -1n;
      for (let share = 0; share <= total; share++) {
        const before = best[total - share]!;
        if (before >= 0n && before + quotes[share]! > most) most = before + quotes[share]!;
      }
      return most;
    });
  }
  return best[STEPS]!;
}

/** The best of some samples, microseconds of CPU: what else runs on the machine can only add to a sample. */
const best = (samples: readonly number[]): number => Math.min(...samples);

async function timed(calls: number, work: (call: number) => unknown): Promise<number> {
  const started = cpuMicroseconds();
  for (let call = 0; call < calls; call++) await work(call);
  return (cpuMicroseconds() - started) / calls;
}

function timedNow(calls: number, work: (call: number) => unknown): number {
  const started = cpuMicroseconds();
  for (let call = 0; call < calls; call++) work(call);
  return (cpuMicroseconds() - started) / calls;
}

const ours = splitOrder(pools, order);
if (ours === null) throw new Error('no split');
const grid = await sdkGrid(peers, order.baseRaw);
for (const { pool, baseRaw, quoteRaw } of ours.parts) {
  const peer = peers[pools.indexOf(pool as ConcentratedPool)]!;
  const [out] = await peer.pool.getOutputAmount(peer.amount0(baseRaw));
  if (out.quotient.toString() !== quoteRaw.toString())
    throw new Error(`${pool.address}: the SDK quotes ${out.quotient}`);
}
const improving = ours.parts.some((from) =>
  ours.parts.some((to) =>
    [12n, 13n, 14n, 15n, 16n].some((exponent) => {
      const moved = 10n ** exponent;
      if (from === to || from.baseRaw <= moved) return false;
      const zeroForOne = true;
      const less = quoteExactIn(from.pool, { zeroForOne, amountRaw: from.baseRaw - moved }).amountOutRaw;
      const more = quoteExactIn(to.pool, { zeroForOne, amountRaw: to.baseRaw + moved }).amountOutRaw;
      return less + more > from.quoteRaw + to.quoteRaw;
    }),
  ),
);

const samples = { sdk: [] as number[], warm: [] as number[], cold: [] as number[] };
for (let sample = 0; sample <= SAMPLES; sample++) {
  const warm = timedNow(400, (call) =>
    splitOrder(pools, { ...order, baseRaw: order.baseRaw + BigInt(call) }),
  );
  const cold = timedNow(10, () =>
    splitOrder(
      pools.map((pool) => ({ ...pool })),
      order,
    ),
  );
  const sdk = await timed(1, () => sdkGrid(peers, order.baseRaw));
  // The first round is for the compiler to warm up on.
  if (sample === 0) continue;
  samples.sdk.push(sdk);
  samples.warm.push(warm);
  samples.cold.push(cold);
}
const [warmRatio, coldRatio] = [
  best(samples.sdk) / best(samples.warm),
  best(samples.sdk) / best(samples.cold),
];
const gainBps = (Number(ours.quoteRaw - grid) / Number(grid)) * 10_000;
console.log(`sdk grid ${best(samples.sdk).toFixed(0)} us`);
console.log(`warm ${best(samples.warm).toFixed(1)} us, ${warmRatio.toFixed(0)}x, target >= ${WARM_TARGET}x`);
console.log(`cold ${best(samples.cold).toFixed(0)} us, ${coldRatio.toFixed(0)}x, target >= ${COLD_TARGET}x`);
console.log(
  `received ${gainBps.toFixed(3)} bps more than by the grid; improved by a move: ${improving ? 'yes' : 'no'}`,
);
if (warmRatio < WARM_TARGET || coldRatio < COLD_TARGET || gainBps < 0 || improving) process.exitCode = 1;
