import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { AnvilStartError } from '../errors.ts';
import { anvilBinary } from './anvilBinary.ts';
import { killWithParent } from './watchdog.ts';

/** What anvil is started with. Everything has a default; a plain `startAnvil()` is a private chain with id 1. */
export interface AnvilOptions {
  /** @default 1; of a fork, the forked chain's */
  readonly chainId?: number;
  /** The chain to fork, and the block to fork it at (its newest where none is given). */
  readonly fork?: { readonly url: string; readonly blockNumber?: bigint };
  /** 'onTransaction' mines at once; 'manual' only when told; `{ everySeconds }` by the wall clock. @default 'manual' */
  readonly mining?: 'onTransaction' | 'manual' | { readonly everySeconds: number };
  /** Time of the first block, seconds. @default now */
  readonly timestampSeconds?: number;
  /** Base fee of the first block. @default anvil's, 1 gwei */
  readonly baseFeeWei?: bigint;
  /** @default 60,000,000, mainnet's */
  readonly gasLimit?: bigint;
  /** @default anvil's newest */
  readonly hardfork?: string;
  /** A port, where it has to be known beforehand. @default any free one */
  readonly port?: number;
  /** More of anvil's own flags. */
  readonly flags?: readonly string[];
  /** Milliseconds until it must answer. @default 15,000 (a fork of a slow node takes its time: 60,000) */
  readonly startTimeoutMs?: number;
}

/** A running anvil. */
export interface Anvil {
  /** `http://127.0.0.1:port`; the same port answers websockets. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Its last lines of output, for error messages. */
  output(): string;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Ends it: SIGTERM, then SIGKILL after two seconds. Safe to call more than once. */
  stop(): Promise<void>;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

const LISTENING = /Listening on 127\.0\.0\.1:(\d+)/;
const KEPT_OUTPUT_CHARACTERS = 4_000;
const TERM_GRACE_MS = 2_000;
/**
 * States of past blocks that can still be asked for: most of an hour of mainnet. Without a bound anvil writes them to the user's
 * home, some 2 MB for every block of a devnet with our contracts, and leaves them there when it is killed.
 */
const KEPT_STATES = 256;

/**
 * Starts anvil on the loopback interface and waits until it listens. It runs in a process group of its own, so that an
 * interrupt at the terminal reaches this process first, and it ends with this process however that ends.
 *
 * @throws AnvilStartError with its last output, when it ends or does not listen in time; nothing is left running
 */
export async function startAnvil(options: AnvilOptions = {}): Promise<Anvil> {
  const child = spawn(anvilBinary(), anvilArguments(options), {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const collect = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-KEPT_OUTPUT_CHARACTERS);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);

  const killNow = () => child.kill('SIGKILL');
  process.once('exit', killNow);
  const callOff = child.pid === undefined ? async () => {} : killWithParent(child.pid);
  const cleared = ended.then(() => {
    process.removeListener('exit', killNow);
    return callOff();
  });

  try {
    const timeoutMs = options.startTimeoutMs ?? (options.fork === undefined ? 15_000 : 60_000);
    const port = await listeningPort(child, () => output, timeoutMs);
    return {
      url: `http://127.0.0.1:${port}`,
      port,
      pid: child.pid!,
      output: () => output,
      ended,
      stop: () => stop(child, cleared),
    };
  } catch (error) {
    await stop(child, cleared);
    throw error;
  }
}

/** Port 0 lets the system pick: asking for a free port first and then using it would be a race. */
function anvilArguments(options: AnvilOptions): string[] {
  const { fork, mining = 'manual' } = options;
  const flags = ['--host', '127.0.0.1', '--port', String(options.port ?? 0), '--order', 'fifo'];
  const add = (flag: string, value: string | number | bigint | undefined) => {
    if (value !== undefined) flags.push(flag, String(value));
  };
  add('--chain-id', options.chainId ?? (fork === undefined ? 1 : undefined));
  add('--gas-limit', options.gasLimit ?? 60_000_000n);
  add('--fork-url', fork?.url);
  add('--fork-block-number', fork?.blockNumber);
  if (fork !== undefined) flags.push('--no-storage-caching');
  if (mining === 'manual') flags.push('--no-mining');
  if (typeof mining === 'object') add('--block-time', mining.everySeconds);
  add('--timestamp', options.timestampSeconds);
  add('--block-base-fee-per-gas', options.baseFeeWei);
  add('--hardfork', options.hardfork);
  add('--prune-history', KEPT_STATES);
  return [...flags, ...(options.flags ?? [])];
}

/** Reads its output until it says where it listens. */
function listeningPort(child: Child, output: () => string, timeoutMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const facts = () => ({ output: output().trim() });
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      child.stdout.off('data', look);
      child.off('exit', onExit);
      child.off('error', onError);
      finish();
    };
    const look = () => {
      const port = LISTENING.exec(output())?.[1];
      if (port !== undefined) settle(() => resolve(Number(port)));
    };
    const onExit = (code: number | null, signal: string | null) =>
      settle(() =>
        reject(new AnvilStartError(`it ended with ${signal ?? `code ${code}`}`, { facts: facts() })),
      );
    const onError = (cause: Error) => settle(() => reject(new AnvilStartError(cause.message, { cause })));
    const timer = setTimeout(
      () => settle(() => reject(new AnvilStartError(`no answer within ${timeoutMs} ms`, { facts: facts() }))),
      timeoutMs,
    );
    child.stdout.on('data', look);
    child.once('exit', onExit);
    child.once('error', onError);
  });
}

async function stop(child: Child, cleared: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), TERM_GRACE_MS);
  await cleared;
  clearTimeout(kill);
}
