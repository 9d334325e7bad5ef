import type { BoundPolicy } from '../../core/policy.ts';
import type { Limits } from '../../core/risk/limits.ts';
import type { PoolPlan } from '../../sim/backtest/poolPlan.ts';
import type { GuardPlan } from '../../sim/backtest/simulatedState.ts';
import type { MarketPath } from '../../sim/market/marketPath.ts';
import type { VaultPlan } from '../../sim/vaultPlan.ts';

/** Something that was wrong with data that a study is made from, and what was done about it. */
export interface StudyFinding {
  readonly file: string;
  /** `gap`, `duplicate`, `badPrice`, …: see docs/backtest.md. */
  readonly kind: string;
  /** Unix seconds; null where it has no moment. */
  readonly atSeconds: number | null;
  /** Of the file, counted from 1: of the row, or the first of several; of a gap that of the row after it. */
  readonly line?: number;
  readonly text: string;
}

/** A model that a study runs on, with its parameters as used. */
export interface StudyAssumption {
  /** `gas`, `liquidity`, `inclusion`, … */
  readonly part: string;
  /** Whether it was recorded, fitted to something that was, or only assumed. */
  readonly source: 'recorded' | 'fitted' | 'model';
  readonly text: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** One setting of a policy: plain data, and bound. */
export interface StudySetting {
  /** Its main parameter, for people: `riskAversion 0.001`. */
  readonly label: string;
  readonly scale: number;
  readonly parameters: unknown;
  readonly policy: BoundPolicy;
}

/** A policy of a study over its settings. */
export interface StudyPolicy {
  readonly name: string;
  readonly kind: string;
  readonly settings: readonly StudySetting[];
}

/** Everything that a backtest, a calibration or a report needs, loaded and checked. */
export interface Study {
  readonly name: string;
  readonly seed: number;
  /** One for every path; all policies run on the same. */
  readonly markets: readonly MarketPath[];
  readonly plan: VaultPlan;
  readonly pools: readonly PoolPlan[];
  readonly policies: readonly StudyPolicy[];
  readonly limits: Limits;
  readonly guard: GuardPlan;
  readonly findings: readonly StudyFinding[];
  readonly assumptions: readonly StudyAssumption[];
}
