import type { Violation } from './violation.ts';

/** Seeds for one worker. */
export interface WorkerTask {
  readonly firstSeed: number;
  /** The first seed that is not played. */
  readonly endSeed: number;
  readonly stride: number;
  /** Name of the broken keeper to play with; null = the real one. */
  readonly mutant: string | null;
  readonly stopsAtViolation: boolean;
  readonly wantsJournals: boolean;
}

/** What a worker says on its way. */
export type WorkerAnswer =
  | { readonly kind: 'violation'; readonly seed: number; readonly violation: Violation }
  | { readonly kind: 'journal'; readonly seed: number; readonly journal: string }
  /** Since the last one. */
  | {
      readonly kind: 'progress';
      readonly histories: number;
      readonly ticks: number;
      readonly seconds: number;
      readonly counts: Readonly<Record<string, number>>;
      readonly done: boolean;
    };
