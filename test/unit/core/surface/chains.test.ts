import { describe, expect, it } from 'vitest';
import { checkSmile } from '../../../../src/core/surface/checkSmile.ts';
import { fitSurface } from '../../../../src/core/surface/fitSurface.ts';
import { sviPoint } from '../../../../src/core/surface/svi.ts';
import { chainDays, hasChains } from '../../../support/optionChains.ts';

const month = '202604';

/** Every tenth day; all of them are in the bench. */
const days = hasChains(month) ? chainDays(month).filter((_, i) => i % 10 === 0) : [];

describe.skipIf(!hasChains(month))('surfaces fitted to recorded option chains', () => {
  it.each(days)('$date: free of arbitrage, and nine of ten quotes between bid and ask', ({ expiries }) => {
    const { surface, fits } = fitSurface(
      expiries.map(({ years, quotes }) => ({
        years,
        observations: quotes.map(({ logMoneyness, middleVolatility, bidVolatility, askVolatility }) => ({
          logMoneyness,
          volatility: middleVolatility,
          weight: 1 / (askVolatility - bidVolatility + 1e-3),
        })),
      })),
    );
    const check = checkSmile(surface.slices);
    expect(check.isArbitrageFree).toBe(true);
    for (const { minimumG } of check.butterfly) expect(minimumG).toBeGreaterThanOrEqual(0);
    for (const { crossedness } of check.calendar) expect(crossedness).toBeLessThan(1e-10);

    const scored = expiries.flatMap(({ years, quotes }, i) =>
      quotes.map(({ logMoneyness, bidVolatility, askVolatility }) => {
        const volatility = Math.sqrt(sviPoint(fits[i]!.parameters, logMoneyness).totalVariance / years);
        return volatility >= bidVolatility && volatility <= askVolatility;
      }),
    );
    expect(scored.length).toBeGreaterThan(200);
    expect(scored.filter(Boolean).length / scored.length).toBeGreaterThan(0.9);
  });
});
