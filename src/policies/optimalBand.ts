import { z } from 'zod';
import type { BookTerms } from '../core/exposure/bookTerms.ts';
import type { BandCosts } from '../core/hedge/bands/bandCosts.ts';
import { reachableSize } from '../core/hedge/bands/beyond.ts';
import { equivalentBook } from '../core/hedge/bands/expiries.ts';
import { levelAtLooks, targetAtLooks } from '../core/hedge/bands/looks.ts';
import { type OptimalBand, optimalBand as solveBand } from '../core/hedge/bands/optimalBand.ts';
import { symmetricBand } from '../core/hedge/bands/symmetric.ts';
import type { HedgeCosts } from '../core/hedge/hedgeCosts.ts';
import { definePolicy, type PolicyView } from '../core/policy.ts';
import { SECONDS_PER_YEAR } from '../core/units.ts';
import { bandFields, termsOf, widestOf } from './internal/bandRules.ts';
import { bandVerdict } from './internal/bandVerdict.ts';
import { costsOf } from './internal/costsOf.ts';
import { explain } from './internal/explain.ts';
import { aversionFields, hasOneAversion, oneAversion, riskAversionOf } from './internal/riskAversion.ts';

const parameters = z
  .strictObject({
    ...aversionFields,
    ...bandFields,
    refillHalfLifeSeconds: z
      .number()
      .min(0)
      .default(0)
      .describe('time in which pools recover half of what a trade moved them; 0 = before the next trade'),
    lookSeconds: z
      .number()
      .min(0)
      .default(0)
      .describe(
        'time between two looks at the vault, where it is so long that net delta may be far beyond the band by then',
      ),
    carryRate: z
      .number()
      .default(0)
      .describe('what holding base earns beside its price (staking, lending), as a share of it a year'),
  })
  .refine(hasOneAversion, { message: oneAversion });

/** Parameters of {@link optimalBand}. */
export type OptimalBandParameters = z.infer<typeof parameters>;

/** Trades between which pools recover little count as one: this many at most. */
const MOST_TRADES_AS_ONE = 50;
const REFILL_STEPS = 4;

/** What n trades in a row cost each, if pools did not recover at all between them. */
function asOneOf(costs: BandCosts, trades: number): BandCosts {
  if (trades === 1) return costs;
  return { cost: (q) => costs.cost(trades * q) / trades, marginal: (q) => costs.marginal(trades * q) };
}

/** Expected time from a hedge to the next, years: how long net delta takes from the target to either act level. */
function yearsBetween({ sell, buy }: OptimalBand, varianceRate: number): number {
  const half = (sell.act - buy.act) / 2;
  const target = (sell.target - buy.target) / 2;
  return varianceRate > 0 ? (half * half - target * target) / varianceRate : Number.POSITIVE_INFINITY;
}

interface BandTerms {
  readonly spot: number;
  readonly gamma: number;
  readonly volatility: number;
  readonly riskAversion: number;
  readonly gasQuote: number;
  readonly deltaDrift: number;
  readonly horizonYears: number;
  readonly sell: BandCosts;
  readonly buy: BandCosts;
}

/**
 * The band with pools that take time to recover: what is left of earlier trades adds up to 1 / (1 - 2^(-t/h)) of one, at
 * the time t that the band itself leaves between trades.
 */
function bandWithRefill(terms: BandTerms, halfLifeSeconds: number): OptimalBand {
  let band = solveBand(terms);
  if (halfLifeSeconds === 0) return band;
  const varianceRate = (terms.gamma * terms.spot * terms.volatility) ** 2;
  for (let step = 0; step < REFILL_STEPS; step++) {
    const halfLives = (yearsBetween(band, varianceRate) * SECONDS_PER_YEAR) / halfLifeSeconds;
    const trades = Math.min(1 / (1 - 2 ** -halfLives), MOST_TRADES_AS_ONE);
    band = solveBand({ ...terms, sell: asOneOf(terms.sell, trades), buy: asOneOf(terms.buy, trades) });
  }
  return band;
}

/** The band of a keeper that looks only so often: it acts earlier, and trades as far as is worth it until the next look. */
function bandAtLooks(band: OptimalBand, terms: BandTerms, lookSeconds: number): OptimalBand {
  if (lookSeconds === 0) return band;
  const varianceRate = (terms.gamma * terms.spot * terms.volatility) ** 2;
  const lookYears = lookSeconds / SECONDS_PER_YEAR;
  const sideOf = (side: OptimalBand['sell'], costs: BandCosts, sign: 1 | -1): OptimalBand['sell'] => {
    if (!Number.isFinite(side.act)) return side;
    const targetFrom = (netDelta: number) => {
      const free = sign * side.targetFrom(netDelta);
      const target = targetAtLooks(sign * side.act, free, varianceRate, lookYears);
      const wanted = Math.max(sign * netDelta - target, 0);
      const size = reachableSize(costs, wanted);
      return sign * (size < wanted ? sign * netDelta - size : target) + 0;
    };
    const act = sign * levelAtLooks(sign * side.act, varianceRate, lookYears);
    return { act, target: targetFrom(act), targetFrom };
  };
  return { ...band, sell: sideOf(band.sell, terms.sell, 1), buy: sideOf(band.buy, terms.buy, -1) };
}

