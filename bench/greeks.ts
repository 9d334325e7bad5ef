/**
 * Price, delta, gamma, vega and theta of options per second against packages of npm, in the same run and process:
 * `npx tsx bench/greeks.ts`. The options are those of a busy market: strikes within 35 % of the spot in logs, two days to
 * a year, volatility 30 to 120 %, rates to 5 %. Everybody reads the same columns and writes the same five; ours also adds
 * up the book. Peers are measured on as many options as their speed allows; errors are in price, against the scalar
 * function.
 */
import { createRequire } from 'node:module';
import { BlackScholesCalculator, Option } from '@quantlib/ql';
import { BlackScholes } from '@uqee/black-scholes';
import { blackScholes, type OptionType } from '../src/core/options/blackScholes.ts';
import { type GreekColumns, greeksOfBook } from '../src/core/options/book.ts';
import { ALL_GREEKS } from '../src/core/options/bookColumns.ts';
import { loopKernel } from '../src/core/options/bookLoop.ts';
import { vectorKernel } from '../src/core/options/bookVector.ts';
import { seededUniform } from '../test/support/random.ts';

const SAMPLES = 60;
const ACCURACY = 1e-10;
/**
 * Least speed against the double precision of @uqee/black-scholes, on the larger book: on the smaller one a processor
 * remembers from round to round which way each of its branches goes.
 */
const TARGETS = { vectors: 4, loop: 1.3 };
const BOOKS = [1_000, 100_000];

interface Columns {
  readonly type: Float64Array;
  readonly spot: Float64Array;
  readonly strike: Float64Array;
  readonly years: Float64Array;
  readonly rate: Float64Array;
  readonly volatility: Float64Array;
}

interface Contender {
  readonly name: string;
  readonly count: number;
  readonly price: () => void;
  readonly target?: number;
}

const require = createRequire(import.meta.url);
type Formula = (
  spot: number,
  strike: number,
  years: number,
  volatility: number,
  rate: number,
  type: OptionType,
) => number;
const scripts = {
  ...(require('black-scholes') as { readonly blackScholes: Formula }),
  ...(require('greeks') as Readonly<Record<'getDelta' | 'getGamma' | 'getVega' | 'getTheta', Formula>>),
};

function drawColumns(count: number): Columns {
  const uniform = seededUniform(20_240_501);
  const draw = (low: number, high: number) =>
    Float64Array.from({ length: count }, () => low + (high - low) * uniform());
  const spot = draw(2500, 3500);
  return {
    type: draw(-1, 1).map(Math.sign),
    spot,
    strike: draw(-0.35, 0.35).map((distance, i) => spot[i]! * Math.exp(distance)),
    years: draw(2 / 365, 1),
    rate: draw(0, 0.05),
    volatility: draw(0.3, 1.2),
  };
}

