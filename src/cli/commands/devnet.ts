import { Command, InvalidArgumentError } from 'commander';
import { systemClock } from '../../runtime/clock.ts';
import {
  DEVNET_VARIABLES,
  DEVNET_VENUES,
  type DevnetSession,
  type DevnetVenue,
  startDevnetSession,
} from '../../runtime/devnetSession.ts';
import { portNumber, positiveNumber } from '../arguments.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { interruptible } from '../interrupt.ts';
import type { Terminal } from '../terminal.ts';

/** What a devnet run by hand is told on the command line. */
export interface DevnetOptions {
  readonly price: number;
  readonly pools?: readonly string[];
  readonly port: number;
  readonly every: number;
  readonly writeConfig?: string;
  readonly venues?: readonly DevnetVenue[];
  /** The journal that the written config names; `ballast.sqlite` unless given. */
  readonly journal?: string;
  /** Whether a config that no devnet wrote may be replaced. */
  readonly replace?: boolean;
}

/** `ballast devnet`: just the replica, for one's own experiments. */
export function devnetCommand(): Command {
  return new Command('devnet')
    .description('a replica of mainnet on this machine: real contracts, real depth, a relay')
    .option('--price <usd>', 'ETH price at the start', positiveNumber, 3_000)
    .option('--pools <file...>', "exact pools from recorded snapshots, instead of the devnet's own")
    .option('--venues <list>', `pools beside Uniswap v3: ${DEVNET_VENUES.join(',')}`, venueNames)
    .option('--port <number>', 'port of the node; any free one unless given', portNumber, 0)
    .option('--every <seconds>', 'a block every so many seconds', positiveNumber, 2)
    .option('--write-config <file>', 'make a vault as in the demo, and write a config for it')
    .addHelpText(
      'after',
      `
With a config this is the whole tour:
  ballast devnet --write-config ballast.yaml
then, in another terminal, the two exports that it prints, and
  ballast doctor; ballast plan; ballast run`,
    )
    .action((options: DevnetOptions, command: Command) =>
      execute(command, (context) => devnet(context, options)),
    );
}

/** Runs a devnet until it is interrupted. */
export async function devnet({ terminal, log }: CommandContext, options: DevnetOptions): Promise<ExitCode> {
  const interrupt = interruptible(() => terminal.progress('stopping'));
  try {
    const session = await startDevnetSession({
      price: options.price,
      poolFiles: options.pools ?? [],
      venues: options.venues ?? [],
      port: options.port,
      everySeconds: options.every,
      configFile: options.writeConfig ?? null,
      journalPath: options.journal ?? 'ballast.sqlite',
      mayReplaceConfig: options.replace ?? false,
    });
    try {
      describe(session, options, terminal);
      await session.mine(interrupt.signal, systemClock, log);
      return 0;
    } finally {
      await session.close();
    }
  } finally {
    interrupt.dispose();
  }
}

function describe(
  { devnet: { url, pools, accounts }, relay, vault, keys }: DevnetSession,
  options: DevnetOptions,
  terminal: Terminal,
): void {
  const { style } = terminal;
  terminal.line(
    `${style.green('devnet')}  ready   ${url}   a block every ${options.every} s`,
    `relay   ${relay.url}`,
    `pools   ${pools.map(({ name }) => name).join(', ')}`,
    `keeper  ${accounts.keeper.address}`,
  );
  if (vault !== null && options.writeConfig !== undefined) {
    terminal.line(
      `vault   ${vault}`,
      `wrote   ${options.writeConfig}`,
      '',
      style.dim('# public test keys, worth nothing anywhere else'),
      `export ${DEVNET_VARIABLES.keeper}=${keys.keeper}`,
      `export ${DEVNET_VARIABLES.identity}=${keys.identity}`,
      '',
      `next  ballast doctor -c ${options.writeConfig}     Ctrl-C ends the devnet`,
    );
  } else {
    terminal.line('', 'next  ballast devnet --write-config ballast.yaml     Ctrl-C ends the devnet');
  }
  terminal.document({ url, relayUrl: relay.url, vault, config: options.writeConfig ?? null, keys });
}

function venueNames(text: string): readonly DevnetVenue[] {
  const names = text.split(',').map((name) => name.trim());
  return DEVNET_VENUES.filter((venue) => {
    const unknown = names.find((name) => !DEVNET_VENUES.some((one) => one === name));
    if (unknown !== undefined)
      throw new InvalidArgumentError(`"${unknown}" is none of ${DEVNET_VENUES.join(', ')}`);
    return names.includes(venue);
  });
}
