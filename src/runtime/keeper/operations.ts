import { Cron } from 'croner';
import type { TickResult } from '../../engine/tick.ts';
import { type BeyondSince, tellConditions } from '../alerts/conditions.ts';
import { createDispatcher, type Dispatcher } from '../alerts/dispatcher.ts';
import { createHeartbeat, type Heartbeat, HeartbeatMissingError } from '../alerts/heartbeat.ts';
import { alertFileOf, fileMemory } from '../alerts/memory.ts';
import { actsReader, operatorFileOf } from '../arm/operatorFile.ts';
import { resumptionsFrom } from '../arm/resume.ts';
import { plugin } from '../bind.ts';
import { thisBuild } from '../build.ts';
import type { Config } from '../config/schema.ts';
import type { Redactor } from '../log/redact.ts';
import { keeperFacts, signerAlias } from '../metrics/facts.ts';
import type { ProbeSources } from '../metrics/handler.ts';
import { createKeeperMetrics, type KeeperMetrics } from '../metrics/keeperMetrics.ts';
import { type ProbeServer, probeToken, serveProbes } from '../metrics/server.ts';
import type { OpenWorld, WorldTools } from '../worlds/tools.ts';
import { createHealthBook, type KeeperHealth } from './keeperHealth.ts';
import { watchSilence } from './silence.ts';

/** Turns without a decision after which people are told. */
const SILENT_TURNS = 3;
const LEAST_SILENCE_SECONDS = 15;
/** Hedges that gas money should last for, and the gas of one. */
const HEDGES_OF_GAS = 10n;
const GAS_OF_A_HEDGE = 250_000n;

/** What goes on around a keeper: figures, alerts, the heartbeat, the operator's word. None of it may hold a hedge up. */
export interface Operations {
  /** The tools to open the world with. */
  readonly tools: WorldTools;
  /** Begins, over an open world: gives the one to run with. */
  start(open: OpenWorld): Promise<RunningOperations>;
}

/** See {@link Operations}. */
export interface RunningOperations {
  readonly open: OpenWorld;
  /** Where metrics are served; null where they are not. */
  readonly url: string | null;
  /** What a server of its own may mount. */
  readonly probes: ProbeSources;
  /** How endpoints and alert channels did so far, and what people were told of. */
  readonly health: () => KeeperHealth;
  readonly before: () => Promise<void>;
  readonly onResults: (results: readonly TickResult[]) => void;
  close(): Promise<void>;
}

/** Expected seconds from one look to the next. */
export function turnSeconds({ schedule, submission }: Pick<Config, 'schedule' | 'submission'>): number {
  if (schedule.kind === 'block') return submission.blockSeconds;
  if (schedule.kind === 'interval') return schedule.seconds;
  const cron = new Cron(schedule.expression, { timezone: schedule.timeZone, paused: true });
  const [first, second] = cron.nextRuns(2);
  return first && second ? (second.getTime() - first.getTime()) / 1_000 : submission.blockSeconds;
}

/**
 * Prepares what a config wants around its keeper.
 *
 * @throws UsageError where metrics would be open to others; errors of channels whose secrets are missing
 */
export function prepareOperations(
  config: Config,
  tools: WorldTools,
  redactor: Redactor,
  mode: 'live' | 'shadow',
): Operations {
  const { clock, log, fetch, secrets } = tools;
  const metrics = createKeeperMetrics(turnSeconds(config));
  const token = probeToken(config.metrics, secrets);
  const book = createHealthBook(clock);
  const dispatcher = createDispatcher({
    channels: config.alerts.map((one) => {
      const channel = plugin(tools.registry.alerts, one).open(one.config, { fetch, secrets });
      return { ...one, channel };
    }),
    source: `ballast ${mode}, chain ${config.chain.id}`,
    clock,
    log,
    memory: fileMemory(alertFileOf(config), log),
    redact: redactor,
    onFailure: (channel) => {
      metrics.exporter.add('ballast_alert_failures_total', { channel }, 1);
      book.channelFailed(channel);
    },
  });
  const alerts: Dispatcher = { ...dispatcher, ...book.listening(dispatcher) };
  const observeRequest: typeof metrics.observeRequest = (...request) => {
    metrics.observeRequest(...request);
    book.observeRequest(...request);
  };
  const heartbeat = heartbeatOf(config, tools);
  return {
    tools: { ...tools, alert: alerts, observeRequest },
    start: (open) => start({ config, tools, metrics, alerts, heartbeat, token, health: book.health }, open),
  };
}

