import { Command, Option } from 'commander';
import { isUsableVolatility } from '../../core/risk/volatilitySource.ts';
import type { VolatilityReading } from '../../core/snapshot.ts';
import { SECONDS_PER_DAY } from '../../core/units.ts';
import type { GarchModel } from '../../core/volatility/garchModel.ts';
import { volatilitySummary } from '../../core/volatility/summary.ts';
import { lookAtVolatilities } from '../../engine/read/volatility.ts';
import { loadConfig } from '../../runtime/config/load.ts';
import type { VaultConfig } from '../../runtime/config/schema.ts';
import { readPriceHistory } from '../../runtime/priceHistory.ts';
import { type MethodChoice, sourcesWithMethods } from '../../runtime/volatilityMethods.ts';
import { openLook } from '../../runtime/worlds/look.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { positiveNumber, positiveNumbers } from '../arguments.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { type LookedAt, sourceLines, sourcesJson, summaryJson, summaryLines } from '../output/vol.ts';
import { withVault } from '../select.ts';

const MODELS: readonly GarchModel[] = ['garch', 'gjr', 'egarch'];

interface VolOptions {
  readonly csv?: string;
  readonly interval?: number;
  readonly halfLife: number;
  readonly model: GarchModel | 'all' | 'none';
  readonly horizons: readonly number[];
  readonly vault?: string;
}

/** `ballast vol`: what a price history, or the configured sources, say about volatility. */
export function volCommand(): Command {
  return new Command('vol')
    .description('forecast volatility from a CSV of prices, or look at what the config names')
    .option('--csv <file>', 'columns time and price; .gz too; the chain of the config otherwise')
    .option('--interval <seconds>', 'distance of the returns (default: that of the prices)', positiveNumber)
    .option('--half-life <days>', 'age at which a return weighs half in the ewma', positiveNumber, 10)
    .addOption(
      new Option('--model <model>', 'which model is fitted')
        .choices([...MODELS, 'all', 'none'])
        .default('all'),
    )
    .addOption(
      new Option('--horizons <days>', 'of the forecasts, with commas between')
        .argParser(positiveNumbers)
        .default([1, 7, 30, 90], '1,7,30,90'),
    )
    .option('--vault <name>', 'without --csv: this vault only')
    .addHelpText('after', '\nExit codes: 0 done, 2 wrong use or config, 3 a vault has no usable volatility.')
    .action((options: VolOptions, command: Command) =>
      execute(command, (context) =>
        options.csv === undefined ? fromSources(context, options) : fromFile(context, options, options.csv),
      ),
    );
}

function choiceOf({ model, horizons, halfLife }: VolOptions): MethodChoice {
  return {
    halfLifeSeconds: halfLife * SECONDS_PER_DAY,
    models: model === 'all' ? MODELS : model === 'none' ? [] : [model],
    horizonsSeconds: horizons.map((days) => days * SECONDS_PER_DAY),
  };
}

async function fromFile({ terminal }: CommandContext, options: VolOptions, file: string): Promise<ExitCode> {
  const choice = choiceOf(options);
  const history = await readPriceHistory(file);
  const summary = volatilitySummary(history, { intervalSeconds: options.interval, ...choice });
  terminal.line(...summaryLines(summary, file, choice.halfLifeSeconds));
  terminal.document(summaryJson(summary, file));
  return 0;
}

async function fromSources(
  { terminal, log, redactor, configFile }: CommandContext,
  options: VolOptions,
): Promise<ExitCode> {
  const tools = systemTools(log, redactor, null);
  const config = await loadConfig(configFile, tools);
  const chosen = withVault(config, options.vault);
  const open = await openLook(chosen, tools);
  try {
    const block = await open.world.chain.head();
    const looked = await Promise.all(
      open.vaults.map(async (setup, index): Promise<LookedAt> => {
        const others = sourcesWithMethods(chosen.vaults[index] as VaultConfig, choiceOf(options), tools);
        const feeds = others.map(({ feed }) => feed);
        const [readings, seen] = await Promise.all([
          lookAtVolatilities(open.world, setup, block),
          lookAtVolatilities(open.world, { ...setup, volatilityFeeds: feeds }, block),
        ]);
        const methods = others.map(({ method }, at) => ({ method, reading: seen[at] as VolatilityReading }));
        return { vault: setup.terms.name, readings, methods };
      }),
    );
    for (const one of looked) terminal.line(...sourceLines(one, block, terminal));
    terminal.document(sourcesJson(looked, block));
    const isBlind = looked.some(({ readings }) => !readings.some((one) => isUsableVolatility(one, block)));
    return isBlind ? 3 : 0;
  } finally {
    await open.close();
  }
}