/** Everybody who takes part, on the same options and with the same columns to write to. */
function contenders(book: Columns, out: GreekColumns): readonly Contender[] {
  const count = book.spot.length;
  const { type, spot, strike, years, rate, volatility } = book;
  const write = (i: number, price: number, delta: number, gamma: number, vega: number, theta: number) => {
    out.price[i] = price;
    out.delta[i] = delta;
    out.gamma[i] = gamma;
    out.vega[i] = vega;
    out.theta[i] = theta;
  };
  const each = (name: string, most: number, one: (i: number, type: OptionType) => void): Contender => ({
    name,
    count: Math.min(count, most),
    price: () => {
      for (let i = 0; i < Math.min(count, most); i++) one(i, type[i]! > 0 ? 'call' : 'put');
    },
  });
  const double = new BlackScholes({ sigmaToPricePrecision: 'double' });
  const vectors = vectorKernel();
  const loop = loopKernel();
  return [
    each('@uqee/black-scholes, double', count, (i, type) => {
      const sigma = volatility[i]!;
      const option = {
        type,
        underlying: spot[i]!,
        strike: strike[i]!,
        time: years[i]!,
        rate: rate[i]!,
        sigma,
      };
      const { price, delta, gamma, vega, theta } = double.option(option);
      write(i, price, delta, gamma, vega, -theta);
    }),
    each('@quantlib/ql', 20_000, (i, type) => {
      const side = type === 'call' ? Option.Type.Call : Option.Type.Put;
      const deviation = volatility[i]! * Math.sqrt(years[i]!);
      const discount = Math.exp(-rate[i]! * years[i]!);
      const one = new BlackScholesCalculator().bscInit2(side, strike[i]!, spot[i]!, 1, deviation, discount);
      write(i, one.value(), one.delta(), one.gamma(), one.vega(years[i]!), one.theta(years[i]!));
    }),
    each('black-scholes and greeks', 500, (i, type) => {
      const terms = [spot[i]!, strike[i]!, years[i]!, volatility[i]!, rate[i]!, type] as const;
      write(
        i,
        scripts.blackScholes(...terms),
        scripts.getDelta(...terms),
        scripts.getGamma(...terms),
        scripts.getVega(...terms),
        scripts.getTheta(...terms),
      );
    }),
    each('ours, one by one', count, (i, type) => {
      const [s, k, t, r, v] = [spot[i]!, strike[i]!, years[i]!, rate[i]!, volatility[i]!];
      const option = { type, spot: s, strike: k, years: t, rate: r, dividendYield: 0, volatility: v };
      const { price, delta, gamma, vega, theta } = blackScholes(option);
      write(i, price, delta, gamma, vega, theta);
    }),
    {
      name: 'ours, plain loop',
      count,
      price: () => greeksOfBook(book, { kernel: loop, into: out }),
      target: TARGETS.loop,
    },
    ...(vectors === null
      ? []
      : [
          {
            name: 'ours, vectors',
            count,
            price: () => greeksOfBook(book, { kernel: vectors, into: out }),
            target: TARGETS.vectors,
          },
          {
            name: 'ours, vectors, new columns',
            count,
            price: () => greeksOfBook(book, { kernel: vectors }),
          },
          {
            name: 'ours, vectors, all nine greeks',
            count,
            price: () => greeksOfBook(book, { kernel: vectors, into: out, greeks: ALL_GREEKS }),
          },
        ]),
  ];
}

/** Largest difference in price from the scalar function, quote. */
function errorOf({ count, price }: Contender, book: Columns, out: GreekColumns): number {
  price();
  let worst = 0;
  for (let i = 0; i < count; i++) {
    const wanted = blackScholes({
      type: book.type[i]! > 0 ? 'call' : 'put',
      spot: book.spot[i]!,
      strike: book.strike[i]!,
      years: book.years[i]!,
      rate: book.rate[i]!,
      dividendYield: 0,
      volatility: book.volatility[i]!,
    });
    worst = Math.max(worst, Math.abs(out.price[i]! - wanted.price));
  }
  return worst;
}

function compare(count: number): void {
  const book = drawColumns(count);
  const out = greeksOfBook(book, { greeks: ALL_GREEKS });
  const all = contenders(book, out);
  const least = all.map(() => Number.POSITIVE_INFINITY);
  // Taken in turns, and the least of each: on a shared machine everything above it is somebody else's work.
  for (let sample = 0; sample < SAMPLES * (count > 10_000 ? 1 : 20); sample++) {
    all.forEach(({ count, price }, k) => {
      if (count === 500 && sample >= SAMPLES / 4) return;
      const started = performance.now();
      price();
      least[k] = Math.min(least[k]!, ((performance.now() - started) * 1e6) / count);
    });
  }
  console.log(
    `\n${`${count.toLocaleString('en-US')} options`.padEnd(34)}ns each   ratio  target  price error`,
  );
  all.forEach((contender, k) => {
    const { name } = contender;
    const target = count === Math.max(...BOOKS) ? contender.target : undefined;
    const ratio = least[0]! / least[k]!;
    const error = errorOf(contender, book, out);
    const missed = target !== undefined && (ratio < target || error > ACCURACY);
    const cells = [
      least[k]!.toFixed(1).padStart(6),
      ratio.toFixed(2).padStart(8),
      (target ?? '-').toString().padStart(8),
    ];
    console.log(
      `${name.padEnd(34)}${cells.join('')}${error.toExponential(1).padStart(13)}${missed ? '  missed' : ''}`,
    );
    if (missed) process.exitCode = 1;
  });
}

for (const count of BOOKS) compare(count);
