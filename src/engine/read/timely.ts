import { windowBlocksOf } from '../submit/ladder.ts';
import type { VaultSetup, World } from '../world.ts';

/** A look may take so long however fast the blocks come: a node that reads from afar is slow at first. */
const leastSeconds = 60;

/**
 * A world as one tick has it: once the tick has taken longer than an order of any of its vaults may, and more than a minute, nothing that it found
 * is acted on any more. A process that was paused, or waited for a port for so long, goes on where it was, with what it
 * decided on a head that is long gone; the next tick looks again.
 */
export function forOneTick(world: World, vaults: readonly VaultSetup[]): World {
  const { clock } = world;
  const startedAtSeconds = clock.nowSeconds();
  const secondsOf = ({ submission }: VaultSetup) =>
    (windowBlocksOf(submission) + 1) * submission.blockSeconds;
  const mostSeconds = Math.max(leastSeconds, ...vaults.map(secondsOf));
  const tardiness = () => {
    const seconds = clock.nowSeconds() - startedAtSeconds;
    if (seconds <= mostSeconds) return null;
    return `this look has taken ${Math.round(seconds)} s: what it found is too old to act on`;
  };
  return { ...world, tardiness };
}
