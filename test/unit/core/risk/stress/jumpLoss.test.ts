import { describe, expect, it } from 'vitest';
import { horizonLoss, jumpLoss, usualJumps } from '../../../../../src/core/risk/stress/jumpLoss.ts';
import { normalExpectedShortfall } from '../../../../../src/core/risk/tail/parametricRisk.ts';
import { spotBase } from '../../../../support/snapshot.ts';
import { monthOption, stressInput } from '../../../../support/stressed.ts';

const { view } = stressInput();
const day = 86_400;

describe('what a jump costs', () => {
  it('is nothing without a position, and a gain for who owns curvature', () => {
    expect(jumpLoss([], view, usualJumps)).toEqual({ meanQuote: 0, shortfallQuote: 0, perYearQuote: 0 });
    const straddle = [monthOption('call', 3_000, 10), monthOption('put', 3_000, 10)];
    expect(jumpLoss(straddle, view, { ...usualJumps, meanLogJump: 0 }).meanQuote).toBeLessThan(0);
    const written = straddle.map((option) => ({ ...option, size: -10 }));
    expect(jumpLoss(written, view, { ...usualJumps, meanLogJump: 0 }).meanQuote).toBeGreaterThan(0);
  });

  it('of base alone is the mean of its jumps: exp(m + s^2 / 2) - 1', () => {
    const { meanQuote, perYearQuote } = jumpLoss([spotBase(1)], view, usualJumps);
    const exact = -3_000 * (Math.exp(-0.02 + 0.08 ** 2 / 2) - 1);
    expect(meanQuote).toBeCloseTo(exact, 0);
    expect(perYearQuote).toBeCloseTo(12 * meanQuote, 9);
  });
});

describe('what a day may cost', () => {
  it('without jumps is close to the normal shortfall of a linear position', () => {
    const none = { intensity: 0, meanLogJump: 0, logJumpStdDev: 0 };
    const stdDev = 3_000 * view.volatility * Math.sqrt(1 / 365);
    const exact = normalExpectedShortfall({ mean: 0, stdDev, confidence: 0.99 });
    const { shortfallQuote } = horizonLoss([spotBase(1)], view, none, day);
    expect(shortfallQuote / exact).toBeGreaterThan(0.88);
    expect(shortfallQuote / exact).toBeLessThan(1);
  });

  it('grows with time, with jumps, and is never negative for one who is short curvature', () => {
    const written = [monthOption('call', 3_000, -10), spotBase(5)];
    const of = (seconds: number, jumps = usualJumps) =>
      horizonLoss(written, view, jumps, seconds).shortfallQuote;
    expect(of(day)).toBeGreaterThan(of(3_600));
    expect(of(3_600)).toBeGreaterThan(0);
    expect(of(day, { ...usualJumps, intensity: 300 })).toBeGreaterThan(of(day));
  });
});
