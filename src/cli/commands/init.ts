import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Command } from 'commander';
import { UsageError } from '../../runtime/errors.ts';
import { type InitAnswers, interview } from '../../runtime/init/interview.ts';
import { explainKey } from '../../runtime/init/keyHelp.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { addressArgument, endpointArgument, portNumber, wholeNumber } from '../arguments.ts';
import { openQuestioner } from '../ask.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { initLines, keyHelpLines } from '../output/init.ts';
import { devnet } from './devnet.ts';

interface InitOptions extends Omit<InitAnswers, 'journal'> {
  readonly journal?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly devnet?: boolean;
  readonly port: number;
  readonly explain?: string;
}

/** `ballast init`: a config for a vault, found rather than typed. */
export function initCommand(): Command {
  return new Command('init')
    .description('write a config: finds pools, feeds and positions of a vault, asks for the rest')
    .option('--rpc <url>', 'a node; RPC_URL of the environment unless given')
    .option('--chain <id>', 'the chain; what the node serves unless given', wholeNumber)
    .option('--vault <address>', 'the account that holds the positions', addressArgument)
    .option('--base <token>', 'what is kept neutral: a symbol or an address')
    .option('--quote <token>', 'what it is paid in: a symbol or an address')
    .option('--base-feed <address>', 'Chainlink proxy of base, where none is found', addressArgument)
    .option('--quote-feed <address>', 'and of quote', addressArgument)
    .option('--key <name>', 'variable with the keeper key, or a keystore file')
    .option('--relay <url>', 'the relay; the usual one of the chain unless given', endpointArgument)
    .option('--name <name>', 'how the vault is called; by its pair unless given')
    .option('--journal <file>', 'where decisions are written; named like the config unless given')
    .option('--out <file>', 'the file to write; that of --config unless given')
    .option('--force', 'replace a file that is there')
    .option('-y, --yes', 'take what is found, ask nothing')
    .option('--devnet', 'start a devnet with a vault of its own, and write its config')
    .option('--port <number>', 'port of that devnet; any free one unless given', portNumber, 0)
    .option('--explain <key>', 'say what a config key means, and end')
    .addHelpText(
      'after',
      `
Guesses are marked # CHECK in the file. Asks at most six questions, each with
what was found as its answer, and none where nobody is at a terminal.
Examples: ballast init --vault 0x…      ballast init --explain maxSlippageBps`,
    )
    .action((options: InitOptions, command: Command) =>
      execute(command, (context) => init(context, options)),
    );
}

async function init(context: CommandContext, options: InitOptions): Promise<ExitCode> {
  const { terminal, log, redactor, configFile } = context;
  const tools = systemTools(log, redactor, null);
  if (options.explain !== undefined) {
    const keys = explainKey(tools.registry, options.explain);
    terminal.line(...keyHelpLines(keys, terminal.style));
    terminal.document({ keys });
    return 0;
  }
  const file = options.out ?? configFile;
  const journal = options.journal ?? `${basename(file).replace(/\.ya?ml$/, '')}.sqlite`;
  if (options.devnet === true) return initDevnet(context, options, file, journal);
  await refuseToReplace(file, options.force === true);
  const questioner = options.yes === true || terminal.isJson ? null : openQuestioner();
  try {
    const result = await interview(
      { ...options, journal },
      {
        registry: tools.registry,
        environment: tools.environment,
        ask: questioner && ((question) => questioner.ask(question)),
        keystores: (await readdir('.')).filter((name) => name.endsWith('.keystore.json')).sort(),
        onProgress: (text) => terminal.progress(text),
      },
    );
    await write(file, result.text, options.force === true);
    const { signer, identity } = result.draft;
    const variables = [signer, identity].flatMap((part) => variableOf(part));
    const unset = variables.filter((name) => (tools.environment(name) ?? '') === '');
    terminal.line(...initLines(result, file, unset, terminal.address, terminal.style));
    const { account, venues, price, positions, volatility, base, quote } = result.discovery;
    terminal.document({
      wrote: file,
      guesses: result.guesses,
      unset,
      vault: result.draft.vault,
      account: account.words,
      mandate: account.mandate,
      base,
      quote,
      venues,
      price: price.part,
      positions: positions.used,
      lookedAtInVain: positions.empty,
      volatility,
    });
    return 0;
  } finally {
    questioner?.close();
  }
}

function variableOf(part: Readonly<Record<string, unknown>> | null): readonly string[] {
  return [part?.variable, part?.passwordVariable].filter((name) => typeof name === 'string');
}

/** A devnet lives as long as its command does: doctor and plan are for another terminal. */
async function initDevnet(
  context: CommandContext,
  options: InitOptions,
  file: string,
  journal: string,
): Promise<ExitCode> {
  return devnet(context, {
    price: 3_000,
    port: options.port,
    every: 2,
    writeConfig: file,
    journal,
    replace: options.force === true,
  });
}

async function refuseToReplace(file: string, mayReplace: boolean): Promise<void> {
  const isThere = await readFile(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  if (isThere && !mayReplace) throw isThereAlready(file);
}

const isThereAlready = (file: string) =>
  new UsageError('FILE_EXISTS', `${file} is there already`, {
    action: 'name another file with --out, or replace it with --force',
  });

async function write(file: string, text: string, mayReplace: boolean): Promise<void> {
  try {
    await writeFile(file, text, { flag: mayReplace ? 'w' : 'wx', mode: 0o600 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw isThereAlready(file);
    throw new UsageError('FILE_UNUSABLE', `${file} cannot be written`, {
      action: 'name another file with --out',
      cause,
    });
  }
}
