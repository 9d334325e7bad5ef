import { describe, expect, it } from 'vitest';
import { fitGarch } from '../../../../src/core/volatility/fitGarch.ts';
import { forecastVolatility } from '../../../../src/core/volatility/forecast.ts';
import { garchVariances } from '../../../../src/core/volatility/garchFilter.ts';
import type {
  GarchModel,
  GarchParameters,
  GarchSpecification,
} from '../../../../src/core/volatility/garchModel.ts';
import { simulatedReturns } from '../../../support/garchSeries.ts';
import { normalSource, seededUniform } from '../../../support/random.ts';
import { hasSharedData, referenceItems, sharedJson } from '../../../support/sharedData.ts';

const truths: readonly GarchSpecification[] = [
  { model: 'garch', parameters: { mu: 0.0005, omega: 2e-5, alpha: 0.08, beta: 0.9, gamma: 0 } },
  { model: 'gjr', parameters: { mu: 0, omega: 3e-5, alpha: 0.04, beta: 0.88, gamma: 0.1 } },
  { model: 'egarch', parameters: { mu: 0, omega: -0.4, alpha: 0.2, beta: 0.95, gamma: -0.08 } },
];

describe.each(truths.map((truth) => [truth.model, truth] as const))('fitting %s', (model, truth) => {
  const names = Object.keys(truth.parameters).filter(
    (name) => model !== 'garch' || name !== 'gamma',
  ) as (keyof GarchParameters)[];

  it('recovers the parameters of a simulated series within its standard errors', () => {
    const fit = fitGarch(simulatedReturns(truth, 10_000, 21), { model });
    expect(fit.convergence).toMatchObject({ converged: true });
    expect(fit.warnings).toEqual([]);
    expect(Object.keys(fit.standardErrors!)).toEqual(names);
    for (const name of names) {
      const miss = Math.abs(fit.parameters[name] - truth.parameters[name]);
      expect(miss / fit.standardErrors![name]!, name).toBeLessThan(3.5);
      // Shocks are normal here, so the two kinds of standard error agree.
      expect(fit.robustStandardErrors![name]! / fit.standardErrors![name]!, name).toBeCloseTo(1, 0);
    }
    expect(fit.ljungBox.pValue).toBeGreaterThan(0.01);
  });

  it('has standard errors that say how far estimates scatter', () => {
    const misses = Array.from({ length: 60 }, (_, seed) => {
      const fit = fitGarch(simulatedReturns(truth, 3_000, 100 + seed), { model });
      expect(fit.convergence.converged).toBe(true);
      return (fit.parameters.beta - truth.parameters.beta) / fit.standardErrors!.beta!;
    });
    const spread = Math.sqrt(misses.reduce((sum, miss) => sum + miss * miss, 0) / misses.length);
    expect(spread).toBeGreaterThan(0.7);
    expect(spread).toBeLessThan(1.5);
  });

  it('is at least as likely as the truth', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const returns = simulatedReturns(truth, 800, seed);
      const { variances } = garchVariances(returns, truth);
      const terms = returns.map(
        (value, t) =>
          Math.log(2 * Math.PI * variances[t]!) + (value - truth.parameters.mu) ** 2 / variances[t]!,
      );
      const atTruth = -0.5 * terms.reduce((sum, term) => sum + term, 0);
      expect(fitGarch(returns, { model }).logLikelihood).toBeGreaterThan(atTruth);
    }
  });

  it('is the same fit in per cent and in basis points', () => {
    const returns = simulatedReturns(truth, 1_500, 8);
    const fit = fitGarch(returns, { model });
    for (const factor of [100, 1e4, 1e-6]) {
      const scaled = fitGarch(
        returns.map((value) => value * factor),
        { model },
      );
      expect(scaled.parameters.alpha).toBeCloseTo(fit.parameters.alpha, 6);
      expect(scaled.parameters.beta).toBeCloseTo(fit.parameters.beta, 6);
      expect(scaled.nextVariance / fit.nextVariance / factor ** 2).toBeCloseTo(1, 6);
      expect(scaled.logLikelihood).toBeCloseTo(fit.logLikelihood - 1_500 * Math.log(factor), 4);
      expect(scaled.standardErrors!.mu! / fit.standardErrors!.mu! / factor).toBeCloseTo(1, 4);
    }
  });

  it('leaves the mean at zero when told to', () => {
    const fit = fitGarch(simulatedReturns(truth, 1_000, 3), { model, mean: 'zero' });
    expect(fit.parameters.mu).toBe(0);
    expect(fit.standardErrors).not.toHaveProperty('mu');
    expect(fit.convergence.converged).toBe(true);
  });

  it('keeps its parts consistent', () => {
    const returns = simulatedReturns(truth, 600, 14);
    const fit = fitGarch(returns, { model });
    const filtered = garchVariances(returns, fit);
    expect(filtered.nextVariance / fit.nextVariance).toBeCloseTo(1, 10);
    expect(filtered.variances[300]! / fit.variances[300]!).toBeCloseTo(1, 10);
    const z = (returns[300]! - fit.parameters.mu) / Math.sqrt(fit.variances[300]!);
    expect(fit.standardizedResiduals[300]).toBeCloseTo(z, 12);
    expect(fit.bic - fit.aic).toBeCloseTo(names.length * (Math.log(600) - 2), 9);
    expect(forecastVolatility(fit, 1).variances[0]).toBe(fit.nextVariance);
  });
});

