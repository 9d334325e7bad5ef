/** A dated event around which a vault is more careful. */
export interface CalendarEvent {
  /** As people call it: `FOMC rate decision`. */
  readonly name: string;
  /** Unix seconds. */
  readonly atSeconds: number;
  /** The window around it, both at or above 0. */
  readonly beforeSeconds: number;
  readonly afterSeconds: number;
  readonly changes: EventChanges;
}

/** What an event changes; what it leaves out stays as it is. */
export interface EventChanges {
  /** Above 0: 0.5 halves `act` and `target` of the band, so that net delta is kept closer. */
  readonly bandFactor?: number;
  /** Caps of the window; the tighter of each and of the vault's own holds. */
  readonly maxTradeQuote?: number;
  readonly maxSlippageBps?: number;
  readonly maxGasQuote?: number;
  /** The longer of it and of the vault's own holds. */
  readonly minSpacingSeconds?: number;
}

/** The limits that an event may tighten. */
export interface EventLimits {
  readonly maxTradeQuote: number;
  readonly maxSlippageBps: number;
  readonly maxGasQuote: number;
  readonly minSpacingSeconds: number;
}

/** Limits in force, the band's factor, and the events that made them so. */
export interface CalendarView<L extends EventLimits> {
  readonly limits: L;
  readonly bandFactor: number;
  readonly active: readonly CalendarEvent[];
}

/** The events whose window a time lies in, both ends included. */
export function activeEvents(events: readonly CalendarEvent[], nowSeconds: number): readonly CalendarEvent[] {
  return events.filter(
    ({ atSeconds, beforeSeconds, afterSeconds }) =>
      nowSeconds >= atSeconds - beforeSeconds && nowSeconds <= atSeconds + afterSeconds,
  );
}

/** Limits as active events tighten them: of each the tightest, of band factors the smallest. No event loosens a limit. */
export function limitsDuring<L extends EventLimits>(
  limits: L,
  active: readonly CalendarEvent[],
): CalendarView<L> {
  const changes = active.map((event) => event.changes);
  const least = (own: number, key: 'maxTradeQuote' | 'maxSlippageBps' | 'maxGasQuote') =>
    Math.min(own, ...changes.map((change) => change[key] ?? own));
  const factors = changes.map(({ bandFactor = 1 }) => bandFactor);
  return {
    limits: {
      ...limits,
      maxTradeQuote: least(limits.maxTradeQuote, 'maxTradeQuote'),
      maxSlippageBps: least(limits.maxSlippageBps, 'maxSlippageBps'),
      maxGasQuote: least(limits.maxGasQuote, 'maxGasQuote'),
      minSpacingSeconds: Math.max(
        limits.minSpacingSeconds,
        ...changes.map(({ minSpacingSeconds = 0 }) => minSpacingSeconds),
      ),
    },
    bandFactor: factors.length === 0 ? 1 : Math.min(...factors),
    active,
  };
}

/** What active events change, in words for a decision: `FOMC rate decision in 25 min: band x 0.5, trades to 50000`. */
export function eventWords(active: readonly CalendarEvent[], nowSeconds: number): string {
  return active
    .map((event) => `${event.name} ${timeWords(event.atSeconds - nowSeconds)}: ${changeWords(event.changes)}`)
    .join('; ');
}

function timeWords(secondsAhead: number): string {
  const minutes = Math.round(Math.abs(secondsAhead) / 60);
  if (minutes === 0) return 'now';
  const span = minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
  return secondsAhead > 0 ? `in ${span}` : `${span} ago`;
}

function changeWords(changes: EventChanges): string {
  const words = [
    changes.bandFactor === undefined ? null : `band x ${changes.bandFactor}`,
    changes.maxTradeQuote === undefined ? null : `trades to ${changes.maxTradeQuote} quote`,
    changes.maxSlippageBps === undefined ? null : `slippage to ${changes.maxSlippageBps} bps`,
    changes.maxGasQuote === undefined ? null : `gas to ${changes.maxGasQuote} quote`,
    changes.minSpacingSeconds === undefined ? null : `spacing from ${changes.minSpacingSeconds} s`,
  ].filter((word) => word !== null);
  return words.length === 0 ? 'nothing changed' : words.join(', ');
}
