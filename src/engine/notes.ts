import type { ReasonCode } from '../core/decision.ts';
import type { Hash } from '../core/units.ts';

/**
 * What ticks note for the ones after them and need not survive their process: without it something is asked or told once
 * more, nothing else. It belongs to a world; whoever makes a world makes it, empty.
 */
export interface Notes {
  /** The halt that people were last told of, by vault; null where they were told last that it goes on. */
  readonly toldHalts: Map<string, ReasonCode | null>;
  /** By vault, at which head its highest final block was last seen to stand: on top of that head it still does. */
  readonly finalBlocks: Map<string, { readonly head: Hash; readonly block: Hash }>;
}

/** Nothing noted yet. */
export function emptyNotes(): Notes {
  return { toldHalts: new Map(), finalBlocks: new Map() };
}
