import { expect, it } from 'vitest';
import { decide, type Sight } from '../../../../src/core/decide.ts';
import { netExposure } from '../../../../src/core/exposure/netExposure.ts';
import { fairPrice, tradableWays } from '../../../../src/core/hedge/fairPrice.ts';
import { hedgeCosts } from '../../../../src/core/hedge/hedgeCosts.ts';
import { sharedCosts } from '../../../../src/core/hedge/sharedCosts.ts';
import { bindPolicy, type PolicyView } from '../../../../src/core/policy.ts';
import { defaultBreakerLimits } from '../../../../src/core/risk/breakers/readBreakers.ts';
import { defaultLimits } from '../../../../src/core/risk/limits.ts';
import { defaultStressLimits } from '../../../../src/core/risk/stress/stressLimits.ts';
import { optimalBand } from '../../../../src/policies/optimalBand.ts';
import { snapshotWith, spotBase } from '../../../support/snapshot.ts';
import { monthOption } from '../../../support/stressed.ts';

const snapshot = snapshotWith({ positions: [monthOption('call', 3_000, -100), spotBase(80)] });

it('costs are read once for limits that are the same in what costs depend on', () => {
  const costsOf = sharedCosts();
  const one = costsOf(snapshot, 3_000, defaultLimits);
  const [own, shared] = [hedgeCosts(snapshot, 3_000).sell, one.sell];
  for (const size of [0.01, 1, 40]) expect(shared.cost(size)).toBe(own.cost(size));
  expect(costsOf(snapshot, 3_000, { ...defaultLimits, mayBorrow: false, maxTradeQuote: 5 })).toBe(one);
  expect(costsOf(snapshot, 3_000, { ...defaultLimits, maxSlippageBps: 20 })).not.toBe(one);
  expect(costsOf(snapshot, 3_001, defaultLimits)).not.toBe(one);
  expect(costsOf({ ...snapshot }, 3_000, defaultLimits)).not.toBe(one);
  const dear = { ...defaultLimits, gasUnits: { ...defaultLimits.gasUnits, firstLeg: 400_000 } };
  expect(costsOf(snapshot, 3_000, dear).gasQuote).toBeGreaterThan(one.gasQuote);
});

it('a decision with breakers, stress and slices is the one that it is without sharing', () => {
  const limits = {
    ...defaultLimits,
    breakers: defaultBreakerLimits,
    stress: defaultStressLimits,
    slice: { intervalSeconds: 60, mostSlices: 5, riskAversion: 1e-6 },
  };
  const policy = bindPolicy('optimalBand', optimalBand, optimalBand.parameters.parse({ riskAversion: 1e-4 }));
  const alone: Sight = { fairPrice, netExposure, tradableWays, hedgeCosts };
  const decision = decide(snapshot, policy, limits);
  expect(decision.kind).toBe('hedge');
  expect(decide(snapshot, policy, limits, alone)).toEqual(decision);
});

it('a policy is told what breakers and stress were told', () => {
  const seen: unknown[] = [];
  const limits = { ...defaultLimits, breakers: defaultBreakerLimits, stress: defaultStressLimits };
  const costsOf = sharedCosts();
  const sight: Sight = {
    fairPrice,
    netExposure,
    tradableWays,
    hedgeCosts: (...asked) => {
      seen.push(costsOf(...asked));
      return costsOf(...asked);
    },
  };
  const verdict = (view: PolicyView) => {
    view.hedgeCosts!(view.snapshot, view.spot, view.limits);
    return { trade: false, code: 'insideBand', why: 'as told', band: null } as const;
  };
  decide(snapshot, { kind: 'asking', verdict }, limits, sight);
  expect(seen.length).toBeGreaterThan(1);
  expect(new Set(seen).size).toBe(1);
});
