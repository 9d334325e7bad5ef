import { JournalError } from '../../../src/core/errors.ts';
import type { ExecutionRecord } from '../../../src/core/execution/record.ts';
import type { Address, Hash } from '../../../src/core/units.ts';
import type { Memory } from '../../../src/ports/protocol.ts';
import {
  closingEventKinds,
  type FillerEvent,
  type FillerHistory,
  type FillerRecord,
  type OrderEvent,
  type OrderHistory,
  type OrderRecord,
  type Store,
  type StoredDecision,
  type StoredFillerEvent,
  type StoredOrderEvent,
} from '../../../src/ports/store.ts';
import type { SimulatedProcess } from './simulatedProcess.ts';

const isClosing = new Set<string>(closingEventKinds);

interface KeptOrder {
  readonly record: OrderRecord;
  readonly events: StoredOrderEvent[];
  /** As it is given out, as long as nothing is added to it. */
  given: OrderHistory | null;
}

interface KeptFiller {
  readonly record: FillerRecord;
  readonly events: StoredFillerEvent[];
}

/** A write that has its effect but was not acknowledged: power loss may take it back. */
interface Unflushed {
  readonly undo: () => void;
  /** The signed transaction that it holds; null where it holds none. */
  readonly attempt: Hash | null;
}

/**
 * A disk: what is on it for good, and what a crash may take away. Writes are for good once they are acknowledged, as the
 * store port promises, a decision with its order with the next one; one that was under way when the process died is there or not, the later ones never without the
 * earlier ones.
 */
export class SimulatedDisk {
  readonly decisions: StoredDecision[] = [];
  readonly #orders = new Map<string, KeptOrder>();
  readonly fillers = new Map<string, KeptFiller>();
  /** As they were kept, the newest of an order last. */
  readonly executions: ExecutionRecord[] = [];
  readonly memories = new Map<string, Memory>();
  readonly #byVault = new Map<string, KeptOrder[]>();
  readonly #unsettled = new Set<KeptOrder>();
  readonly #unflushed: Unflushed[] = [];
  readonly #flushedAttempts = new Set<Hash>();

  /** Whether a signed transaction would survive a crash at this moment. */
  holdsForGood(hash: Hash): boolean {
    return this.#flushedAttempts.has(hash);
  }

  /** Does a write, which is not for good yet. */
  write(apply: () => () => void, attempt: Hash | null): Unflushed {
    const unflushed = { undo: apply(), attempt };
    this.#unflushed.push(unflushed);
    return unflushed;
  }

  /** A write is for good, and so is every earlier one. */
  flush(write: Unflushed): void {
    const index = this.#unflushed.indexOf(write);
    if (index < 0) return;
    for (const { attempt } of this.#unflushed.splice(0, index + 1)) {
      if (attempt !== null) this.#flushedAttempts.add(attempt);
    }
  }

