import type { Hex } from '../../core/units.ts';
import type { Config } from '../config/schema.ts';
import type { Fuse } from './journalWrites.ts';
import type { KeeperPool, KeeperProcess, KeeperReply } from './keeperProcess.ts';
import type { VaultTick } from './messages.ts';

/** Starts on one block, after which somebody is told instead of trying again. */
const MOST_STARTS = 4;

/** The place of the keeper: whoever sits there and dies is followed by the next one, over the same journal. */
export class KeeperSeat {
  readonly #pool: KeeperPool;
  readonly #config: Config;
  readonly #keys: Readonly<Record<string, Hex>>;
  readonly #fuses: Fuse[];
  #keeper: KeeperProcess | null = null;
  #isLimited = false;
  #fileBlocks: number | null = null;
  /** How far the keeper's clock is from the chain's. */
  clockSkewSeconds = 0;
  /** Times that a keeper died, by whatever hand. */
  deaths = 0;
  /** Times that a keeper gave no answer at all. */
  stuck = 0;
  /** Times that a keeper would not start, and why the last time. */
  refusals = 0;
  lastRefusal = '';

  constructor(pool: KeeperPool, config: Config, keys: Readonly<Record<string, Hex>>, fuses: readonly Fuse[]) {
    this.#pool = pool;
    this.#config = config;
    this.#keys = keys;
    this.#fuses = [...fuses];
  }

  /**
   * Lets the keeper look once, starting one where none is there. Null where no keeper could look.
   *
   * @param chainSeconds time of the newest block
   */
  async tick(chainSeconds: number): Promise<readonly VaultTick[] | null> {
    for (let start = 0; start < MOST_STARTS; start += 1) {
      const keeper = this.#keeper ?? (await this.#start());
      if (keeper === null) return null;
      const reply = await keeper.ask({ kind: 'tick', nowSeconds: chainSeconds + this.clockSkewSeconds });
      if (reply.kind === 'ticked') return reply.vaults;
      await this.#bury(reply);
    }
    return null;
  }

  /** Ends the keeper in good order; the next look starts another. */
  async close(): Promise<void> {
    const keeper = this.#keeper;
    this.#keeper = null;
    if (keeper === null) return;
    const reply = await keeper.ask({ kind: 'close' });
    await this.#release(keeper, reply.kind === 'done');
  }

  /** From the next start on no file may grow beyond so many blocks of 512 bytes; null = the disk has room again. */
  async limitFiles(blocks: number | null): Promise<void> {
    await this.close();
    this.#fileBlocks = blocks;
  }

  async #start(): Promise<KeeperProcess | null> {
    const keeper = await this.#pool.take(this.#fileBlocks);
    this.#isLimited = this.#fileBlocks !== null;
    const reply = await keeper.ask({
      kind: 'open',
      config: this.#config,
      keys: this.#keys,
      fuse: this.#fuses.shift() ?? null,
    });
    this.#keeper = keeper;
    if (reply.kind === 'done') return keeper;
    this.refusals += 1;
    this.lastRefusal = reply.kind === 'failed' ? `${reply.code}: ${reply.message}` : reply.kind;
    this.#keeper = null;
    await this.#release(keeper, reply.kind === 'failed');
    return null;
  }

  /** Where a process is whole it serves again: starting one takes long. */
  async #release(keeper: KeeperProcess, isWhole: boolean): Promise<void> {
    if (isWhole && !this.#isLimited) this.#pool.give(keeper);
    else await this.#pool.discard(keeper);
  }

  async #bury(reply: KeeperReply): Promise<void> {
    const keeper = this.#keeper as KeeperProcess;
    this.#keeper = null;
    if (reply.kind === 'stuck') this.stuck += 1;
    else this.deaths += 1;
    await this.#pool.discard(keeper);
  }
}
