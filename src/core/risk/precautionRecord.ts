import type { BreakerName, BreakerReading } from './breakers/breaker.ts';
import type { MarketTrack } from './breakers/marketTrack.ts';
import type { StressFigures, StressLevels } from './stress/stressFigures.ts';
import type { StressLevel } from './stress/stressLevel.ts';

/** What one decision leaves to the next: of constant size. */
export interface KeptPrecautions {
  readonly track: MarketTrack | null;
  readonly levels: StressLevels;
  /** Breakers that stay tripped while their figure is not known; absent where there are none. */
  readonly held?: readonly BreakerName[];
}

/** What was looked at before a decision, as it is kept with it. */
export interface PrecautionRecord extends KeptPrecautions {
  readonly level: StressLevel;
  /** Null where the vault is not tried. */
  readonly figures: StressFigures | null;
  readonly tripped: readonly BreakerReading[];
  /** What dated events change now, in words; null where none is near. */
  readonly events: string | null;
}
