import { dirname, resolve } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { armingByConfig } from '../runtime/arm/leave.ts';
import { packageVersion } from '../runtime/build.ts';
import type { Plugged } from '../runtime/config/kinds.ts';
import type { Config } from '../runtime/config/schema.ts';
import { lateJournal } from '../runtime/journal/lateJournal.ts';
import type { KeeperHealth } from '../runtime/keeper/keeperHealth.ts';
import { turnSeconds } from '../runtime/keeper/operations.ts';
import { scheduleWords } from '../runtime/keeper/scheduleWords.ts';
import type { Redactor } from '../runtime/log/redact.ts';
import { openConfiguredChain } from '../runtime/worlds/parts.ts';
import type { WorldTools } from '../runtime/worlds/tools.ts';
import { type Dashboard, type DashboardOptions, startDashboard } from './server.ts';
import type { ConfigFacts, DashboardSource, HeadAnswer } from './source.ts';
import type { ArmingRow } from './systemDocument.ts';

const HEAD_TIMEOUT_MILLISECONDS = 2_000;

/** What a dashboard is made from beside its journal. */
export interface DashboardParts {
  readonly journal: Plugged;
  /** Null to look at a journal alone. */
  readonly config: Config | null;
  /** Of the config; null where there is none. */
  readonly configFile: string | null;
  /** Folder of reports; that of the config unless given. */
  readonly reports?: string;
  readonly tools: WorldTools;
  readonly redactor: Redactor;
  /** What the keeper beside it knows of its surroundings; absent where none stands beside it. */
  readonly health?: () => KeeperHealth;
}

/**
 * Serves the dashboard over a configured journal, or over one alone. It opens the journal for itself, to be read, and closes it.
 *
 * @throws UsageError where others could ask and no token is set, or the port is taken
 */
export async function openDashboard(parts: DashboardParts, options: DashboardOptions): Promise<Dashboard> {
  const { journal, config, configFile, tools, redactor } = parts;
  const store = lateJournal(journal, tools);
  const folder = configFile === null ? null : dirname(resolve(configFile));
  const source: DashboardSource = {
    store,
    config: config === null ? journalFacts(journal) : configFacts(config, configFile),
    expectedSeconds: config === null ? null : turnSeconds(config),
    ...(parts.health === undefined ? {} : { health: parts.health }),
    ...(config === null ? {} : { chainHead: () => headOf(config), arming: () => armingRows(config, tools) }),
    reports: parts.reports ?? folder,
    version: packageVersion(),
    clock: tools.clock,
    log: tools.log,
    redactor,
  };
  try {
    const dashboard = await startDashboard(source, options);
    return {
      ...dashboard,
      close: async () => {
        await dashboard.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function journalWords({ kind, config }: Plugged): string {
  const { path } = config as { readonly path?: unknown };
  return typeof path === 'string' ? `${kind}, ${path}` : kind;
}

function journalFacts(journal: Plugged): ConfigFacts {
  return {
    file: null,
    chainId: null,
    endpoints: [],
    relays: [],
    channels: [],
    operations: [],
    probationSeconds: null,
    journal: journalWords(journal),
    schedule: 'not known',
    vaults: [],
  };
}

function configFacts(config: Config, file: string | null): ConfigFacts {
  return {
    file,
    chainId: config.chain.id,
    endpoints: config.chain.endpoints.map(({ name, url, roles }) => ({ name, url, roles: roles.join(', ') })),
    relays: Object.entries(config.relays).map(([name, { kind }]) => ({ name, kind })),
    channels: config.alerts.map(({ name, kind, rules, atLeast }) => ({
      name,
      kind,
      tells: `${rules?.join(', ') ?? 'everything'}, from ${atLeast} on`,
    })),
    operations: [
      { name: 'metrics', value: config.metrics.listen ?? 'not served' },
      {
        name: 'heartbeat',
        value: config.heartbeat === null ? 'none' : `every ${config.heartbeat.everySeconds} s`,
      },
    ],
    probationSeconds: config.chain.probationSeconds,
    journal: journalWords(config.journal),
    schedule: scheduleWords(config.schedule),
    vaults: config.vaults.map(({ name, policy, limits, quote }) => ({
      name,
      policy: policy.kind,
      quote: quote.symbol ?? 'quote',
      limits: limits as Readonly<Record<string, unknown>>,
    })),
  };
}

/** The chain is asked for its head and nothing else; not reaching it spoils nothing. */
async function headOf(config: Config): Promise<HeadAnswer> {
  try {
    const chain = await openConfiguredChain(config, { timeoutMs: HEAD_TIMEOUT_MILLISECONDS, retries: 0 });
    try {
      return { head: await chain.head() };
    } finally {
      chain.close();
    }
  } catch (error) {
    return { why: messageOf(error) };
  }
}

function armingRows(config: Config, tools: WorldTools): readonly ArmingRow[] {
  try {
    const { isNeeded, vaults } = armingByConfig(config, tools);
    if (!isNeeded)
      return config.vaults.map(({ name }) => ({
        vault: name,
        standing: 'not needed',
        why: 'chain and relays are on this machine',
      }));
    return vaults.map(({ vault, refusal }) => ({
      vault,
      standing: refusal === null ? 'armed' : 'not armed',
      why: refusal ?? 'for this config, build, chain and vault',
    }));
  } catch (error) {
    return config.vaults.map(({ name }) => ({ vault: name, standing: 'unknown', why: messageOf(error) }));
  }
}
