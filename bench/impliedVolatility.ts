/**
 * Implied volatilities per second against two packages of npm, in the same run and process:
 * `npx tsx bench/impliedVolatility.ts`. The options are those of a busy market: strikes within 35 % of the spot in logs,
 * two days to a year, volatility 30 to 120 %, time value above 1e-4 of the spot. Peers are measured on as many of them as
 * their speed allows; the errors are against the volatility that made the price.
 */
import { createRequire } from 'node:module';
import { BlackScholes } from '@uqee/black-scholes';
import { blackScholes, type OptionType } from '../src/core/options/blackScholes.ts';
import { type ImpliedVolatilityInput, impliedVolatility } from '../src/core/options/impliedVolatility.ts';
import { seededUniform } from '../test/support/random.ts';

const TARGET_RATIO = 13;
const ACCURACY = 1e-11;
const SAMPLES = 7;

interface Quote {
  readonly input: ImpliedVolatilityInput;
  readonly spot: number;
  readonly rate: number;
  readonly volatility: number;
}

interface Peer {
  readonly name: string;
  readonly count: number;
  readonly invert: (quote: Quote) => number;
}

const require = createRequire(import.meta.url);
const { getImpliedVolatility } = require('implied-volatility') as {
  getImpliedVolatility(
    price: number,
    spot: number,
    strike: number,
    years: number,
    rate: number,
    type: OptionType,
  ): number;
};

function drawQuotes(count: number): Quote[] {
  const uniform = seededUniform(20_240_501);
  const between = (low: number, high: number) => low + (high - low) * uniform();
  const quotes: Quote[] = [];
  while (quotes.length < count) {
    const type = uniform() < 0.5 ? 'call' : 'put';
    const spot = between(2500, 3500);
    const strike = spot * Math.exp(between(-0.35, 0.35));
    const years = between(2 / 365, 1);
    const rate = between(0, 0.05);
    const volatility = between(0.3, 1.2);
    const { price } = blackScholes({ type, spot, strike, years, rate, dividendYield: 0, volatility });
    const discount = Math.exp(-rate * years);
    const forward = spot / discount;
    const intrinsic = discount * Math.max(type === 'call' ? forward - strike : strike - forward, 0);
    if (price - intrinsic <= 1e-4 * spot) continue;
    quotes.push({ input: { type, forward, strike, years, price, discount }, spot, rate, volatility });
  }
  return quotes;
}

const exactBisection = new BlackScholes({
  priceToSigmaMethod: 'bisection',
  priceToSigmaAccuracy: 1e-10,
  priceToSigmaBRight: 2,
  sigmaToPricePrecision: 'double',
});

const peers: readonly Peer[] = [
  {
    name: 'ballast',
    count: 50_000,
    invert: ({ input }) => {
      const result = impliedVolatility(input);
      return result.status === 'found' ? result.volatility : Number.NaN;
    },
  },
  {
    name: '@uqee/black-scholes, exact bisection',
    count: 10_000,
    invert: ({ input, spot, rate }) =>
      exactBisection.sigma({
        price: input.price,
        rate,
        strike: input.strike,
        time: input.years,
        type: input.type,
        underlying: spot,
      }),
  },
  {
    name: 'implied-volatility',
    count: 40,
    invert: ({ input, spot, rate }) =>
      getImpliedVolatility(input.price, spot, input.strike, input.years, rate, input.type),
  },
];

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)]!;
}

const quotes = drawQuotes(50_000);
const speeds = new Map<string, number[]>(peers.map(({ name }) => [name, []]));
let sink = 0;
for (let sample = 0; sample <= SAMPLES; sample++) {
  for (const { name, count, invert } of peers) {
    const started = performance.now();
    for (let i = 0; i < count; i++) sink += invert(quotes[i]!);
    const perSecond = (count / (performance.now() - started)) * 1000;
    // The first round is for the compiler to warm up on.
    if (sample > 0) speeds.get(name)!.push(perSecond);
  }
}

console.log('inversions/s   ours is    largest error   failures   of       package');
const ours = speeds.get('ballast')!;
/** Median over the rounds of our speed over a peer's: another program's load in one round touches both. */
const ratioTo = (name: string) => median(ours.map((speed, i) => speed / speeds.get(name)![i]!));
for (const { name, count, invert } of peers) {
  const errors = quotes.slice(0, count).map((quote) => Math.abs(invert(quote) / quote.volatility - 1));
  const failures = errors.filter((error) => !(error < 1e-2)).length;
  const largest = errors.reduce((most, error) => Math.max(most, Number.isNaN(error) ? 0 : error), 0);
  const speed = median(speeds.get(name)!);
  console.log(
    [
      speed.toFixed(0).padStart(12),
      `${ratioTo(name).toFixed(1)} x`.padStart(10),
      largest.toExponential(1).padStart(17),
      String(failures).padStart(11),
      String(count).padStart(8),
      `   ${name}`,
    ].join(''),
  );
  if (name === 'ballast' && (failures > 0 || largest > ACCURACY)) process.exitCode = 1;
}
const ratio = ratioTo('@uqee/black-scholes, exact bisection');
console.log(`target: at least ${TARGET_RATIO} x the exact bisection; found ${ratio.toFixed(1)} x`);
if (ratio < TARGET_RATIO || !Number.isFinite(sink)) process.exitCode = 1;
