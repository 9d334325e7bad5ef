/**
 * Surfaces fitted to every day of a recorded option chain (`BALLAST_DATA`, March to May 2026): `npx tsx bench/surfaces.ts`.
 * Scored on two-sided out-of-the-money quotes over two days to expiry. Every observed volatility is the middle of bid and
 * ask, weighted with one over their distance plus a tenth of a volatility point; errors are in volatility points.
 *
 * "Left out" fits each expiry again without the strike that it is scored at, held between the neighbouring expiries.
 * Arbitrage is counted twice: by the proofs over all strikes, and on a grid of g and of total variance that knows nothing
 * of them. Between expiries, where total variance is interpolated, only the grid looks.
 */
import { checkSmile } from '../src/core/surface/checkSmile.ts';
import { durrlemanG } from '../src/core/surface/durrleman.ts';
import { fitSurface, type SurfaceFit } from '../src/core/surface/fitSurface.ts';
import { fitSvi } from '../src/core/surface/fitSvi.ts';
import { type SmileObservation, vegaWeight } from '../src/core/surface/points.ts';
import { surfacePoint } from '../src/core/surface/surface.ts';
import { type SviParameters, sviPoint } from '../src/core/surface/svi.ts';
import {
  type ChainDay,
  type ChainExpiry,
  type ChainQuote,
  chainDays,
  hasChains,
} from '../test/support/optionChains.ts';

const MONTHS = ['202603', '202604', '202605'];

interface Score {
  quotes: number;
  inside: number;
  error: number;
  vega: number;
}

const emptyScore = (): Score => ({ quotes: 0, inside: 0, error: 0, vega: 0 });

function count(score: Score, quote: ChainQuote, years: number, volatility: number): void {
  const vega = vegaWeight({ logMoneyness: quote.logMoneyness, volatility: quote.middleVolatility }, years);
  score.quotes += 1;
  if (volatility >= quote.bidVolatility && volatility <= quote.askVolatility) score.inside += 1;
  score.error += vega * Math.abs(volatility - quote.middleVolatility);
  score.vega += vega;
}

function observationOf(quote: ChainQuote): SmileObservation {
  return {
    logMoneyness: quote.logMoneyness,
    volatility: quote.middleVolatility,
    weight: 1 / (quote.askVolatility - quote.bidVolatility + 1e-3),
  };
}

const volatilityAt = (smile: SviParameters, k: number, years: number) =>
  Math.sqrt(sviPoint(smile, k).totalVariance / years);

function scoreLeftOut(score: Score, { expiries }: ChainDay, { fits }: SurfaceFit): void {
  expiries.forEach(({ years, quotes }: ChainExpiry, i) => {
    if (quotes.length < 6) return;
    quotes.forEach((quote) => {
      const { parameters } = fitSvi({
        years,
        observations: quotes.filter((other) => other !== quote).map(observationOf),
        start: fits[i]!.parameters,
        floor: fits[i - 1]?.parameters,
        ceiling: fits[i + 1]?.parameters,
      });
      count(score, quote, years, volatilityAt(parameters, quote.logMoneyness, years));
    });
  });
}

interface Arbitrage {
  proved: number;
  onGrid: number;
  between: number;
}

function countArbitrage(arbitrage: Arbitrage, { surface }: SurfaceFit): void {
  const { butterfly, calendar } = checkSmile(surface.slices);
  arbitrage.proved += [...butterfly, ...calendar].filter(({ isFree }) => !isFree).length;
  arbitrage.onGrid += butterfly.filter(({ minimumG }) => minimumG < 0).length;
  arbitrage.onGrid += calendar.filter(({ crossedness }) => crossedness > 1e-10).length;
  surface.slices.slice(1).forEach(({ years }, i) => {
    const middle = (years + surface.slices[i]!.years) / 2;
    const grid = Array.from({ length: 601 }, (_, j) => -3 + j / 100);
    if (grid.some((k) => durrlemanG(k, surfacePoint(surface, middle, k)) < 0)) arbitrage.between += 1;
  });
}

if (!MONTHS.every(hasChains)) {
  console.log('skipped: no recorded chains (set BALLAST_DATA)');
} else {
  console.log(
    'month     days   smiles   quotes   inside    vega error   left out: inside   vega error   arbitrage: proofs   grid   between   ms a day   repaired   not converged',
  );
  const total = {
    days: 0,
    smiles: 0,
    fitted: emptyScore(),
    leftOut: emptyScore(),
    ms: 0,
    repaired: 0,
    open: 0,
  };
  const totalArbitrage: Arbitrage = { proved: 0, onGrid: 0, between: 0 };
  const print = (name: string, sums: typeof total, arbitrage: Arbitrage) =>
    console.log(
      [
        name.padEnd(7),
        String(sums.days).padStart(7),
        String(sums.smiles).padStart(9),
        String(sums.fitted.quotes).padStart(9),
        `${((100 * sums.fitted.inside) / sums.fitted.quotes).toFixed(2)} %`.padStart(9),
        ((100 * sums.fitted.error) / sums.fitted.vega).toFixed(3).padStart(14),
        `${((100 * sums.leftOut.inside) / sums.leftOut.quotes).toFixed(2)} %`.padStart(19),
        ((100 * sums.leftOut.error) / sums.leftOut.vega).toFixed(3).padStart(13),
        String(arbitrage.proved).padStart(20),
        String(arbitrage.onGrid).padStart(7),
        String(arbitrage.between).padStart(10),
        (sums.ms / sums.days).toFixed(0).padStart(11),
        String(sums.repaired).padStart(11),
        String(sums.open).padStart(16),
      ].join(''),
    );
  const add = (to: Score, from: Score) => {
    to.quotes += from.quotes;
    to.inside += from.inside;
    to.error += from.error;
    to.vega += from.vega;
  };
  for (const month of MONTHS) {
    const sums = {
      days: 0,
      smiles: 0,
      fitted: emptyScore(),
      leftOut: emptyScore(),
      ms: 0,
      repaired: 0,
      open: 0,
    };
    const arbitrage: Arbitrage = { proved: 0, onGrid: 0, between: 0 };
    for (const day of chainDays(month)) {
      const expiries = day.expiries.filter(({ quotes }) => quotes.length >= 5);
      const started = performance.now();
      const fit = fitSurface(
        expiries.map(({ years, quotes }) => ({ years, observations: quotes.map(observationOf) })),
      );
      sums.ms += performance.now() - started;
      sums.days += 1;
      sums.smiles += expiries.length;
      sums.repaired += fit.fits.filter(({ repaired }) => repaired).length;
      sums.open += fit.fits.filter(({ converged }) => !converged).length;
      expiries.forEach(({ years, quotes }, i) => {
        for (const quote of quotes) {
          count(sums.fitted, quote, years, volatilityAt(fit.fits[i]!.parameters, quote.logMoneyness, years));
        }
      });
      scoreLeftOut(sums.leftOut, { ...day, expiries }, fit);
      countArbitrage(arbitrage, fit);
    }
    print(month, sums, arbitrage);
    total.days += sums.days;
    total.smiles += sums.smiles;
    total.ms += sums.ms;
    total.repaired += sums.repaired;
    total.open += sums.open;
    add(total.fitted, sums.fitted);
    add(total.leftOut, sums.leftOut);
    totalArbitrage.proved += arbitrage.proved;
    totalArbitrage.onGrid += arbitrage.onGrid;
    totalArbitrage.between += arbitrage.between;
  }
  print('all', total, totalArbitrage);
  if (totalArbitrage.proved + totalArbitrage.onGrid > 0) process.exitCode = 1;
}
