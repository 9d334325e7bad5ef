/** A promise of the keeper that a history broke. */
export interface Violation {
  readonly invariant: `I${number}` | 'engine';
  readonly step: number;
  readonly what: string;
}
