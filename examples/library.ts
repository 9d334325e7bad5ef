/**
 * The package as a library: an option and its greeks, the volatility that a price implies, a band from gamma and costs, and
 * a simulated market. No key, no node.
 *
 *   node --import tsx examples/library.ts
 */
import { blackScholes, gbmPath, impliedVolatility, maxDrawdown, optimalBand, randomStream } from 'ballast';

const terms = {
  type: 'call',
  spot: 3_000,
  strike: 3_200,
  years: 30 / 365,
  rate: 0,
  dividendYield: 0,
} as const;
const option = blackScholes({ ...terms, volatility: 0.65 });
console.log(
  `price ${option.price.toFixed(2)}   delta ${option.delta.toFixed(4)}   vega ${option.vega.toFixed(2)}`,
);

const { dividendYield, rate, spot, ...rest } = terms;
const forward = spot * Math.exp((rate - dividendYield) * terms.years);
const implied = impliedVolatility({
  ...rest,
  forward,
  discount: Math.exp(-rate * terms.years),
  price: option.price,
});
console.log(
  `implied ${implied.status === 'found' ? `${(100 * implied.volatility).toFixed(2)} %` : implied.reason}`,
);

// A hundred written calls, hedged where a unit costs 0.05 % and each transaction 5 quote.
const costs = { cost: (base: number) => 1.5 * base, marginal: () => 1.5 };
const band = optimalBand({
  spot: terms.spot,
  gamma: -100 * option.gamma,
  volatility: 0.65,
  riskAversion: 1e-4,
  gasQuote: 5,
  sell: costs,
  buy: costs,
});
console.log(`band sell beyond ${band.sell.act.toFixed(4)} to ${band.sell.target.toFixed(4)} base`);

const path = gbmPath(
  { steps: 90, stepSeconds: 28_800, startSeconds: 1_767_225_600 },
  { startPrice: terms.spot, volatility: 0.65, drift: 0 },
  randomStream(7, 'library'),
);
const prices = [...path.price];
console.log(`path of ${prices.length} prices, largest fall ${maxDrawdown(prices).toFixed(2)}`);
