import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../../src/core/decide.ts';
import type { HedgeDecision, LendingStep } from '../../../../src/core/decision.ts';
import { healthFactorAt, type LendingAccount, lendingSums } from '../../../../src/core/margin.ts';
import { type BoundPolicy, bindPolicy } from '../../../../src/core/policy.ts';
import { defaultLimits, type Limits } from '../../../../src/core/risk/limits.ts';
import type { Snapshot } from '../../../../src/core/snapshot.ts';
import { min } from '../../../../src/core/units.ts';
import { fixedBand } from '../../../../src/policies/fixedBand.ts';
import { borrower, kinds } from '../../../support/borrower.ts';
import { poolAt, raw, weth } from '../../../support/snapshot.ts';

const band: BoundPolicy = bindPolicy('fixedBand', fixedBand, { halfWidth: { base: 2 }, tradeTo: 'centre' });
const plain: Limits = { ...defaultLimits, minTradeQuote: 10 };
const FLOOR = 1.5;
const CAP = raw(50, weth);

/** Any borrower: what it lent and owes, owns, and is exposed to; its loans to value, and what the market lets it. */
const vaults = fc
  .record({
    supplied: fc.integer({ min: 0, max: 300_000 }),
    owed: fc.double({ min: 0, max: 60, noNaN: true }),
    base: fc.double({ min: 0, max: 30, noNaN: true }),
    quote: fc.integer({ min: 0, max: 200_000 }),
    delta: fc.double({ min: -80, max: 80, noNaN: true }),
    suppliedBase: fc.double({ min: 0, max: 30, noNaN: true }),
    loanToValue: fc.constantFrom(0, 0.4, 0.805),
    capLeft: fc.option(fc.integer({ min: 0, max: 20 })),
    isFrozen: fc.boolean(),
  })
  .map(({ supplied, owed, base, quote, delta, suppliedBase, loanToValue, capLeft, isFrozen }) =>
    borrower(
      supplied,
      owed,
      { base, quote, delta },
      {
        suppliedRaw: raw(suppliedBase, weth),
        loanToValue,
        borrowCapLeftRaw: capLeft === null ? null : raw(capLeft, weth),
        isFrozen,
      },
    ),
  );

function accountAfter(account: LendingAccount, steps: readonly LendingStep[]): LendingAccount {
  const reserves = steps.reduce((before, { kind, asset, amountRaw }) => {
    return before.map((reserve) => {
      if (reserve.asset !== asset) return reserve;
      const { suppliedRaw, debtRaw } = reserve;
      if (kind === 'withdraw') return { ...reserve, suppliedRaw: suppliedRaw - amountRaw };
      return { ...reserve, debtRaw: kind === 'borrow' ? debtRaw + amountRaw : debtRaw - amountRaw };
    });
  }, account.reserves);
  return { ...account, reserves };
}

const accountOf = (snapshot: Snapshot) => snapshot.chain.margin!.lending[0]!;
const stepsOf = ({ plan }: HedgeDecision) => plan.lending ?? { before: [], after: [] };

/** What one more borrowed unit would need: the weighted loans to value of what backs the account. */
const loanable = ({ reserves }: LendingAccount) =>
  reserves.reduce(
    (sum, one) => sum + (Number(one.suppliedRaw) / 10 ** one.decimals) * one.priceQuote * one.loanToValue,
    0,
  );

