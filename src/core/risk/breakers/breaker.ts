/** What a tripped breaker leaves allowed, the most first: hedges without a loan, only what eases margin until it clears, nothing. */
const breakerEffects = ['reduceOnly', 'hold', 'halt'] as const;

/** One of {@link breakerEffects}. */
export type BreakerEffect = (typeof breakerEffects)[number];

/** The breakers there are. */
export const breakerNames = [
  'oracleAgainstPools',
  'secondFeed',
  'quotePeg',
  'sequencer',
  'priceJump',
  'volatilityGap',
  'depthFall',
  'ownImpact',
] as const;

/** One of {@link breakerNames}. */
export type BreakerName = (typeof breakerNames)[number];

/** A breaker as a snapshot shows it. */
export interface BreakerReading {
  readonly name: BreakerName;
  /** In the breaker's own unit; null where what it watches is not known, which neither trips nor clears it. */
  readonly figure: number | null;
  readonly limit: number;
  readonly unit: 'bps' | 'ratio' | 'feeds' | 'seconds';
  readonly tripped: boolean;
  /** What it allows once tripped. */
  readonly effect: BreakerEffect;
  /** One sentence with its figure and its limit. */
  readonly text: string;
}

/** The tripped ones that wait for their figure should it be lost: all but those that count what is there. */
export function heldBreakers(readings: readonly BreakerReading[]): readonly BreakerName[] {
  return readings.filter(({ tripped, unit }) => tripped && unit !== 'feeds').map(({ name }) => name);
}

/** What all tripped ones together leave allowed, which is the least of them; null where none tripped. */
export function breakerEffect(readings: readonly BreakerReading[]): BreakerEffect | null {
  const ranks = readings.filter(({ tripped }) => tripped).map(({ effect }) => breakerEffects.indexOf(effect));
  return ranks.length === 0 ? null : breakerEffects[Math.max(...ranks)]!;
}
