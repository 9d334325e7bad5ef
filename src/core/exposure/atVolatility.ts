import type { OptionPosition, Position } from '../position.ts';
import type { Snapshot } from '../snapshot.ts';
import { movedVolatility } from './ownVolatility.ts';

/** A snapshot as it would be at another volatility of the vault: those of single options move along. */
export function atVolatility(snapshot: Snapshot, volatility: number): Snapshot {
  const reading = snapshot.observed.volatility;
  const { positions } = snapshot.chain;
  const observed = { ...snapshot.observed, volatility: { ...reading, volatility } };
  if (!positions.some(hasOwn)) return { ...snapshot, observed };
  const moved = positions.map((position) =>
    hasOwn(position)
      ? {
          ...position,
          impliedVolatility: movedVolatility(position.impliedVolatility, reading.volatility, volatility),
        }
      : position,
  );
  return { ...snapshot, observed, chain: { ...snapshot.chain, positions: moved } };
}

function hasOwn(position: Position): position is OptionPosition & { readonly impliedVolatility: number } {
  return position.kind === 'option' && position.impliedVolatility !== undefined;
}