describe('a fit that is no good says so', () => {
  const draw = normalSource(seededUniform(77));

  it('finds no response in independent draws', () => {
    const independent = Array.from({ length: 600 }, normalSource(seededUniform(3)));
    const fit = fitGarch(independent, { model: 'garch' });
    expect(fit.warnings).toContain('noResponse');
    expect(fit.parameters.alpha).toBeLessThan(1e-4);
    expect(fit.standardErrors).toBeUndefined();
  });

  it('finds a persistence of one in a series that explodes', () => {
    const explosive = {
      model: 'garch',
      parameters: { mu: 0, omega: 1e-6, alpha: 0.25, beta: 0.85, gamma: 0 },
    };
    const returns = simulatedReturns(explosive as GarchSpecification, 1_500, 2);
    const fit = fitGarch(returns, { model: 'garch' });
    expect(fit.warnings).toContain('integrated');
    expect(fit.persistence).toBeLessThanOrEqual(1);
  });

  it('warns of an EGARCH that a crash could blow up, whose filter then says so', () => {
    const parameters = { mu: 0, omega: -0.02, alpha: 0.02, beta: 0.97, gamma: 0.12 };
    const specification = { model: 'egarch', parameters } as const;
    const returns = simulatedReturns(specification, 3_000, 4);
    const fit = fitGarch(returns, { model: 'egarch' });
    expect(fit.convergence.converged).toBe(true);
    expect(fit.warnings).toEqual(['unstable']);
    const crash = [...returns, ...Array.from({ length: 20 }, () => -60)];
    expect(() => garchVariances(crash, fit)).toThrow(/explosive/);
  });

  it('finds the better of two maxima in a short series', () => {
    const parameters = { mu: 0, omega: 0, alpha: 0.15, beta: 0.96, gamma: -0.07 };
    const fit = fitGarch(simulatedReturns({ model: 'egarch', parameters }, 250, 33), { model: 'egarch' });
    // The other, with a negative beta of -0.6, is 4.4 less likely.
    expect(fit.parameters.beta).toBeGreaterThan(0.8);
    expect(fit.convergence.converged).toBe(true);
  });

  it('stays finite with one outlier of a million standard deviations', () => {
    const returns = Array.from({ length: 500 }, draw);
    returns[250] = 1e6;
    for (const model of ['garch', 'gjr', 'egarch'] as const) {
      const fit = fitGarch(returns, { model });
      expect(Number.isFinite(fit.logLikelihood)).toBe(true);
      expect(fit.variances.every((variance) => variance > 0)).toBe(true);
      expect(fit.convergence.reason).not.toBe('');
    }
  });

  it('refuses what is no series of returns, naming it', () => {
    const returns = Array.from({ length: 100 }, draw);
    const fitting = (values: readonly number[]) => () => fitGarch(values, { model: 'garch' });
    expect(fitting(returns.slice(0, 49))).toThrow(/returns.length is 49/);
    expect(fitting(returns.map(() => 0.1))).toThrow(/returns is 0.1 throughout/);
    expect(fitting(returns.map((value, t) => (t === 7 ? Number.NaN : value)))).toThrow(/returns\[7\]/);
    expect(fitting(returns.map((value) => value * 1e200))).toThrow(/returns is of size/);
    expect(() => fitGarch(returns, { model: 'arch' as GarchModel })).toThrow(/model/);
    expect(() => fitGarch(returns, { model: 'garch', mean: 'ar' as 'zero' })).toThrow(/mean/);
  });
});

