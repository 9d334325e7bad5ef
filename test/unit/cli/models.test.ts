import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { greeksLines } from '../../../src/cli/output/greeks.ts';
import { shortAddress } from '../../../src/cli/output/numbers.ts';
import { plainStyle } from '../../../src/cli/output/style.ts';
import { sourceLines, summaryLines } from '../../../src/cli/output/vol.ts';
import { blackScholes } from '../../../src/core/options/blackScholes.ts';
import { SECONDS_PER_YEAR } from '../../../src/core/units.ts';
import { shockHalfLife } from '../../../src/core/volatility/garchModel.ts';
import { volatilitySummary } from '../../../src/core/volatility/summary.ts';
import { ballast } from '../../support/cli.ts';
import { normalSource, seededUniform } from '../../support/random.ts';
import { nowSeconds, snapshotWith } from '../../support/snapshot.ts';

const widest = (lines: readonly string[]) => Math.max(...lines.map((line) => line.length));

/** Hourly prices of a diffusion, with the hours of one day missing. */
function prices(days: number, volatility: number) {
  const normal = normalSource(seededUniform(4));
  const deviation = volatility * Math.sqrt(3_600 / SECONDS_PER_YEAR);
  let price = 3_000;
  return Array.from({ length: days * 24 }, (_, hour) => {
    price *= Math.exp(deviation * normal());
    return { timestampSeconds: 1_700_006_400 + hour * 3_600, price };
  }).filter((_, hour) => hour < 240 || hour >= 264);
}

describe('ballast greeks', () => {
  const input = {
    type: 'call' as const,
    spot: 3_000,
    strike: 3_200,
    years: 30 / 365,
    rate: 0,
    dividendYield: 0,
    volatility: 0.65,
  };

  it('shows one option per point and per day, with units', () => {
    expect(greeksLines(input, blackScholes(input), false).join('\n')).toMatchInlineSnapshot(`
      "call   spot 3,000.00   strike 3,200.00   30.00 days   volatility 65.00 %

                   of one
      price       143.749  quote
      delta     +0.400074  base
      gamma  +0.000691106  base per 1.00 quote of price
      vega       +3.32299  quote per point of volatility
      theta      −3.59991  quote a day
      rho       +0.868333  quote per point of rate
      vanna   +0.00261243  base per point of volatility
      volga   +0.00568812  quote per point of volatility squared
      charm   −0.00283013  base a day"
    `);
  });

  const flags = ['--type', 'call', '--spot', '3000', '--strike', '3200', '--days', '30'];

  it('gives the functions’ own numbers as JSON, and finds the volatility that it priced with', async () => {
    const priced = await ballast(['greeks', ...flags, '--volatility', '0.65', '--rate', '0.04', '--json']);
    expect(priced.code).toBe(0);
    const document = JSON.parse(priced.stdout);
    const withRate = { ...input, rate: 0.04 };
    expect(document).toEqual({
      schema: 1,
      input: withRate,
      isImplied: false,
      greeks: blackScholes(withRate),
    });
    const price = String(document.greeks.price);
    const implied = await ballast(['greeks', ...flags, '--price', price, '--rate', '0.04', '--json']);
    expect(JSON.parse(implied.stdout).input.volatility).toBeCloseTo(0.65, 12);
    expect(JSON.parse(implied.stdout).isImplied).toBe(true);
  });

  it.each([
    [['--price', '3001'], /PRICE_UNREACHABLE[\s\S]*below +3,000/],
    [['--price', '100', '--volatility', '0.5'], /USAGE[\s\S]*either --volatility or --price/],
    [['--spot', '1e308', '--days', '1e300', '--volatility', '1e300'], /USAGE[\s\S]*no finite greeks/],
  ])(
    'refuses %j with what to do',
    async (more, words) => {
      const { code, stdout, stderr } = await ballast(['greeks', ...flags, ...more]);
      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toMatch(words);
    },
    60_000,
  );
});

