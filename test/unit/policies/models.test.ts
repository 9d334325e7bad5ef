import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/core/decide.ts';
import type { Decision } from '../../../src/core/decision.ts';
import { bindPolicy } from '../../../src/core/policy.ts';
import type { OptionPosition, Position } from '../../../src/core/position.ts';
import { defaultLimits } from '../../../src/core/risk/limits.ts';
import { leland } from '../../../src/policies/leland.ts';
import { optimalBand } from '../../../src/policies/optimalBand.ts';
import { whalleyWilmott } from '../../../src/policies/whalleyWilmott.ts';
import { zakamouline } from '../../../src/policies/zakamouline.ts';
import { normalSource, seededUniform } from '../../support/random.ts';
import {
  nowSeconds,
  poolAt,
  raw,
  type SnapshotParts,
  snapshotWith,
  spotBase,
  weth,
} from '../../support/snapshot.ts';

const policies = { optimalBand, whalleyWilmott, zakamouline };
type Kind = keyof typeof policies;
const kinds: readonly Kind[] = ['optimalBand', 'whalleyWilmott', 'zakamouline'];

const call = (overrides: Partial<OptionPosition> = {}): OptionPosition => ({
  kind: 'option',
  label: 'call',
  type: 'call',
  strike: 3_000,
  expirySeconds: nowSeconds + 20 * 86_400,
  size: -100,
  settlementPrice: null,
  ...overrides,
});

const limits = { ...defaultLimits, minTradeQuote: 0 };
const boundPolicy = (kind: Kind, parameters: object) => {
  const policy = policies[kind];
  return bindPolicy(kind, policy, policy.parameters.parse(parameters) as never);
};
const decided = (kind: Kind, parts: SnapshotParts, parameters: object = { riskAversion: 1e-5 }): Decision =>
  decide(snapshotWith(parts), boundPolicy(kind, parameters), limits);
const written = (base: number): readonly Position[] => [call(), spotBase(base)];

