import { BallastError, messageOf } from '../../core/errors.ts';
import { type TickResult, tickFleet } from '../../engine/tick.ts';
import type { StoreKind } from '../../ports/store.ts';
import { systemClock } from '../clock.ts';
import { loopbackOnly } from '../loopback.ts';
import { registry } from '../registry.ts';
import { openLive } from '../worlds/live.ts';
import type { OpenWorld, WorldTools } from '../worlds/tools.ts';
import { type Fuse, fuseWatch, watched } from './journalWrites.ts';
import type { KeeperAnswer, KeeperRequest, VaultTick } from './messages.ts';

/*
 * A keeper in a process of its own, as it is everywhere else, but for when it looks: its parent says so. It dies where
 * its fuse says, without a chance to do anything about it.
 */

let open: OpenWorld | null = null;
let clockOffsetSeconds = 0;

const dies = () => process.kill(process.pid, 'SIGKILL');

/** Every kind of journal, burning down to the fuse. */
function storesWith(fuse: Fuse | null): Readonly<Record<string, StoreKind>> {
  if (fuse === null) return registry.stores;
  return Object.fromEntries(
    Object.entries(registry.stores).map(([kind, store]): [string, StoreKind] => [
      kind,
      { ...store, open: async (config) => watched(await store.open(config), fuseWatch(fuse, dies)) },
    ]),
  );
}

/** Tools that know the given keys and nothing else of the machine, and that reach nothing but the machine. */
function toolsOf({ keys, fuse }: Extract<KeeperRequest, { kind: 'open' }>): WorldTools {
  const environment = (name: string) => keys[name];
  const silent = () => {};
  return {
    registry: { ...registry, stores: storesWith(fuse) },
    environment,
    secrets: { environment, readFile: () => Promise.reject(new Error('a rehearsal reads no file')) },
    clock: { ...systemClock, nowSeconds: () => systemClock.nowSeconds() + clockOffsetSeconds },
    log: { debug: silent, info: silent, warn: silent, error: silent },
    fetch: loopbackOnly(globalThis.fetch),
    stop: null,
  };
}

function vaultTick({ vault, decision, open: orders, settled }: TickResult): VaultTick {
  const { kind, code, why, numbers } = decision;
  return {
    vault,
    kind,
    code,
    why,
    netDelta: numbers.netDelta,
    sellAct: numbers.band?.sell.act ?? null,
    open: orders.length,
    settled: settled.map(({ event }) => event.kind),
  };
}

async function carryOut(request: KeeperRequest): Promise<KeeperAnswer> {
  switch (request.kind) {
    case 'open':
      open = await openLive(request.config, toolsOf(request));
      return { kind: 'done' };
    case 'close': {
      const ended = open;
      open = null;
      await ended?.close();
      return { kind: 'done' };
    }
    case 'tick': {
      if (open === null) return { kind: 'failed', code: 'UNEXPECTED', message: 'no world is open' };
      clockOffsetSeconds = request.nowSeconds - systemClock.nowSeconds();
      const results = await tickFleet(open.world, open.vaults);
      return { kind: 'ticked', vaults: results.map(vaultTick) };
    }
  }
}

process.on('message', (request: KeeperRequest) => {
  void carryOut(request)
    .catch((error: unknown): KeeperAnswer => {
      const code = error instanceof BallastError ? error.code : 'UNEXPECTED';
      return { kind: 'failed', code, message: messageOf(error) };
    })
    .then((answer) => process.send?.(answer));
});
// An interrupt at the terminal reaches the whole group: ending is for the parent to ask for.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));
process.send?.({ kind: 'done' } satisfies KeeperAnswer);