describe('a hedge of any vault that may borrow', () => {
  const hedges = (check: (decision: HedgeDecision, snapshot: Snapshot) => void) =>
    fc.assert(
      fc.property(vaults, (snapshot) => {
        const decision = decide(snapshot, band, plain);
        if (decision.kind === 'hedge') check(decision, snapshot);
      }),
      { numRuns: 300 },
    );

  it('leaves health at the floor or above it, or above where it was, and stands liquidation at no step', () => {
    hedges((decision, snapshot) => {
      const account = accountOf(snapshot);
      const steps = stepsOf(decision);
      const midway = accountAfter(account, steps.before);
      const end = accountAfter(midway, steps.after);
      const [before, there] = [healthFactorAt(account), healthFactorAt(end)];
      for (const { suppliedRaw, debtRaw } of end.reserves)
        expect([suppliedRaw >= 0n, debtRaw >= 0n]).toEqual([true, true]);
      const weakens = [...steps.before, ...steps.after].some(
        ({ kind }) => kind === 'borrow' || kind === 'withdraw',
      );
      if (!weakens) return;
      expect(there >= FLOOR || there > before).toBe(true);
      if (steps.before.some(({ kind }) => kind === 'borrow')) {
        expect(loanable(midway)).toBeGreaterThanOrEqual(lendingSums(midway).debtQuote);
        expect(midway.reserves[1]!.debtRaw).toBeLessThan(CAP);
      }
      expect(healthFactorAt(midway)).toBeGreaterThan(1);
    });
  });

  it('moves net delta towards neutral, never past it, and says what kept it from all of it', () => {
    hedges((decision, { chain }) => {
      const { netDelta } = decision.numbers;
      const { plan, netDeltaAfter, warnings } = decision;
      expect(plan.side).toBe(netDelta! > 0 ? 'sell' : 'buy');
      expect(Math.sign(netDelta!) * netDeltaAfter).toBeGreaterThanOrEqual(-1e-9);
      expect(Math.abs(netDeltaAfter)).toBeLessThan(Math.abs(netDelta!));
      if (Math.abs(netDeltaAfter) > 1e-9) expect(warnings.length).toBeGreaterThan(0);
      expect(chain.guard.lending).toBeDefined();
    });
  });

  it('owns, lends or withdraws all that it gives, and closes its short before inventory grows', () => {
    hedges((decision, snapshot) => {
      const { plan } = decision;
      const steps = stepsOf(decision);
      const sum = (of: readonly LendingStep[], asset: string) =>
        of.filter((step) => step.asset === asset).reduce((total, { amountRaw }) => total + amountRaw, 0n);
      const { holdings } = snapshot.chain;
      const { debtRaw } = accountOf(snapshot).reserves[1]!;
      if (plan.side === 'sell') {
        expect(plan.baseRaw).toBeLessThanOrEqual(holdings.baseRaw + sum(steps.before, 'base'));
        return;
      }
      expect(plan.quoteLimitRaw).toBeLessThanOrEqual(holdings.quoteRaw + sum(steps.before, 'quote'));
      expect(sum(steps.after, 'base')).toBe(min(plan.baseRaw, debtRaw));
      const [, ether] = accountOf(snapshot).reserves;
      const comesFirst = ether!.loanToValue === 0 && ether!.suppliedRaw > 0n && debtRaw > 0n;
      if (comesFirst) expect(steps.before).toEqual([]);
      expect(steps.before.every(({ kind, asset }) => kind === 'withdraw' && asset === 'quote')).toBe(true);
    });
  });

  it('leaves room in the order for its steps, over however many pools it goes', () => {
    const many = Array.from({ length: 12 }, (_, n) =>
      poolAt(3_000, { address: `0x${(n + 1).toString(16).padStart(40, 'a')}`, depthBase: 1_000 }),
    );
    const one = borrower(300_000, 0, { delta: 45 });
    const guard = { ...one.chain.guard, allowedPools: many.map(({ address }) => address) };
    const decision = decide({ ...one, chain: { ...one.chain, pools: many, guard } }, band, plain);
    expect(kinds(decision)).toEqual(['borrow base']);
    if (decision.kind !== 'hedge') throw new Error(decision.why);
    expect(decision.plan.legs.length).toBeGreaterThan(5);
    expect(decision.plan.legs.length + stepsOf(decision).before.length).toBeLessThanOrEqual(8);
  });
});
