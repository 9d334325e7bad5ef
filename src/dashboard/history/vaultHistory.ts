import type { CorruptHead, DecisionHead, HeadPage, OrderHistory } from '../../ports/store.ts';
import { type JournaledHedge, journaledHedge } from '../../runtime/journal/bookedHedges.ts';
import type { PagedStore } from '../source.ts';
import { DecisionColumns, numberOf } from './decisionColumns.ts';
import { firstAtOrAfter } from './series.ts';

/** Decisions read at a time: between two pages everything else has its turn. */
const PAGE = 250;
/** Decisions kept in memory for each vault; what is older stays in the journal. */
const MOST_DECISIONS = 400_000;
/** Orders that are looked back on. */
const MOST_ORDERS = 2_000;
/** Orders that may have changed since they were last looked at. */
const RECENT_ORDERS = 20;

/** Newest decisions that tell how often there is one. */
const USUAL_OF = 21;

type Heads = readonly (DecisionHead | CorruptHead)[];

/** Lets whatever else waits have its turn. */
export type Pause = () => Promise<void>;

/** What the dashboard keeps of a vault's journal: read newest first, then followed. */
export class VaultHistory {
  readonly vault: string;
  readonly columns = new DecisionColumns();
  readonly #store: PagedStore;
  #orders = new Map<string, OrderHistory>();
  readonly #booked = new Map<string, { readonly events: number; readonly hedge: JournaledHedge | null }>();
  #isComplete = false;
  #version = 0;

  constructor(store: PagedStore, vault: string) {
    this.#store = store;
    this.vault = vault;
  }

  /** Whether all decisions that are kept have been read. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Grows with everything that is new. */
  get version(): number {
    return this.#version;
  }

  /** Orders, newest first. */
  get orders(): readonly OrderHistory[] {
    return [...this.#orders.values()];
  }

  /** Usual time between two of its newest decisions, seconds; null where there are fewer than two. */
  get usualSeconds(): number | null {
    const times = this.columns.column('atSeconds').slice(-USUAL_OF);
    const gaps = [...times.slice(1)].map((at, index) => at - times[index]!).sort((a, b) => a - b);
    return gaps[gaps.length >> 1] ?? null;
  }

  /** When a decision was made, by the keeper's clock; null where it has not been read. */
  timeOf(decisionId: string): number | null {
    const numbers = this.columns.column('number');
    const index = firstAtOrAfter(numbers, numberOf(decisionId));
    return numbers[index] === numberOf(decisionId) ? this.columns.column('atSeconds')[index]! : null;
  }

  /** Reads the newest page. @throws JournalError */
  async start(): Promise<void> {
    this.#prepend(await this.#heads({ limit: PAGE }));
    await this.#readOrders(MOST_ORDERS);
  }

  /** Reads what is older, page by page, until all of it is known. @throws JournalError */
  async complete(pause: Pause, stop: AbortSignal): Promise<void> {
    while (!this.#isComplete && !stop.aborted) {
      await pause();
      const range = this.columns.range;
      if (range === null || this.columns.length >= MOST_DECISIONS) break;
      const page = await this.#heads({ before: range.oldest, limit: PAGE });
      this.#prepend(page);
      if (page.length === 0) break;
    }
    if (stop.aborted) return;
    this.#isComplete = true;
    this.#version += 1;
  }

  /** Reads what was written since. @returns whether anything was @throws JournalError */
  async follow(): Promise<boolean> {
    const before = this.#version;
    for (;;) {
      const range = this.columns.range;
      const page = await this.#heads(range === null ? { limit: PAGE } : { after: range.newest, limit: PAGE });
      const oldestFirst = range === null ? page.toReversed() : page;
      for (const head of oldestFirst) this.columns.append(head);
      if (page.length > 0) this.#version += 1;
      if (page.length < PAGE) break;
    }
    if (this.#version > before) await this.#readOrders(RECENT_ORDERS);
    return this.#version > before;
  }

  /** What every order that came to something cost, oldest first; each is booked once. @throws JournalError */
  async hedges(pause: Pause): Promise<readonly JournaledHedge[]> {
    const hedges: JournaledHedge[] = [];
    for (const history of this.orders) {
      const { id } = history.record;
      const known = this.#booked.get(id);
      if (known?.events === history.events.length) {
        if (known.hedge !== null) hedges.push(known.hedge);
        continue;
      }
      const hedge = await journaledHedge(this.#store, history);
      this.#booked.set(id, { events: history.events.length, hedge });
      if (hedge !== null) hedges.push(hedge);
      await pause();
    }
    return hedges.toReversed();
  }

  #prepend(newestFirst: Heads): void {
    for (const head of newestFirst) this.columns.prepend(head);
    if (newestFirst.length > 0) this.#version += 1;
  }

  async #readOrders(limit: number): Promise<void> {
    const newest = await this.#store.orders(this.vault, limit);
    const merged = new Map(newest.map((history) => [history.record.id, history]));
    for (const [id, history] of this.#orders) if (!merged.has(id)) merged.set(id, history);
    this.#orders = merged;
  }

  #heads(page: HeadPage): Promise<Heads> {
    return this.#store.decisionHeads(this.vault, page);
  }
}
