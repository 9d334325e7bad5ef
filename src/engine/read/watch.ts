import type { Decision } from '../../core/decision.ts';
import { attempt } from '../faults.ts';
import { keepHalt } from '../keptHalt.ts';
import type { Memories } from '../memories.ts';
import type { World } from '../world.ts';

/** Key under which the last alerted halt is remembered. */
export const haltKey = 'engine.halt';

/** What of a tick is of interest to people and to dashboards. */
interface Watched {
  readonly vault: string;
  readonly decision: Decision;
}

/**
 * People are told when a vault halts and when it goes on, not at every block in between: the world's notes come before the
 * journal's memory, for a journal that takes nothing must not let it be said at every block.
 */
async function tellChange(
  world: World,
  { vault, decision }: Watched,
  memories: Memories | null,
): Promise<void> {
  const now = decision.kind === 'halt' ? decision.code : null;
  const recalled = await attempt(() =>
    memories === null ? world.store.recall(vault, haltKey) : memories.get(haltKey),
  );
  const kept = recalled.ok ? (recalled.value ?? null) : null;
  const told = world.notes.toldHalts.get(vault);
  const before = told === undefined ? kept : told;
  if (now === before) return;
  world.notes.toldHalts.set(vault, now);
  if (now === null) {
    const topic = { rule: 'halted', subject: vault, isOver: true } as const;
    world.alert.send('info', `${vault} goes on`, { after: String(before) }, topic);
  } else
    world.alert.send(
      'critical',
      `${vault} halted: ${now}`,
      { why: decision.why },
      { rule: 'halted', subject: vault },
    );
  await attempt(() => world.store.remember(vault, haltKey, now));
}

/**
 * Logs and counts what a tick decided, and alerts when a vault starts or stops being halted.
 *
 * @param memories what the tick recalled of the vault; null where it recalled nothing
 */
export async function watch(world: World, watched: Watched, memories: Memories | null): Promise<void> {
  const { vault, decision } = watched;
  const { kind, code, why } = decision;
  world.metrics.count('decisions', { vault, kind, code });
  if (decision.numbers.netDelta !== null) {
    world.metrics.gauge('net_delta_base', { vault }, decision.numbers.netDelta);
  }
  const say = kind === 'halt' ? world.log.warn : kind === 'hedge' ? world.log.info : world.log.debug;
  say.call(world.log, { vault, kind, code, why }, `${kind}: ${why}`);
  await tellChange(world, watched, memories);
  await keepHalt(world, vault, decision, memories);
}
