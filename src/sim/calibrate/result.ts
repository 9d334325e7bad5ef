import type { PolicyChoice } from '../fast/candidate.ts';
import type { FoldChoice } from './choose.ts';
import type { TriedSetting } from './triedSettings.ts';
import type { CalibrationVerdict } from './verdict.ts';
import type { Objective, SettingFigures } from './weekMoments.ts';

/** What the search chooses for one aversion to risk: a point of the frontier. */
export interface FrontierRow {
  /** Over the aversion to risk that is asked for: 4 = minds risk four times as much. */
  readonly factor: number;
  /** Of the latest training weeks. */
  readonly choice: PolicyChoice;
  readonly training: SettingFigures;
  /** Over all held-out weeks, each with what its own training weeks chose; null where nothing was scored. */
  readonly heldOut: SettingFigures | null;
  readonly isChosen: boolean;
}

/** What a calibration found. */
export interface CalibrationResult {
  readonly objective: Objective;
  readonly present: {
    readonly choice: PolicyChoice;
    /** On the latest training weeks. */
    readonly training: SettingFigures | null;
    /** On all held-out weeks. */
    readonly heldOut: SettingFigures | null;
  };
  /** Window by window, for the objective that is asked for. */
  readonly folds: readonly FoldChoice[];
  /** Five points, from minding risk little to minding it much. */
  readonly frontier: readonly FrontierRow[];
  readonly verdict: CalibrationVerdict;
  /** Settings that were run. */
  readonly trials: number;
  /** Those that were looked for, each with where it lies and what it came to; what was given is {@link present}. */
  readonly tried: readonly TriedSetting[];
}
