import type { StateDocument } from '../../src/dashboard/documents.ts';

/** What a page stands in. */
export interface Surroundings {
  readonly main: HTMLElement;
  state(): StateDocument | null;
  fail(error: unknown): void;
}

/** One of the pages. */
export interface Page {
  readonly title: string;
  /** Shows it for the first time. */
  open(): Promise<void>;
  /** There is something new. */
  refresh(): Promise<void>;
  close(): void;
}