describe.each(kinds)('%s', (kind) => {
  it('waits inside its band, trades beyond it to where it says, and explains both', () => {
    const inside = decided(kind, { positions: written(53) });
    const beyond = decided(kind, { positions: written(95) });
    expect(inside).toMatchObject({ kind: 'hold', code: 'insideBand' });
    expect(beyond).toMatchObject({ kind: 'hedge', code: 'beyondBand', plan: { side: 'sell' } });
    const { band } = beyond.numbers;
    if (beyond.kind !== 'hedge') throw new Error('no hedge');
    expect(beyond.netDeltaAfter).toBeLessThanOrEqual(band!.sell.act + 1e-9);
    expect(beyond.explanation).toMatchObject({ gasQuote: expect.any(Number), settlements: [] });
    expect(beyond.explanation!.costNowQuote! / beyond.numbers.cost!.totalQuote).toBeCloseTo(1, 1);
    expect(beyond.explanation!.waitingQuotePerHour).toBeGreaterThan(inside.explanation!.waitingQuotePerHour);
    expect(beyond.why).toMatch(/a hedge costs .* waiting costs .* an hour/);
  });

  it('would decide the other way at the gamma that it names', () => {
    const parts = { positions: written(80) };
    const { explanation, numbers } = decided(kind, parts, { riskAversion: 1e-5 });
    const other = explanation!.changesAtGamma!;
    expect(other).toBeGreaterThan(0);
    const isBeyond = numbers.netDelta! > numbers.band!.sell.act;
    expect(Math.sign(other - Math.abs(explanation!.gamma))).toBe(isBeyond ? 1 : -1);
  });

  it('takes its aversion from the value of the vault when told so', () => {
    const absolute = decided(kind, { positions: written(53) }, { riskAversion: 1e-5 });
    const value = absolute.numbers.exposure!.valueQuote;
    const relative = decided(kind, { positions: written(53) }, { relativeRiskAversion: 1e-5 * value });
    expect(relative.numbers.band!.sell.act / absolute.numbers.band!.sell.act).toBeCloseTo(1, 9);
  });

  it('wants exactly one aversion', () => {
    expect(() => boundPolicy(kind, {})).toThrow(/exactly one of/);
    expect(() => boundPolicy(kind, { riskAversion: 1, relativeRiskAversion: 1 })).toThrow(/exactly one of/);
  });

  it('holds a net delta without gamma until one trade is worth it over the horizon', () => {
    expect(decided(kind, { positions: [spotBase(0.001)] })).toMatchObject({ kind: 'hold' });
    expect(decided(kind, { positions: [spotBase(50)] })).toMatchObject({ kind: 'hedge' });
  });

  it('has a finite band at any time before expiry, at the strike and away from it', () => {
    for (const seconds of [1, 30, 600, 3_599, 3_601, 86_400]) {
      for (const strike of [2_000, 2_999, 3_000, 4_500]) {
        const option = call({ strike, expirySeconds: nowSeconds + seconds });
        const { numbers } = decided(kind, { positions: [option, spotBase(50)] });
        for (const level of [numbers.band!.sell.act, numbers.band!.sell.target, numbers.band!.buy.act]) {
          expect(Number.isFinite(level)).toBe(true);
        }
      }
    }
  });

  it('is wider by what is not known of delta', () => {
    const exact = boundPolicy(kind, { riskAversion: 1e-4 });
    const snapshot = snapshotWith({ positions: written(53) });
    const { observed } = snapshot;
    const vague = { ...snapshot, observed: { volatility: { ...observed.volatility, stdError: 0.3 } } };
    const [one, other] = [decide(snapshot, exact, limits), decide(vague, exact, limits)];
    expect(other.numbers.band!.sell.act).toBeGreaterThan(one.numbers.band!.sell.act);
  });

  it('says so, and does not throw, where pools cannot fill', () => {
    const shallow = poolAt(3_000, { depthBase: 0.002 });
    const decision = decided(kind, { positions: written(95), chain: { pools: [shallow] } });
    expect(['hold', 'hedge']).toContain(decision.kind);
    expect(decision.explanation!.costNowQuote).toBeNull();
    expect(Number.isFinite(decision.numbers.band!.sell.act)).toBe(true);
  });

  it('never lets net delta beyond the widest half width', () => {
    const parameters = { riskAversion: 1e-9, maxHalfWidth: { base: 4 } };
    expect(decided(kind, { positions: written(70) }, parameters)).toMatchObject({ kind: 'hedge' });
    expect(decided(kind, { positions: written(53) }, parameters).numbers.band!.sell.act).toBeLessThanOrEqual(
      4.5,
    );
  });

  it('leaves pools two blocks to refill', () => {
    const lastHedge = {
      blockNumber: 1n,
      timestampSeconds: nowSeconds - 12,
      side: 'sell' as const,
      baseRaw: raw(1, weth),
    };
    expect(decided(kind, { positions: written(95), history: { lastHedge } })).toMatchObject({
      code: 'spacing',
    });
  });

  it('plans and prices the unwinding of what hedges a written option that settles in cash', () => {
    const soon = { expirySeconds: nowSeconds + 86_400, strike: 2_500 };
    const positions = [call({ ...soon, size: -10 }), call({ ...soon, settlement: 'base' }), spotBase(60)];
    const [settlement, ...others] = decided(kind, { positions }).explanation!.settlements;
    expect(others).toEqual([]);
    expect(settlement).toMatchObject({ expirySeconds: soon.expirySeconds });
    expect(settlement!.hedgeBase).toBeCloseTo(10, 1);
    expect(settlement!.unwindCostQuote).toBeGreaterThan(10 * 3_000 * 0.0005);
  });

  it('hedges at most 5 % more often for a volatility that is quoted one point off at random', () => {
    const hedges = (noise: number) => hedgesOnPath(kind, noise, 11) + hedgesOnPath(kind, noise, 31);
    const [quiet, noisy] = [hedges(0), hedges(0.01)];
    expect(quiet).toBeGreaterThan(20);
    expect(noisy).toBeLessThanOrEqual(quiet * 1.05);
  });
});

/** How many hedges a written option takes over ten days of hourly prices, with volatility read with this error. */
function hedgesOnPath(kind: Kind, noise: number, seed: number): number {
  const [ofPrice, ofNoise] = [normalSource(seededUniform(seed)), normalSource(seededUniform(seed + 1))];
  const policy = boundPolicy(kind, { riskAversion: 1e-2, minSpacingSeconds: 0 });
  let [price, base, hedges] = [3_000, 50, 0];
  for (let hour = 0; hour < 240; hour++) {
    price *= Math.exp(0.6 * Math.sqrt(1 / 8_760) * ofPrice());
    const volatility = 0.6 + noise * ofNoise();
    const expirySeconds = nowSeconds + 20 * 86_400 - hour * 3_600;
    const plain = snapshotWith({
      price,
      positions: [call({ expirySeconds }), spotBase(base)],
      chain: { holdings: { baseRaw: raw(1_000, weth), quoteRaw: 10n ** 13n } },
      guard: { turnoverAvailableRaw: 10n ** 14n },
    });
    const reading = { source: 'quoted', volatility, observedAtSeconds: nowSeconds };
    const decision = decide({ ...plain, observed: { volatility: reading } }, policy, limits);
    if (decision.kind !== 'hedge') continue;
    hedges += 1;
    base += decision.netDeltaAfter - decision.numbers.netDelta!;
  }
  return hedges;
}

