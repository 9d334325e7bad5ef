import type { Selectable } from 'kysely';
import { JournalCorruptError } from '../../../core/errors.ts';
import type { OrderEvent, OrderHistory, OrderRecord } from '../../../ports/store.ts';
import { eventOf, eventRow, orderOf, orderRow } from '../internal/rows.ts';
import type { OrderEventsTable, OrdersTable } from '../internal/schema.ts';
import { foreignWrites } from './foreignWrites.ts';
import type { Statements } from './statements.ts';

/** Orders kept at most: far more than a tick looks back on. */
const MOST_KEPT = 1_000;
/** Names of a vault's newest orders that are read at once: more than a tick asks for. */
const NAMES_READ = 64;

/** What an order is found by. */
type Place = Pick<Selectable<OrdersTable>, 'id' | 'vault' | 'chain_id' | 'signer'>;

/** Names of a vault's newest orders, newest first, and how many were asked for. */
interface NewestNames {
  readonly limit: number;
  readonly ids: readonly string[];
}

const events = 'SELECT * FROM order_events WHERE order_id = ? ORDER BY number';
const openPlaces = `SELECT open_orders.id AS listed, orders.id, vault, chain_id, signer
  FROM open_orders LEFT JOIN orders ON orders.id = open_orders.id ORDER BY orders.number`;

/**
 * Orders with their events. The process that may write a journal is the only one that does, so it reads, checks and
 * decodes each order once, asks which are open and which are the newest only after it has written, and all of it again where
 * somebody else has written after all; who only looks beside a writer reads every time.
 */
export class OrderShelf {
  readonly #statements: Statements;
  readonly #keeps: boolean;
  readonly #isForeign: () => boolean;
  readonly #kept = new Map<string, OrderHistory>();
  /** Null where it has to be read. */
  #open: readonly Place[] | null = null;
  /** By vault. */
  readonly #newest = new Map<string, NewestNames>();

  /** @param keeps whether nobody else writes to the journal */
  constructor(statements: Statements, keeps: boolean) {
    this.#statements = statements;
    this.#keeps = keeps;
    this.#isForeign = foreignWrites(statements);
  }

  add(record: OrderRecord): void {
    this.#open = null;
    this.#newest.delete(record.vault);
    this.#statements.insert('orders', orderRow(record));
  }

  /** Keeps an order whose transaction has been made: it need not be read back. */
  written(record: OrderRecord): void {
    this.#keep({ record, events: [] });
  }

  append(orderId: string, event: OrderEvent, recordedAtSeconds: number): void {
    const before = this.#kept.get(orderId);
    // Should the write fail, the disk says what there is.
    this.#kept.delete(orderId);
    this.#open = null;
    this.#statements.insert('order_events', eventRow(orderId, event, recordedAtSeconds));
    if (before !== undefined) {
      this.#keep({ ...before, events: [...before.events, { event, recordedAtSeconds }] });
    }
  }

  /** Orders without a closing event of whom `belongs` is true, oldest first. */
  open(belongs: (place: Place) => boolean): readonly OrderHistory[] {
    this.#readAnew();
    const places = this.#open ?? this.#openPlaces();
    if (this.#keeps) this.#open = places;
    return places.filter(belongs).map(({ id }) => this.#history(id));
  }

  #openPlaces(): readonly Place[] {
    const listed = this.#statements.all<Place & { readonly listed: string }>(openPlaces);
    const lost = listed.find(({ id }) => id === null);
    if (lost === undefined) return listed;
    throw new JournalCorruptError('its list of open orders names one that is not there', {
      facts: { order: lost.listed },
    });
  }

  /** A vault's orders, newest first. */
  newest(vault: string, limit: number): readonly OrderHistory[] {
    this.#readAnew();
    const known = this.#newest.get(vault);
    const names = known !== undefined && known.limit >= limit ? known : this.#newestNames(vault, limit);
    return names.ids.slice(0, limit).map((id) => this.#history(id));
  }

  #newestNames(vault: string, wanted: number): NewestNames {
    const limit = this.#keeps ? Math.max(wanted, NAMES_READ) : wanted;
    const rows = this.#statements.all<{ readonly id: string }>(
      'SELECT id FROM orders WHERE vault = ? ORDER BY number DESC LIMIT ?',
      vault,
      limit,
    );
    const names = { limit, ids: rows.map(({ id }) => id) };
    if (this.#keeps) this.#newest.set(vault, names);
    return names;
  }

  find(id: string): OrderHistory | null {
    const kept = this.#kept.get(id);
    if (kept !== undefined) return kept;
    const [row] = this.#statements.all<Selectable<OrdersTable>>('SELECT * FROM orders WHERE id = ?', id);
    if (row === undefined) return null;
    const rows = this.#statements.all<Selectable<OrderEventsTable>>(events, id);
    const history = { record: orderOf(row), events: rows.map(eventOf) };
    this.#keep(history);
    return history;
  }

  /** Forgets what was decoded where somebody else has written meanwhile. */
  #readAnew(): void {
    if (!this.#keeps || !this.#isForeign()) return;
    this.#kept.clear();
    this.#open = null;
    this.#newest.clear();
  }

  #history(id: string): OrderHistory {
    const history = this.find(id);
    if (history === null) throw new JournalCorruptError('an order is not there', { facts: { order: id } });
    return history;
  }

  #keep(history: OrderHistory): void {
    if (!this.#keeps) return;
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(history.record.id, history);
  }
}
