import { Command } from 'commander';
import type { Address } from '../../core/units.ts';
import { loadConfig } from '../../runtime/config/load.ts';
import { OUTSIDE_PARTS } from '../../runtime/config/schema.ts';
import { UsageError } from '../../runtime/errors.ts';
import { type RecordingOptions, recordablePools, recordToFiles } from '../../runtime/pools/recordFiles.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { addressArgument, endpointArgument, wholeNumber } from '../arguments.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { count } from '../output/numbers.ts';
import { recordingJson, recordingLines } from '../output/recordPools.ts';

interface RecordOptions {
  readonly pool?: readonly Address[];
  readonly rpc?: string;
  readonly block?: number;
  readonly out: string;
}

/** `ballast record-pools`: whole pools as files, for the devnet, for `depth` and for backtests. */
export function recordPoolsCommand(): Command {
  return new Command('record-pools')
    .description('whole Uniswap v3 pools, every tick, at one block, as files')
    .option('--pool <address...>', "these pools; the config's unless given", collect)
    .option('--rpc <url>', "this endpoint; the config's unless given", endpointArgument)
    .option('--block <number>', 'at this block; the newest unless given', wholeNumber)
    .option('--out <folder>', 'where the files go', 'pools')
    .addHelpText(
      'after',
      `
With --pool and --rpc no config is needed. What was recorded can be used with
  ballast devnet --pools FILE...        ballast depth --recorded FILE...`,
    )
    .action((options: RecordOptions, command: Command) =>
      execute(command, (context) => record(context, options)),
    );
}

async function record(context: CommandContext, options: RecordOptions): Promise<ExitCode> {
  const { terminal } = context;
  const { notRecorded, ...target } = await targetOf(context, options);
  const { block, out } = options;
  const blockNumber = block === undefined ? null : BigInt(block);
  const session = await recordToFiles({ ...target, blockNumber, folder: out }, (what, done, total) =>
    terminal.progress(`reading ${what}: ${count(done)} of ${count(total)}`),
  );
  terminal.line(...recordingLines(session, notRecorded, terminal));
  terminal.document(recordingJson(session, notRecorded));
  return session.recordings.every(({ ok }) => ok) ? 0 : 1;
}

type Target = Pick<RecordingOptions, 'rpcUrl' | 'chainId' | 'pools'> & {
  /** Kinds of venues in the config that cannot be recorded. */
  readonly notRecorded: readonly string[];
};

/** What to read and from where: as told, and from the config what was not told. */
async function targetOf(context: CommandContext, { pool = [], rpc }: RecordOptions): Promise<Target> {
  if (rpc !== undefined && pool.length > 0)
    return { rpcUrl: rpc, chainId: null, pools: pool, notRecorded: [] };
  const { log, redactor, configFile } = context;
  const tools = systemTools(log, redactor, null);
  const { chain, vaults } = await loadConfig(configFile, { ...tools, without: OUTSIDE_PARTS });
  const { pools, others } = pool.length > 0 ? { pools: pool, others: [] } : recordablePools(vaults);
  if (pools.length === 0) {
    throw new UsageError('POOLS_MISSING', 'no vault of the config hedges on a Uniswap v3 pool', {
      action: 'name pools with --pool',
    });
  }
  return { rpcUrl: rpc ?? chain.rpc, chainId: chain.id, pools, notRecorded: others };
}

function collect(text: string, before: readonly Address[] = []): readonly Address[] {
  return [...before, addressArgument(text)];
}
