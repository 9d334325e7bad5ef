/**
 * How much faster a quote of an exact input is than @uniswap/v3-sdk's, in the same run and process:
 * `npx tsx bench/quote.ts`. All get the same pool (401 ticks, 0.3 %) and must give the same integer. `ladder` is a
 * pool's later quotes of a block, `loop` works through the ticks each time, `first` is a pool's first quote, which
 * builds the ladder on its way; tick prices are known in all of them, as they never change.
 */
import type { ConcentratedPool } from '../src/core/amm/pool.ts';
import { quoteExactIn, quoteToPrice } from '../src/core/amm/swap.ts';
import { swapByLoop } from '../src/core/amm/swapLoop.ts';
import { sqrtPriceAtTick } from '../src/core/amm/tickMath.ts';
import { ladderPool } from '../test/support/pools.ts';
import { sdkPool } from '../test/support/v3Sdk.ts';
import { cpuMicroseconds } from './support/cpuTime.ts';

const SAMPLES = 40;
const CONSTANT_CALLS = 6_000;

/** A way to quote an amount of token0, and the least ratios to the SDK, by ticks crossed, to hold on a shared machine. */
interface Contender {
  readonly name: string;
  readonly quote: (amountRaw: bigint) => unknown;
  /** Whether a call takes as long however many ticks are crossed: then a sample takes many of them. */
  readonly isConstant: boolean;
  readonly targets: ReadonlyMap<number, number>;
}

const pool = ladderPool(200);
const peer = sdkPool(pool);

/** The best of some samples, microseconds of CPU per call: what else runs on the machine can only add to a sample. */
function best(samples: readonly number[]): number {
  return Math.min(...samples);
}

function printRow(cells: readonly string[]): void {
  console.log(cells.map((cell, column) => cell.padStart(column === 0 ? 13 : 9)).join(''));
}

const contenders: readonly Contender[] = [
  {
    name: 'ladder',
    isConstant: true,
    quote: (amountRaw) => quoteExactIn(pool, { zeroForOne: true, amountRaw }),
    targets: new Map([
      [0, 40],
      [10, 140],
      [100, 1_000],
    ]),
  },
  {
    name: 'loop',
    isConstant: false,
    quote: (amountRaw) => swapByLoop(pool, { zeroForOne: true, amountRaw }, true),
    targets: new Map([
      [0, 35],
      [100, 11],
    ]),
  },
  {
    name: 'first',
    isConstant: false,
    quote: (amountRaw) => {
      const fresh: ConcentratedPool = { ...pool };
      return quoteExactIn(fresh, { zeroForOne: true, amountRaw });
    },
    targets: new Map(),
  },
];

function timeOurs({ quote }: Contender, amountRaw: bigint, calls: number): number {
  const started = cpuMicroseconds();
  for (let i = 0; i < calls; i++) quote(amountRaw + BigInt(i));
  return (cpuMicroseconds() - started) / calls;
}

async function timeSdk(amountRaw: bigint, calls: number): Promise<number> {
  const amount = peer.amount0(amountRaw);
  const started = cpuMicroseconds();
  for (let i = 0; i < calls; i++) await peer.pool.getOutputAmount(amount);
  return (cpuMicroseconds() - started) / calls;
}

printRow(['ticks crossed', 'quote', 'ours us', 'sdk us', 'ratio', 'target']);
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
  const oursSamples = contenders.map((): number[] => []);
  const sdkSamples: number[] = [];
  for (let sample = 0; sample <= SAMPLES; sample++) {
    const oursUs = contenders.map((contender) =>
      timeOurs(contender, amountRaw, contender.isConstant ? CONSTANT_CALLS : sdkCalls * 10),
    );
    const sdkUs = await timeSdk(amountRaw, sdkCalls);
    // The first round is for the compiler to warm up on.
    if (sample === 0) continue;
    oursUs.forEach((us, contender) => {
      oursSamples[contender]!.push(us);
    });
    sdkSamples.push(sdkUs);
  }
  contenders.forEach(({ name, targets }, contender) => {
    const oursUs = best(oursSamples[contender]!);
    const ratio = best(sdkSamples) / oursUs;
    const target = targets.get(crossings);
    const wanted = target === undefined ? '-' : `>= ${target}`;
    printRow([
      String(crossings),
      name,
      oursUs.toFixed(2),
      best(sdkSamples).toFixed(1),
      ratio.toFixed(1),
      wanted,
    ]);
    if (target !== undefined && ratio < target) process.exitCode = 1;
  });
}
