import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatePrivateKey } from 'viem/accounts';
import { startDevnet } from '../../devnet/index.ts';
import { startDevRelay } from '../../devnet/relay/index.ts';
import { type TickResult, tickFleet } from '../../engine/tick.ts';
import type { Store } from '../../ports/store.ts';
import { parseConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { openLive } from '../worlds/live.ts';
import type { WorldTools } from '../worlds/tools.ts';
import { devnetConfigText } from './config.ts';
import { DemoLedger } from './ledger.ts';
import { demoPath, endlessPath } from './path.ts';
import { type DemoHedge, type DemoReport, demoReport, type ResultParts } from './report.ts';
import { createDemoVault } from './vault.ts';

const START_PRICE = 3_000;
const KEEPER = 'DEMO_KEEPER_KEY';
const IDENTITY = 'DEMO_IDENTITY_KEY';

/** What the demo tells while it runs. */
export interface DemoListener {
  onReady(facts: { readonly url: string; readonly relayUrl: string; readonly seconds: number }): void;
  /** @param step 1 to the number of blocks */
  onBlock(step: number, result: TickResult, filled: readonly DemoHedge[]): void;
}

/** The demo's keeper, for what is to stand beside it. */
export interface DemoKeeper {
  readonly config: Config;
  readonly store: Store;
  /** Knows the demo's own keys and no others. */
  readonly tools: WorldTools;
}

/** What a demo runs with. */
export interface DemoOptions {
  readonly tools: WorldTools;
  readonly seed: number;
  readonly listener: DemoListener;
  /** Goes on after the script until told to stop, a block every so many seconds; ends with the script where absent. */
  readonly watchEverySeconds?: number;
  /** Opens what stands beside the keeper; closed before the keeper is. */
  readonly beside?: (keeper: DemoKeeper) => Promise<{ close(): Promise<void> }>;
}

/** What a demo ends with; `parts` is null where nothing was decided. */
export interface DemoOutcome {
  readonly report: DemoReport;
  readonly parts: ResultParts | null;
}

/**
 * Runs the demo: a devnet, a vault on it, a market that falls, and the keeper as it is everywhere else, with a config of
 * its own text, sending through the dev relay. Everything it started has ended when it returns or throws.
 */
export async function runDemo(options: DemoOptions): Promise<DemoOutcome> {
  const { tools, seed, listener, watchEverySeconds } = options;
  const startedAt = tools.clock.nowSeconds();
  const folder = await mkdtemp(join(tmpdir(), 'ballast-demo-'));
  const endings: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const devnet = await startDevnet({ price: START_PRICE });
    endings.unshift(() => devnet.stop());
    const relay = await startDevRelay({ rpcUrl: devnet.url });
    endings.unshift(() => relay.stop());
    devnet.addPrivatePool(relay.pool);
    const { safe, heldOtokens } = await createDemoVault(devnet);
    const keys = { [KEEPER]: devnet.accounts.keeper.privateKey, [IDENTITY]: generatePrivateKey() };
    const text = devnetConfigText({
      devnet,
      account: safe.address,
      heldOtokens,
      relayUrl: relay.url,
      journalPath: join(folder, 'journal.sqlite'),
      variables: { keeper: KEEPER, identity: IDENTITY },
    });
    const own = withKeys(tools, keys);
    const config = parseConfig('demo.yaml', text, own);
    const open = await openLive(config, own);
    endings.unshift(() => open.close());
    const beside = await options.beside?.({ config, store: open.world.store, tools: own });
    if (beside !== undefined) endings.unshift(() => beside.close());
    listener.onReady({ url: devnet.url, relayUrl: relay.url, seconds: tools.clock.nowSeconds() - startedAt });

    const ledger = new DemoLedger(open.world.store);
    const path = demoPath(START_PRICE, seed);
    let decisions = 0;
    const prices = watchEverySeconds === undefined ? path : endlessPath(path, seed);
    let block = 0;
    for (const price of prices) {
      block += 1;
      if (watchEverySeconds !== undefined)
        await tools.clock.sleep(watchEverySeconds * 1_000, tools.stop ?? undefined);
      if (tools.stop?.aborted) break;
      await devnet.mineBlock({ price });
      const [result] = await tickFleet(open.world, open.vaults);
      if (result === undefined) break;
      decisions += 1;
      listener.onBlock(block, result, await ledger.book(result));
    }
    const sightings = await relay.sightings();
    return {
      report: demoReport(ledger.series(), decisions, ledger.hedges, sightings.length),
      parts: ledger.parts(),
    };
  } finally {
    for (const end of endings) await end();
  }
}

/** Tools that know the demo's keys and no others. */
function withKeys(tools: WorldTools, keys: Readonly<Record<string, string>>): WorldTools {
  const environment = (name: string) => keys[name];
  return { ...tools, environment, secrets: { ...tools.secrets, environment } };
}