describe('optimalBand in particular', () => {
  it('would decide the other way at the gas that it names', () => {
    const parts = { positions: written(80) };
    const { explanation, numbers, kind } = decided('optimalBand', parts, { riskAversion: 3e-5 });
    expect(kind).toBe('hedge');
    const factor = explanation!.changesAtGasQuote! / explanation!.gasQuote;
    expect(factor).toBeGreaterThan(1);
    const dearer = (times: number) => {
      const native = { priceQuote: 3_000 * times };
      return decided('optimalBand', { ...parts, native }, { riskAversion: 3e-5 }).numbers;
    };
    const there = dearer(factor);
    expect(there.band!.sell.act / numbers.netDelta!).toBeCloseTo(1, 0);
  });

  it('is wider where gas is dear, and trades further in', () => {
    const [cheap, dear] = [1, 400].map(
      (times) =>
        decided('optimalBand', { positions: written(53), native: { priceQuote: 3_000 * times } }).numbers
          .band!,
    );
    expect(dear!.sell.act).toBeGreaterThan(cheap!.sell.act);
    expect(dear!.sell.act - dear!.sell.target).toBeGreaterThan(cheap!.sell.act - cheap!.sell.target);
  });

  it('trades in larger parts through pools that are slow to refill', () => {
    const parts = { positions: written(53), chain: { pools: [poolAt(3_000, { depthBase: 2_000 })] } };
    const size = (refillHalfLifeSeconds: number) => {
      const { band } = decided('optimalBand', parts, { riskAversion: 1e-5, refillHalfLifeSeconds }).numbers;
      return band!.sell.act;
    };
    expect(size(7_200)).toBeGreaterThan(size(0));
  });

  it('acts earlier and trades further where it looks seldom', () => {
    const [always, seldom] = [0, 14_400].map((lookSeconds) =>
      decided('optimalBand', { positions: written(95) }, { riskAversion: 1e-4, lookSeconds }),
    ) as [Decision, Decision];
    expect(seldom.numbers.band!.sell.act).toBeLessThan(always.numbers.band!.sell.act);
    expect(seldom.numbers.band!.sell.target).toBeLessThan(always.numbers.band!.sell.target);
    expect(seldom.numbers.band!.sell.target).toBeGreaterThan(0);
    if (always.kind !== 'hedge' || seldom.kind !== 'hedge') throw new Error('no hedge');
    expect(seldom.netDeltaAfter).toBeLessThan(always.netDeltaAfter);
  });

  it('holds more of a base that earns while it is held', () => {
    const band = (carryRate: number) =>
      decided('optimalBand', { positions: written(53) }, { riskAversion: 1e-5, carryRate }).numbers.band!;
    const shift = 0.03 / (1e-5 * 3_000 * 0.6 ** 2);
    expect(band(0.03).sell.act - band(0).sell.act).toBeCloseTo(shift, 6);
    expect(band(0.03).buy.target - band(0).buy.target).toBeCloseTo(shift, 6);
  });

  it('does not sell into a pool that pays too little to take what another one offers', () => {
    const [low, high] = [
      poolAt(2_985),
      poolAt(3_015, { address: '0x00000000000000000000000000000000000000a1' }),
    ];
    const decision = decided('optimalBand', { positions: written(53), chain: { pools: [low, high] } });
    expect(decision.kind).not.toBe('halt');
    expect(decision.numbers.band!.sell.act).toBeGreaterThan(decision.numbers.band!.buy.act);
  });
});

describe('zakamouline and leland', () => {
  it('centre the band where delta is at a higher volatility for what was written, a lower one for what was bought', () => {
    const otm = { strike: 3_600 };
    const centre = (size: number) => {
      const positions = [call({ ...otm, size }), spotBase(20)];
      const { band } = decided('zakamouline', { positions }).numbers;
      return (band!.sell.act + band!.buy.act) / 2;
    };
    // A written call out of the money has more delta at a higher volatility: more base is held against it.
    expect(centre(-100)).toBeGreaterThan(0);
    expect(centre(100)).toBeGreaterThan(0);
  });

  it('leland waits its time, then goes to its own delta', () => {
    const parameters = leland.parameters.parse({ seconds: 3_600, roundTripCost: 0.002 });
    const at = (secondsAgo: number) => {
      const lastHedge = {
        blockNumber: 1n,
        timestampSeconds: nowSeconds - secondsAgo,
        side: 'sell' as const,
        baseRaw: 1n,
      };
      const snapshot = snapshotWith({
        positions: [call({ strike: 3_600 }), spotBase(20)],
        history: { lastHedge },
      });
      return decide(snapshot, bindPolicy('leland', leland, parameters), limits);
    };
    expect(at(3_599)).toMatchObject({ kind: 'hold', code: 'notDue' });
    const due = at(3_600);
    expect(due).toMatchObject({ kind: 'hedge', code: 'due' });
    if (due.kind === 'hedge') expect(due.netDeltaAfter).toBeCloseTo(due.numbers.band!.sell.target, 6);
    expect(due.numbers.band!.sell.target).toBeGreaterThan(0);
  });
});
