import type { Decision } from '../core/decision.ts';
import { attempt } from './faults.ts';
import type { World } from './world.ts';

/** Key under which the last alerted halt is remembered. */
const memoryKey = 'engine.halt';

/** What of a tick is of interest to people and to dashboards. */
interface Watched {
  readonly vault: string;
  readonly decision: Decision;
}

/** People are told when a vault halts and when it goes on, not at every block in between. */
async function tellChange(world: World, { vault, decision }: Watched): Promise<void> {
  const now = decision.kind === 'halt' ? decision.code : null;
  const recalled = await attempt(() => world.store.recall(vault, memoryKey));
  const before = recalled.ok ? (recalled.value ?? null) : null;
  if (now === before) return;
  if (now === null) world.alert.send('info', `${vault} goes on`, { after: String(before) });
  else world.alert.send('critical', `${vault} halted: ${now}`, { why: decision.why });
  await attempt(() => world.store.remember(vault, memoryKey, now));
}

/** Logs and counts what a tick decided, and alerts when a vault starts or stops being halted. */
export async function watch(world: World, watched: Watched): Promise<void> {
  const { vault, decision } = watched;
  const { kind, code, why } = decision;
  world.metrics.count('decisions', { vault, kind, code });
  if (decision.numbers.netDelta !== null) {
    world.metrics.gauge('net_delta_base', { vault }, decision.numbers.netDelta);
  }
  const say = kind === 'halt' ? world.log.warn : kind === 'hedge' ? world.log.info : world.log.debug;
  say.call(world.log, { vault, kind, code, why }, `${kind}: ${why}`);
  await tellChange(world, watched);
}