interface FilterInputs {
  readonly alpha: number;
  readonly beta: number;
  readonly omega: number;
  readonly returns: readonly number[];
  readonly params: readonly [number, number, number, number];
}
interface Expected extends GarchParameters {
  readonly logLik: number;
  readonly h1: number;
  readonly h2: number;
  readonly hLast: number;
  readonly forecastNext: number;
  readonly sigmaForecasts5: readonly number[];
  readonly sigmaPath: readonly number[];
}

describe.skipIf(!hasSharedData)('the DM/BP benchmark of Bollerslev and Ghysels', () => {
  const items = new Map(referenceItems<FilterInputs, Expected>('garch').map((item) => [item.id, item]));
  const { returns } = hasSharedData
    ? sharedJson<{ returns: readonly number[] }>('reference/garch_dmbp_data.json')
    : { returns: [] };
  const fit = hasSharedData ? fitGarch(returns, { model: 'garch' }) : undefined;
  const within = (found: number, expected: number, relative: number) =>
    expect(Math.abs(found / expected - 1)).toBeLessThanOrEqual(relative);

  it('is reached to its printed digits', () => {
    const { expected } = items.get('fcp-garch11-params')!;
    for (const name of ['mu', 'omega', 'alpha', 'beta'] as const) {
      within(fit!.parameters[name], expected[name], 2e-5);
    }
    expect(fit!.logLikelihood).toBeCloseTo(items.get('fcp-garch11-loglik')!.expected.logLik, 7);
  });

  it('has the standard errors of the benchmark', () => {
    const { expected } = items.get('fcp-garch11-stderr-hessian')!;
    for (const name of ['mu', 'omega', 'alpha', 'beta'] as const) {
      within(fit!.standardErrors![name]!, expected[name], 1e-5);
    }
  });

  it('has its variances and forecasts', () => {
    const { inputs, expected } = items.get('fcp-garch11-variance-path')!;
    const [mu, omega, alpha, beta] = inputs.params;
    const specification = { model: 'garch', parameters: { mu, omega, alpha, beta, gamma: 0 } } as const;
    const { variances, nextVariance } = garchVariances(returns, specification);
    within(variances[0]!, expected.h1, 1e-7);
    within(variances[1]!, expected.h2, 1e-7);
    within(variances.at(-1)!, expected.hLast, 1e-7);
    within(nextVariance, expected.forecastNext, 1e-7);
    const { volatilities } = forecastVolatility({ ...specification, nextVariance }, 5);
    expected.sigmaForecasts5.forEach((sigma, k) => {
      within(volatilities[k]!, sigma, 2e-6);
    });
  });

  it('starts from a given variance, as other filters do', () => {
    const { inputs, expected } = items.get('ql-garch-filter')!;
    const { alpha, beta, omega } = inputs;
    const specification = { model: 'garch', parameters: { mu: 0, omega, alpha, beta, gamma: 0 } } as const;
    const { variances } = garchVariances(inputs.returns, specification, { presampleVariance: 0.01 });
    expected.sigmaPath.forEach((sigma, t) => {
      expect(Math.abs(Math.sqrt(variances[t]!) - sigma)).toBeLessThanOrEqual(1e-6);
    });
  });
});
