import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DevnetError } from '../../devnet/errors.ts';
import type { KeeperAnswer, KeeperRequest } from './messages.ts';

/** What came of asking a keeper process: its answer, its death, or its silence (it is ended then). */
export type KeeperReply = KeeperAnswer | { readonly kind: 'died' } | { readonly kind: 'stuck' };

/** How keeper processes are started. */
export interface KeeperStart {
  /** Node's own arguments, so that what runs from sources starts its children from sources. */
  readonly nodeArguments: readonly string[];
  /** No file that it writes may grow beyond so many blocks of 512 bytes, as if the disk were full; null = no limit. */
  readonly fileBlocks: number | null;
}

const START_MS = 60_000;
const ANSWER_MS = 60_000;
const isSource = import.meta.url.endsWith('.ts');
const worker = fileURLToPath(new URL(isSource ? './keeperWorker.ts' : './keeperWorker.js', import.meta.url));

/** With the signal ignored, a write beyond the limit fails as on a full disk. */
const LIMITED = 'trap "" XFSZ; ulimit -f "$0"; exec "$@"';

/** A keeper in a process of its own, which may die at any time. */
export class KeeperProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #isAlive = true;
  #answered: (answer: KeeperAnswer) => void = () => {};

  constructor({ nodeArguments, fileBlocks }: KeeperStart) {
    const command = [process.execPath, ...nodeArguments, worker];
    const [program = '', ...rest] =
      fileBlocks === null ? command : ['/bin/sh', '-c', LIMITED, String(fileBlocks), ...command];
    this.#child = spawn(program, rest, {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    });
    this.#child.on('message', (answer: KeeperAnswer) => this.#answered(answer));
    this.#ended = new Promise((resolve) => {
      const end = () => {
        this.#isAlive = false;
        resolve();
      };
      this.#child.once('exit', end);
      this.#child.once('error', end);
    });
  }

  /** Starts one and waits until it listens. */
  static async start(how: KeeperStart): Promise<KeeperProcess | null> {
    const keeper = new KeeperProcess(how);
    const first = await keeper.#next(START_MS, () => {});
    return first.kind === 'done' ? keeper : null;
  }

  /** Asks it to do something; never throws. */
  ask(request: KeeperRequest): Promise<KeeperReply> {
    if (!this.#isAlive) return Promise.resolve({ kind: 'died' });
    return this.#next(ANSWER_MS, () => this.#child.send(request, () => {}));
  }

  /** Kills it and waits for its end. */
  async kill(): Promise<void> {
    if (this.#isAlive) this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async #next(milliseconds: number, begin: () => void): Promise<KeeperReply> {
    let timer: NodeJS.Timeout | undefined;
    const reply = await new Promise<KeeperReply>((resolve) => {
      this.#answered = resolve;
      void this.#ended.then(() => resolve({ kind: 'died' }));
      timer = setTimeout(() => resolve({ kind: 'stuck' }), milliseconds);
      begin();
    });
    clearTimeout(timer);
    this.#answered = () => {};
    if (reply.kind === 'stuck') await this.kill();
    return reply;
  }
}

/** Keeper processes that wait for work: starting one takes longer than most of what it does. */
export class KeeperPool {
  readonly #nodeArguments: readonly string[];
  readonly #free: KeeperProcess[] = [];
  readonly #out = new Set<KeeperProcess>();
  #spare: Promise<KeeperProcess | null> | null = null;

  constructor(nodeArguments: readonly string[]) {
    this.#nodeArguments = nodeArguments;
  }

  /** @throws DevnetError when none can be started */
  async take(fileBlocks: number | null = null): Promise<KeeperProcess> {
    const found = fileBlocks === null ? await this.#any() : await this.#start(fileBlocks);
    if (found === null) throw new DevnetError('no keeper process could be started');
    this.#out.add(found);
    return found;
  }

  /** Takes back one that is alive and closed. */
  give(keeper: KeeperProcess): void {
    this.#out.delete(keeper);
    this.#free.push(keeper);
  }

  /** Kills one for good; another is started meanwhile. */
  async discard(keeper: KeeperProcess): Promise<void> {
    this.#out.delete(keeper);
    this.#spare ??= this.#start(null);
    await keeper.kill();
  }

  /** Ends every process that it started. */
  async stop(): Promise<void> {
    const spare = await this.#spare;
    this.#spare = null;
    const all = [...this.#free.splice(0), ...this.#out, ...(spare === null ? [] : [spare])];
    this.#out.clear();
    await Promise.all(all.map((keeper) => keeper.kill()));
  }

  async #any(): Promise<KeeperProcess | null> {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const spare = this.#spare;
    this.#spare = null;
    return (await spare) ?? this.#start(null);
  }

  #start(fileBlocks: number | null): Promise<KeeperProcess | null> {
    return KeeperProcess.start({ nodeArguments: this.#nodeArguments, fileBlocks });
  }
}
