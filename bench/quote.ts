/**
 * How much faster a quote of an exact input is than @uniswap/v3-sdk's, in the same run and process:
 * `npx tsx bench/quote.ts`. Both get the same pool (401 ticks, 0.3 %) and must give the same integer.
 */
import { quoteExactIn, quoteToPrice } from '../src/core/amm/swap.ts';
import { sqrtPriceAtTick } from '../src/core/amm/tickMath.ts';
import { ladderPool } from '../test/support/pools.ts';
import { sdkPool } from '../test/support/v3Sdk.ts';

const SAMPLES = 40;
/** Least ratios to hold on a shared machine. */
const TARGETS: ReadonlyMap<number, number> = new Map([
  [0, 40],
  [10, 140],
  [100, 1_000],
]);

const pool = ladderPool(200);
const peer = sdkPool(pool);

/** The best of some samples, microseconds per call: what else runs on the machine can only add to a sample. */
function best(samples: readonly number[]): number {
  return Math.min(...samples);
}

function printRow(cells: readonly string[]): void {
  console.log(cells.map((cell, column) => cell.padStart(column === 0 ? 13 : 9)).join(''));
}

function timeOurs(amountRaw: bigint, calls: number): number {
  const started = performance.now();
  for (let i = 0; i < calls; i++) quoteExactIn(pool, { zeroForOne: true, amountRaw: amountRaw + BigInt(i) });
  return ((performance.now() - started) * 1000) / calls;
}

async function timeSdk(amountRaw: bigint, calls: number): Promise<number> {
  const amount = peer.amount0(amountRaw);
  const started = performance.now();
  for (let i = 0; i < calls; i++) await peer.pool.getOutputAmount(amount);
  return ((performance.now() - started) * 1000) / calls;
}

printRow(['ticks crossed', 'ours us', 'sdk us', 'ratio', 'target']);
for (const crossings of [0, 1, 10, 100]) {
  // The pool stands in the middle of the range above tick 0: end a quarter of the way up the range to be reached, and
  // between two ticks, as a swap of any given amount does.
  const tickAfter = pool.tickSpacing / 4 - crossings * pool.tickSpacing;
  const sqrtPriceLimitX96 = (sqrtPriceAtTick(tickAfter) + sqrtPriceAtTick(tickAfter + 1)) / 2n;
  const amountRaw = quoteToPrice(pool, { zeroForOne: true, sqrtPriceLimitX96 }).amountInRaw;
  const ours = quoteExactIn(pool, { zeroForOne: true, amountRaw });
  const [theirs] = await peer.pool.getOutputAmount(peer.amount0(amountRaw));
  if (ours.ticksCrossed !== crossings || `${ours.amountOutRaw}` !== theirs.quotient.toString()) {
    throw new Error(`not the same swap: ${ours.ticksCrossed} crossed, ${ours.amountOutRaw} out`);
  }
  const sdkCalls = Math.ceil(600 / (crossings + 1));
  const oursSamples: number[] = [];
  const sdkSamples: number[] = [];
  for (let sample = 0; sample <= SAMPLES; sample++) {
    const oursUs = timeOurs(amountRaw, sdkCalls * 20);
    const sdkUs = await timeSdk(amountRaw, sdkCalls);
    // The first pair is for the compiler to warm up on.
    if (sample > 0) {
      oursSamples.push(oursUs);
      sdkSamples.push(sdkUs);
    }
  }
  const ratio = best(sdkSamples) / best(oursSamples);
  const target = TARGETS.get(crossings);
  const wanted = target === undefined ? '-' : `>= ${target}`;
  printRow([
    String(crossings),
    best(oursSamples).toFixed(2),
    best(sdkSamples).toFixed(1),
    ratio.toFixed(1),
    wanted,
  ]);
  if (target !== undefined && ratio < target) process.exitCode = 1;
}
