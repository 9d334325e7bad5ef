import type { ReasonCode } from '../../core/decision.ts';
import type { Config } from '../config/schema.ts';
import { UsageError } from '../errors.ts';
import type { WorldTools } from '../worlds/tools.ts';
import { calm } from './faults/index.ts';
import { openForkStage } from './forkStage.ts';
import { KeeperPool } from './keeperProcess.ts';
import { type FaultRow, type MatrixOptions, runMatrix } from './matrix.ts';
import type { VaultTick } from './messages.ts';
import { runFault } from './runFault.ts';
import type { Fault } from './scene.ts';

/** Faults of a rehearsal where none are named: one of every sort, in a few minutes. */
export const USUAL_FAULTS: readonly string[] = [
  'calm',
  'kill-after-order',
  'kill-before-signed',
  'kill-after-signed',
  'kill-before-answered',
  'kill-before-filled',
  'reorg-1',
  'reorg-3',
  'relay-drops',
  'relay-late',
  'relay-lies',
  'relay-500',
  'relay-hangs',
  'node-hangs',
  'node-429',
  'node-lags',
  'node-other-fork',
  'gas-spike',
  'order-reverts',
  'nonce-taken',
  'nonce-stuck',
  'clock-ahead',
  'disk-full',
];

/** Holds in which a vault may be left after any fault. */
const RESTING: readonly ReasonCode[] = ['insideBand', 'notDue', 'belowMinimum'];

/** Holds in which a vault may be left where nothing went wrong: its own limits stop it. */
const LIMITED: readonly ReasonCode[] = [
  'inventory',
  'spacing',
  'turnover',
  'noLiquidity',
  'gasPerDay',
  'gasCap',
];

/** What a rehearsal is made of. */
export interface RehearsalOptions extends Pick<MatrixOptions, 'faults' | 'seeds' | 'onRun' | 'onRow'> {
  /** Loaded without the parts that only the real chain needs. */
  readonly config: Config;
  readonly tools: WorldTools;
  /** Block to fork at; the newest where null. */
  readonly blockNumber: bigint | null;
  /** Node's own arguments for the keeper's processes. */
  readonly nodeArguments: readonly string[];
  /** Told once the fork is there and a calm run has shown what there is to hedge. */
  readonly onReady: (facts: RehearsalFacts) => void;
}

/** What a rehearsal takes place on. */
export interface RehearsalFacts {
  readonly blockNumber: bigint;
  /** Base given to each vault before every run, so that it has something to hedge. */
  readonly gifts: ReadonlyMap<string, number>;
  /** Whether the market moves during a run. */
  readonly marketMoves: boolean;
}

/** Base that brings a vault beyond its band; nothing where it is there already. */
function giftFor({ kind, netDelta, sellAct }: VaultTick): number {
  if (kind === 'hedge') return 0;
  if (netDelta === null || sellAct === null) return 1;
  return Math.max(0, 1.5 * (sellAct - netDelta));
}

/** @throws UsageError where a vault does not come to rest although nothing goes wrong */
function refuseRestless(last: readonly VaultTick[], blocks: number | null): void {
  if (blocks !== null) return;
  const [vault] = last.filter(({ open, code }) => open > 0 || !RESTING.includes(code));
  const why = vault === undefined ? 'no keeper could be started' : `${vault.vault}: ${vault.why}`;
  throw new UsageError('REHEARSAL_NOT_CALM', 'the vaults do not come to rest even where nothing goes wrong', {
    facts: { why },
    action: 'ballast fork shows block by block what happens',
  });
}

/**
 * Lets faults happen to the keeper of a config, on a fork of its chain, and tells how each of them ended. Everything that
 * it started has ended when it returns or throws.
 *
 * @throws UsageError where a vault does not come to rest although nothing goes wrong
 */
export async function rehearse(options: RehearsalOptions): Promise<readonly FaultRow[]> {
  const { config, tools, faults, blockNumber, onReady } = options;
  const stage = await openForkStage(config, tools, blockNumber);
  const pool = new KeeperPool(options.nodeArguments);
  try {
    const look = async (gifts: ReadonlyMap<string, number>) =>
      runFault(calm, 1, { stage, pool, gifts, restingCodes: new Set([...RESTING, ...LIMITED]) });
    const { first } = await look(new Map());
    const gifts = new Map(first.map((tick): [string, number] => [tick.vault, giftFor(tick)]));
    const { last, blocksToRecover } = await look(gifts);
    refuseRestless(last, blocksToRecover);
    onReady({ blockNumber: stage.blockNumber, gifts, marketMoves: stage.startPrice !== null });
    const isHalting = config.submission.foreignTransactions === 'halt';
    const halts: readonly ReasonCode[] = isHalting ? ['foreignTransaction'] : [];
    return await runMatrix({
      ...options,
      faults: faults as readonly Fault[],
      stages: [stage],
      pool,
      gifts,
      restingCodes: new Set([...RESTING, ...halts, ...last.map(({ code }) => code)]),
      stop: tools.stop,
    });
  } finally {
    await pool.stop();
    await stage.stop();
  }
}