  /** The power goes: of the writes that were not acknowledged, only so many stay. */
  crash(keeps: (unflushed: number) => number): void {
    const kept = keeps(this.#unflushed.length);
    for (const { undo } of this.#unflushed.splice(kept).reverse()) undo();
    for (const { attempt } of this.#unflushed.splice(0))
      if (attempt !== null) this.#flushedAttempts.add(attempt);
  }

  addOrder(record: OrderRecord): () => void {
    const kept: KeptOrder = { record, events: [], given: null };
    this.#orders.set(record.id, kept);
    const ofVault = this.#byVault.get(record.vault) ?? [];
    this.#byVault.set(record.vault, ofVault);
    ofVault.push(kept);
    this.#unsettled.add(kept);
    return () => {
      this.#orders.delete(record.id);
      ofVault.splice(ofVault.indexOf(kept), 1);
      this.#unsettled.delete(kept);
    };
  }

  addEvent(orderId: string, event: OrderEvent, recordedAtSeconds: number): () => void {
    const order = this.#orders.get(orderId);
    if (order === undefined) throw new JournalError(`there is no order ${orderId}`);
    const stored = { event, recordedAtSeconds };
    order.events.push(stored);
    order.given = null;
    const closes = isClosing.has(event.kind);
    if (closes) this.#unsettled.delete(order);
    return () => {
      order.events.splice(order.events.indexOf(stored), 1);
      order.given = null;
      if (closes) this.#unsettled.add(order);
    };
  }

  addFiller(record: FillerRecord): () => void {
    this.fillers.set(record.id, { record, events: [] });
    return () => this.fillers.delete(record.id);
  }

  addFillerEvent(fillerId: string, event: FillerEvent, recordedAtSeconds: number): () => void {
    const filler = this.fillers.get(fillerId);
    if (filler === undefined) throw new JournalError(`there is no filler ${fillerId}`);
    const stored = { event, recordedAtSeconds };
    filler.events.push(stored);
    return () => filler.events.splice(filler.events.indexOf(stored), 1);
  }

  openFillers(chainId: number, signer: Address): FillerHistory[] {
    return [...this.fillers.values()]
      .filter(({ record }) => record.chainId === chainId && record.signer === signer)
      .filter(({ events }) => !events.some(({ event }) => event.kind === 'closed'))
      .map(({ record, events }) => ({ record, events: [...events] }));
  }

  unsettled(belongs: (record: OrderRecord) => boolean): OrderHistory[] {
    const found: OrderHistory[] = [];
    for (const order of this.#unsettled) if (belongs(order.record)) found.push(historyOf(order));
    return found;
  }

  newestOrders(vault: string, limit: number): OrderHistory[] {
    const ofVault = this.#byVault.get(vault) ?? [];
    return ofVault
      .slice(Math.max(0, ofVault.length - limit))
      .reverse()
      .map(historyOf);
  }

  /** An order with what happened to it so far. */
  order(id: string): OrderHistory | null {
    const order = this.#orders.get(id);
    return order === undefined ? null : historyOf(order);
  }

  /** Every order, oldest first. */
  histories(): OrderHistory[] {
    return [...this.#orders.values()].map(historyOf);
  }

  /** Everything that the journal holds, oldest first: plain data. */
  contents(): {
    readonly decisions: readonly StoredDecision[];
    readonly orders: readonly OrderHistory[];
    readonly fillers: readonly FillerHistory[];
  } {
    return { decisions: this.decisions, orders: this.histories(), fillers: [...this.fillers.values()] };
  }
}

function historyOf(order: KeptOrder): OrderHistory {
  order.given ??= { record: order.record, events: [...order.events] };
  return order.given;
}

/**
 * The store port over a disk, through a process that may die at any call.
 *
 * @param onEvent told of every event that reaches the disk, before it is acknowledged
 */
export function simulatedStore(
  disk: SimulatedDisk,
  host: SimulatedProcess,
  onEvent: (orderId: string, event: OrderEvent) => void,
): Store {
  const whenLost = (): never => {
    throw new JournalError('the disk did not answer');
  };
  const read = <T>(port: string, effect: () => T): Promise<T> => host.call({ port, effect, whenLost });
  /** @param isFlushed whether it is for good once it is acknowledged, rather than with the next one that is */
  const write = <T>(
    port: string,
    apply: () => readonly [T, () => void],
    { attempt = null, isFlushed = true }: { attempt?: Hash | null; isFlushed?: boolean } = {},
  ): Promise<T> => {
    let mine: Unflushed | null = null;
    const flush = () => {
      if (mine !== null && isFlushed) disk.flush(mine);
    };
    return host.call({
      port,
      effect: () => {
        let value: T | undefined;
        mine = disk.write(() => {
          const [given, undo] = apply();
          value = given;
          return undo;
        }, attempt);
        return value as T;
      },
      whenLost: () => {
        flush();
        return whenLost();
      },
      answered: flush,
    });
  };
  return {
    recordDecision: (decided, orderOf) =>
      write(
        orderOf === undefined ? 'store.recordDecision' : 'store.recordOrder',
        () => {
          const id = `d-${disk.decisions.length + 1}`;
          const record = orderOf?.(id);
          if (record !== undefined && disk.order(record.id) !== null)
            throw new JournalError(`order ${record.id} is already there`);
          const undoOrder = record && disk.addOrder(record);
          const stored = { ...decided, id };
          disk.decisions.push(stored);
          const undo = () => {
            disk.decisions.splice(disk.decisions.indexOf(stored), 1);
            undoOrder?.();
          };
          return [id, undo];
        },
        { isFlushed: orderOf === undefined },
      ),
    appendEvent: (orderId, event, recordedAtSeconds) =>
      write(
        'store.appendEvent',
        () => {
          const undo = disk.addEvent(orderId, event, recordedAtSeconds);
          onEvent(orderId, event);
          return [undefined, undo];
        },
        { attempt: event.kind === 'signed' ? event.attempt.transactionHash : null },
      ),
    unsettledOrders: (vault) =>
      read('store.unsettledOrders', () => disk.unsettled((record) => record.vault === vault)),
    unsettledOrdersOfSigner: (chainId, signer) =>
      read('store.unsettledOrdersOfSigner', () =>
        disk.unsettled((record) => record.chainId === chainId && record.signer === signer),
      ),
    recordFiller: (record) =>
      write(
        'store.recordFiller',
        () => {
          if (disk.fillers.has(record.id)) throw new JournalError(`filler ${record.id} is already there`);
          return [undefined, disk.addFiller(record)];
        },
        { attempt: record.attempt.transactionHash },
      ),
    appendFillerEvent: (fillerId, event, recordedAtSeconds) =>
      write('store.appendFillerEvent', () => [
        undefined,
        disk.addFillerEvent(fillerId, event, recordedAtSeconds),
      ]),
    openFillers: (chainId, signer) => read('store.openFillers', () => disk.openFillers(chainId, signer)),
    orders: (vault, limit) => read('store.orders', () => disk.newestOrders(vault, limit)),
    order: (id) => read('store.order', () => disk.order(id)),
    decisions: (vault, limit) =>
      read('store.decisions', () =>
        disk.decisions
          .filter((decision) => decision.vault === vault)
          .slice(-limit)
          .reverse(),
      ),
    decision: (id) => read('store.decision', () => disk.decisions.find((one) => one.id === id) ?? null),
    recordExecution: (record) =>
      write('store.recordExecution', () => {
        disk.executions.push(record);
        return [undefined, () => disk.executions.splice(disk.executions.indexOf(record), 1)];
      }),
    executions: (orderIds) =>
      read('store.executions', () =>
        orderIds.map((id) => disk.executions.findLast(({ orderId }) => orderId === id) ?? null),
      ),
    recall: (vault, key) => read('store.recall', () => disk.memories.get(`${vault} ${key}`)),
    recallMany: (vault, keys) =>
      read('store.recallMany', () => keys.map((key) => disk.memories.get(`${vault} ${key}`))),
    remember: (vault, key, memory) =>
      write('store.remember', () => {
        const name = `${vault} ${key}`;
        const before = disk.memories.get(name);
        disk.memories.set(name, memory);
        return [undefined, () => disk.memories.set(name, before)];
      }),
    vaults: () => read('store.vaults', () => [...new Set(disk.decisions.map(({ vault }) => vault))].sort()),
    close: async () => {},
  };
}