/**
 * How the half width grows with gas and gamma, by the closed form for the straight line that touches the costs at the
 * trade's size: exact where costs are one.
 */
function growthOf(terms: BandTerms, size: number): (gasFactor: number, gammaFactor: number) => number {
  const { spot, volatility, riskAversion, gamma, gasQuote, horizonYears, sell, buy } = terms;
  const deviation = spot * volatility;
  const riskRate = (riskAversion * deviation * deviation) / 2;
  const price = Math.max((sell.marginal(size) + buy.marginal(size)) / 2, 0);
  const priced = Number.isFinite(price) ? price : Math.max((sell.marginal(0) + buy.marginal(0)) / 2, 0);
  const riskToEnd = riskRate * horizonYears;
  const halfWidth = (gasFactor: number, gammaFactor: number) => {
    const gas = gasQuote * gasFactor;
    const varianceRate = (gamma * gammaFactor * deviation) ** 2;
    const { act } = symmetricBand({ varianceRate, riskRate, price: priced, gas });
    return Math.hypot(act, priced / (2 * riskToEnd) + Math.sqrt(gas / riskToEnd));
  };
  const now = halfWidth(1, 1);
  return (gasFactor, gammaFactor) => halfWidth(gasFactor, gammaFactor) / now;
}

/** What each unit of the trade costs that a band by the first unit's price would make, on either side on average. */
function meanPrice(
  { sell, buy, gasQuote }: HedgeCosts,
  terms: { varianceRate: number; riskRate: number },
): number {
  const first = Math.max((sell.marginal(0) + buy.marginal(0)) / 2, 0);
  const { act, target } = symmetricBand({ ...terms, price: first, gas: gasQuote });
  const size = act - target;
  const mean = size > 0 ? (sell.cost(size) + buy.cost(size)) / (2 * size) : first;
  return Number.isFinite(mean) ? Math.max(mean, 0) : first;
}

function termsOfView(view: PolicyView, book: BookTerms, riskAversion: number, costs: HedgeCosts): BandTerms {
  const { snapshot, spot } = view;
  const { sell, buy, gasQuote } = costs;
  const { volatility } = snapshot.observed.volatility;
  const deviation = spot * volatility;
  const riskRate = (riskAversion * deviation ** 2) / 2;
  const price = meanPrice(costs, { varianceRate: (book.gamma * deviation) ** 2, riskRate });
  const { expiries, deltaDrift } = book;
  const oneExpiry = equivalentBook({ deviation, riskRate, price, gas: gasQuote, expiries });
  return { spot, ...oneExpiry, volatility, riskAversion, gasQuote, deltaDrift, sell, buy };
}

/**
 * Hedges where the risk of waiting starts to cost more than a trade through the pools of this very block, and as far as
 * is worth its cost: the band of `optimalBand` with gas, cost curves against the fair price, gamma, its drift and the
 * expiries of the snapshot, which `equivalentBook` makes one of.
 *
 * @throws InvalidInputError when net delta is not a finite number
 */
export const optimalBand = definePolicy<OptimalBandParameters>({
  summary: 'the band that costs least for its risk, at the pools, the gas and the book of each block',
  parameters,
  sample: parameters.parse({ riskAversion: 1e-6 }),
  verdict(view, chosen) {
    const costs = costsOf(view);
    const book = termsOf(view, chosen);
    const terms = termsOfView(view, book, riskAversionOf(view, chosen), costs);
    const free = bandWithRefill(terms, chosen.refillHalfLifeSeconds);
    const band = bandAtLooks(free, terms, chosen.lookSeconds);
    const deviation = terms.spot * terms.volatility;
    return bandVerdict(view, {
      band,
      shift: (chosen.carryRate * terms.spot) / (terms.riskAversion * deviation * deviation),
      widest: widestOf(view, chosen),
      minSpacingSeconds: chosen.minSpacingSeconds,
      explanationOf: (_, act, target) =>
        explain(
          view,
          {
            costs,
            riskAversion: terms.riskAversion,
            gamma: book.gamma,
            horizonYears: terms.horizonYears,
            target,
            reach: act === 0 ? 0 : view.netDelta / act,
            growth: growthOf(terms, Math.abs(act - target)),
          },
          chosen.settlementWindowDays,
        ),
    });
  },
});
