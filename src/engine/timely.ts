import { windowBlocksOf } from './ladder.ts';
import type { VaultSetup, World } from './world.ts';

/**
 * A world as one tick has it: once the tick has taken longer than an order of any of its vaults may, nothing that it found
 * is acted on any more. A process that was paused, or waited for a port for so long, goes on where it was, with what it
 * decided on a head that is long gone; the next tick looks again.
 */
export function forOneTick(world: World, vaults: readonly VaultSetup[]): World {
  const { clock } = world;
  const startedAtSeconds = clock.nowSeconds();
  const secondsOf = ({ submission }: VaultSetup) =>
    (windowBlocksOf(submission) + 1) * submission.blockSeconds;
  const mostSeconds = Math.max(0, ...vaults.map(secondsOf));
  const tardiness = () => {
    const seconds = clock.nowSeconds() - startedAtSeconds;
    if (seconds <= mostSeconds) return null;
    return `this look has taken ${Math.round(seconds)} s: what it found is too old to act on`;
  };
  return { ...world, tardiness };
}
