import type { Mutant } from './mutants.ts';
import type { Violation } from './violation.ts';
import type { SimulatedDisk } from './world/store.ts';

/** What to play. */
export interface HistoryOptions {
  readonly seed: number;
  /** A keeper that is broken on purpose; null = the real one. */
  readonly mutant?: Mutant | null;
  /** Ends here, without looking at the end. */
  readonly untilStep?: number;
  /** Told what happens, in words. */
  readonly trace?: (line: string) => void;
}

/** What came of it. */
export interface HistoryResult {
  readonly seed: number;
  readonly violation: Violation | null;
  /** How often each fault struck and each state was reached. */
  readonly counts: ReadonlyMap<string, number>;
  readonly steps: number;
  readonly ticks: number;
  readonly blocks: number;
  /** Simulated seconds. */
  readonly seconds: number;
  readonly disk: SimulatedDisk;
}