interface Prepared {
  readonly config: Config;
  readonly tools: WorldTools;
  readonly metrics: KeeperMetrics;
  readonly alerts: Dispatcher;
  readonly heartbeat: Heartbeat | null;
  readonly token: string | null;
  readonly health: () => KeeperHealth;
}

function heartbeatOf({ heartbeat }: Config, { secrets, fetch, clock, log }: WorldTools): Heartbeat | null {
  if (heartbeat === null) return null;
  const url = secrets.environment(heartbeat.urlVariable)?.trim() ?? '';
  if (!URL.canParse(url)) throw new HeartbeatMissingError(heartbeat.urlVariable);
  return createHeartbeat(url, heartbeat.everySeconds, { fetch, clock, log });
}

async function start(prepared: Prepared, open: OpenWorld): Promise<RunningOperations> {
  const { config, tools, metrics, alerts, heartbeat, token } = prepared;
  const facts = keeperFacts(config, open, tools.build ?? thisBuild());
  const world = await metrics.attach(open.world, facts);
  const probes: ProbeSources = {
    exporter: metrics.exporter,
    readiness: () => metrics.readiness(),
    refresh: () => metrics.refresh(),
    token,
  };
  const { listen } = config.metrics;
  const server: ProbeServer | null = listen === null ? null : await serveProbes(listen, probes);
  const ending = new AbortController();
  const watch = watchSilence({
    patienceSeconds: Math.max(LEAST_SILENCE_SECONDS, SILENT_TURNS * turnSeconds(config)),
    clock: tools.clock,
    alerts,
    isStopping: () => world.stop?.aborted === true,
    signal: ending.signal,
  });
  const setups = new Map(open.vaults.map((setup) => [setup.terms.name, setup]));
  const beyond: BeyondSince = new Map();
  const resume = resumptionsFrom(
    actsReader(operatorFileOf(config)),
    world,
    facts.vaults.map(({ terms }) => terms.name),
  );
  let beganAt = performance.now();
  return {
    open: { ...open, world },
    url: server?.url ?? null,
    probes,
    health: prepared.health,
    async before() {
      await resume();
      beganAt = performance.now();
    },
    onResults(results) {
      metrics.took(results, (performance.now() - beganAt) / 1_000);
      watch.heard();
      for (const result of results) {
        const setup = setups.get(result.vault);
        if (setup !== undefined) tellConditions(alerts, result, setup, world.permission, beyond);
      }
      tellGasMoney(prepared, results);
      alerts.turn();
      if (results.every(({ decisionId }) => decisionId !== null)) heartbeat?.beat();
      beganAt = performance.now();
    },
    async close() {
      ending.abort();
      await server?.close();
      await alerts.close();
    },
  };
}

function tellGasMoney({ metrics, alerts }: Prepared, results: readonly TickResult[]): void {
  const baseFeeWei = results.find(({ block }) => block !== null)?.block?.baseFeePerGasWei;
  if (baseFeeWei === undefined) return;
  const neededWei = HEDGES_OF_GAS * GAS_OF_A_HEDGE * baseFeeWei * 2n;
  metrics.balancesWei().forEach((wei, index) => {
    const subject = signerAlias(index);
    if (wei < neededWei) {
      const facts = { wei, tenHedgesWei: neededWei };
      alerts.send('warning', `${subject} has gas money for less than ten hedges`, facts, {
        rule: 'gasMoney',
        subject,
      });
    } else {
      alerts.send('info', `${subject} has gas money again`, {}, { rule: 'gasMoney', subject, isOver: true });
    }
  });
}