describe('ballast vol', () => {
  const history = prices(120, 0.6);
  const options = {
    halfLifeSeconds: 864_000,
    models: ['garch' as const],
    horizonsSeconds: [86_400, 604_800],
  };

  it('fits into 80 columns with all three models, and says what it looked at', () => {
    const all = volatilitySummary(history, { ...options, models: ['garch', 'gjr', 'egarch'] });
    const lines = summaryLines(all, 'prices.csv', 864_000);
    expect(widest(lines)).toBeLessThanOrEqual(80);
    const text = lines.join('\n');
    expect(text).toContain('2,856, 2023-11-15 to 2024-03-13   prices.csv');
    expect(text).toContain('2,854 returns of 3,600 s, 24 holes');
    for (const words of [
      'realized',
      'ewma, half-life 10 d',
      'yangZhang, daily bars',
      'persistence',
      'half-life of a shock',
      'next 7 d',
    ])
      expect(text).toContain(words);
  });

  it('gives the functions’ own numbers as JSON', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ballast-vol-'));
    try {
      const file = join(folder, 'prices.csv');
      await writeFile(file, history.map((one) => `${one.timestampSeconds},${one.price}\n`).join(''));
      const { code, stdout } = await ballast(['vol', '--csv', file, '--horizons', '1,7', '--json']);
      expect(code).toBe(0);
      const { schema, file: named, forecasts, ...rest } = JSON.parse(stdout);
      const models = ['garch', 'gjr', 'egarch'] as const;
      const expected = volatilitySummary(history, { ...options, models });
      expect([schema, named]).toEqual([1, file]);
      expect({ ...rest, forecasts: [] }).toEqual({ ...expected, forecasts: [] });
      for (const [index, forecast] of expected.forecasts.entries()) {
        const { term, fit, model } = forecast;
        const { parameters, persistence, bic } = fit;
        const shockHalfLifeSeconds = 3_600 * shockHalfLife(fit);
        expect(forecasts[index]).toMatchObject({
          ...{ model, term, parameters, persistence, bic },
          shockHalfLifeSeconds: expect.closeTo(shockHalfLifeSeconds, 6),
        });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('finds the volatility that the prices were made with, within its own error', () => {
    const { estimates, forecasts } = volatilitySummary(history, options);
    const [realized] = estimates;
    expect(Math.abs((realized?.volatility ?? 0) - 0.6)).toBeLessThan(3 * (realized?.stdError ?? 0));
    for (const { volatility, stdError } of forecasts[0]?.term ?? [])
      expect(Math.abs(volatility - 0.6)).toBeLessThan(3 * stdError);
  });

  it('shows every source of a vault, which one is used, and why not the others', () => {
    const { block } = snapshotWith().chain;
    const pool = `0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640`;
    const readings = [
      {
        source: 'deribitTicker ETH-25DEC26-3000-C',
        volatility: 0,
        observedAtSeconds: nowSeconds,
        fault: 'no answer',
      },
      {
        source: `uniswapVolatility ${pool}`,
        volatility: 0.621,
        stdError: 0.055,
        observedAtSeconds: nowSeconds - 240,
        staleAfterSeconds: 3_900,
      },
      { source: 'fixedVolatility', volatility: 0.65, observedAtSeconds: nowSeconds },
    ];
    const source = `uniswapVolatility ${pool}`;
    const seen = { source, volatility: 0.6, stdError: 0.05, observedAtSeconds: nowSeconds - 240 };
    const methods = [
      { method: { kind: 'realized' as const }, reading: seen },
      { method: { kind: 'ewma' as const, halfLifeSeconds: 43_200 }, reading: { ...seen, volatility: 0.58 } },
      {
        method: { kind: 'garch' as const, model: 'gjr' as const, horizonSeconds: 604_800 },
        reading: { ...seen, volatility: 0.64 },
      },
      {
        method: { kind: 'garch' as const, model: 'egarch' as const, horizonSeconds: 604_800 },
        reading: { ...seen, fault: 'the history is too short' },
      },
    ];
    const lines = sourceLines({ vault: 'eth-calls', readings, methods }, block, {
      style: plainStyle,
      address: shortAddress,
    });
    expect(widest(lines)).toBeLessThanOrEqual(80);
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "eth-calls                             volatility    age   limit
      deribitTicker ETH-25DEC26-3000-C               –      –       –
      uniswapVolatility 0x88e6…5640     62.1 % ± 5.5 %  4 min  65 min  used
      fixedVolatility                           65.0 %    0 s       –
      not used    deribitTicker ETH-25DEC26-3000-C: no answer

      the same history               method                     volatility
      uniswapVolatility 0x88e6…5640  realized               60.0 % ± 5.0 %
      uniswapVolatility 0x88e6…5640  ewma, half-life 0.5 d  58.0 % ± 5.0 %
      uniswapVolatility 0x88e6…5640  gjr, next 7 d          64.0 % ± 5.0 %"
    `);
  });
});
