import { messageOf } from '../core/errors.ts';
import { type VaultStatus, vaultStatus } from '../runtime/status.ts';
import { VaultHistory } from './history/vaultHistory.ts';
import type { DashboardSource } from './source.ts';

/** How often the journal is asked for news. */
const EVERY_MILLISECONDS = 500;
/** How often it is looked whether there is a vault that was not there before. */
const VAULTS_EVERY_LOOKS = 10;

/** How long reading on waits for pages that are being answered. */
const TURN_MILLISECONDS = 4;
const MOST_TURNS = 50;

interface KnownStatus {
  readonly version: number;
  readonly status: VaultStatus;
}

/** Follows a journal: what it holds, and who wants to know when there is more. */
export class JournalWatch {
  readonly #source: DashboardSource;
  readonly #histories = new Map<string, VaultHistory>();
  readonly #statuses = new Map<string, KnownStatus>();
  readonly #listeners = new Set<() => void>();
  readonly #ending = new AbortController();
  #version = 0;
  #asking = 0;
  #fault: string | null = null;
  #completing: Promise<void> = Promise.resolve();
  #following: Promise<void> = Promise.resolve();

  constructor(source: DashboardSource) {
    this.#source = source;
  }

  /** Grows with everything that is new. */
  get version(): number {
    return this.#version;
  }

  /** Why the journal cannot be read now; null where it can. */
  get fault(): string | null {
    return this.#fault;
  }

  /** One for each vault of the config, then for each that only the journal has. */
  get histories(): readonly VaultHistory[] {
    return [...this.#histories.values()];
  }

  /** Whether everything that is kept has been read. */
  get isComplete(): boolean {
    return this.histories.every((history) => history.isComplete);
  }

  /** What is known of a vault; undefined where the journal and the config have none of that name. */
  history(vault: string): VaultHistory | undefined {
    return this.#histories.get(vault);
  }

  /** Reads the newest, then goes on reading in the background until closed. */
  async start(): Promise<void> {
    await this.#guarded(() => this.#findVaults());
    this.#following = this.#followAll();
  }

  /** Tells when there is something new. @returns what ends that */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Lets whatever else waits have its turn, and every page that waits for an answer. */
  readonly pause = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    for (let turns = 0; this.#asking > 0 && turns < MOST_TURNS; turns += 1)
      await new Promise((resolve) => setTimeout(resolve, TURN_MILLISECONDS));
  };

  /** Answers a page before reading on. */
  async first<T>(answer: () => Promise<T>): Promise<T> {
    this.#asking += 1;
    try {
      return await answer();
    } finally {
      this.#asking -= 1;
    }
  }

  /** Where a vault stands; asked once for each of its decisions. @throws JournalError */
  async status(vault: string): Promise<VaultStatus> {
    const version = this.#histories.get(vault)?.version ?? 0;
    const known = this.#statuses.get(vault);
    if (known?.version === version) return known.status;
    const status = await vaultStatus(this.#source.store, vault);
    this.#statuses.set(vault, { version, status });
    return status;
  }

  /** Ends the reading; the store is left to whoever opened it. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all([this.#completing, this.#following]);
  }

  async #findVaults(): Promise<void> {
    const { store, config } = this.#source;
    const journaled = config.file === null ? await store.vaults() : [];
    const names = [...config.vaults.map(({ name }) => name), ...journaled];
    for (const name of names) {
      if (this.#histories.has(name)) continue;
      const history = new VaultHistory(store, name);
      await history.start();
      this.#histories.set(name, history);
      this.#completing = this.#completing.then(() => this.#complete(history));
      this.#changed();
    }
  }

  /** What cannot be read now is tried again until it can. */
  async #complete(history: VaultHistory): Promise<void> {
    const { signal } = this.#ending;
    while (!history.isComplete && !signal.aborted) {
      await this.#guarded(() => history.complete(this.pause, signal));
      if (!history.isComplete) await this.#source.clock.sleep(EVERY_MILLISECONDS, signal);
    }
    this.#changed();
  }

  async #followAll(): Promise<void> {
    const { clock } = this.#source;
    const { signal } = this.#ending;
    for (let look = 1; !signal.aborted; look += 1) {
      await clock.sleep(EVERY_MILLISECONDS, signal);
      if (signal.aborted) return;
      await this.#guarded(async () => {
        if (look % VAULTS_EVERY_LOOKS === 0 || this.#histories.size === 0) await this.#findVaults();
        const news = await Promise.all(this.histories.map((history) => history.follow()));
        if (news.includes(true)) this.#changed();
      });
    }
  }

  /** A journal that cannot be read is said, and asked again: it never ends the page. */
  async #guarded(work: () => Promise<void>): Promise<void> {
    const before = this.#fault;
    try {
      await work();
      this.#fault = null;
    } catch (error) {
      this.#fault = messageOf(error);
      if (before === null)
        this.#source.log.warn({ error: this.#fault }, 'the dashboard cannot read the journal');
    }
    if (this.#fault !== before) this.#changed();
  }

  #changed(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
