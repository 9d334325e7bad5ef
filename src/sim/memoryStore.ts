import { JournalError } from '../core/errors.ts';
import type { ExecutionRecord } from '../core/execution/record.ts';
import type { Memory } from '../ports/protocol.ts';
import {
  closingEventKinds,
  type FillerHistory,
  type FillerRecord,
  type OrderHistory,
  type OrderRecord,
  type Store,
  type StoredDecision,
  type StoredFillerEvent,
  type StoredOrderEvent,
} from '../ports/store.ts';

const isClosing = new Set<string>(closingEventKinds);

interface KeptOrder {
  readonly record: OrderRecord;
  readonly events: StoredOrderEvent[];
}

interface KeptFiller {
  readonly record: FillerRecord;
  readonly events: StoredFillerEvent[];
}

function historyOf({ record, events }: KeptOrder): OrderHistory {
  return { record, events: [...events] };
}

/**
 * A journal that lives as long as its object and no longer: for backtests and tests, never for a keeper that signs. It
 * keeps what it is given as it is, so callers must not change it afterwards.
 */
export function memoryStore(): Store {
  const decisions: StoredDecision[] = [];
  const orders = new Map<string, KeptOrder>();
  const fillers = new Map<string, KeptFiller>();
  const executions = new Map<string, ExecutionRecord>();
  const memories = new Map<string, Memory>();
  const memoryKey = (vault: string, key: string) => JSON.stringify([vault, key]);
  const unsettled = (belongs: (record: OrderRecord) => boolean) =>
    [...orders.values()]
      .filter(
        ({ record, events }) => belongs(record) && !events.some(({ event }) => isClosing.has(event.kind)),
      )
      .map(historyOf);
  return {
    recordDecision: async (decided, orderOf) => {
      const id = `d-${decisions.length + 1}`;
      const record = orderOf?.(id);
      if (record !== undefined) {
        if (orders.has(record.id)) throw new JournalError(`order ${record.id} is already there`);
        orders.set(record.id, { record, events: [] });
      }
      decisions.push({ ...decided, id });
      return id;
    },
    appendEvent: async (orderId, event, recordedAtSeconds) => {
      const order = orders.get(orderId);
      if (order === undefined) throw new JournalError(`there is no order ${orderId}`);
      order.events.push({ event, recordedAtSeconds });
    },
    unsettledOrders: async (vault) => unsettled((record) => record.vault === vault),
    unsettledOrdersOfSigner: async (chainId, signer) =>
      unsettled(
        (record) => record.chainId === chainId && record.signer.toLowerCase() === signer.toLowerCase(),
      ),
    recordFiller: async (record) => {
      if (fillers.has(record.id)) throw new JournalError(`filler ${record.id} is already there`);
      fillers.set(record.id, { record, events: [] });
    },
    appendFillerEvent: async (fillerId, event, recordedAtSeconds) => {
      const filler = fillers.get(fillerId);
      if (filler === undefined) throw new JournalError(`there is no filler ${fillerId}`);
      filler.events.push({ event, recordedAtSeconds });
    },
    openFillers: async (chainId, signer) =>
      [...fillers.values()]
        .filter(
          ({ record, events }) =>
            record.chainId === chainId &&
            record.signer.toLowerCase() === signer.toLowerCase() &&
            !events.some(({ event }) => event.kind === 'closed'),
        )
        .map(({ record, events }): FillerHistory => ({ record, events: [...events] })),
    orders: async (vault, limit) =>
      [...orders.values()]
        .filter(({ record }) => record.vault === vault)
        .reverse()
        .slice(0, limit)
        .map(historyOf),
    order: async (id) => {
      const order = orders.get(id);
      return order === undefined ? null : historyOf(order);
    },
    decisions: async (vault, limit) =>
      decisions
        .filter((decision) => decision.vault === vault)
        .reverse()
        .slice(0, limit),
    decision: async (id) => decisions.find((decision) => decision.id === id) ?? null,
    recordExecution: async (record) => {
      executions.set(record.orderId, record);
    },
    executions: async (orderIds) => orderIds.map((id) => executions.get(id) ?? null),
    recall: async (vault, key) => memories.get(memoryKey(vault, key)),
    remember: async (vault, key, memory) => {
      memories.set(memoryKey(vault, key), memory);
    },
    vaults: async () => [...new Set(decisions.map(({ vault }) => vault))].sort(),
    close: async () => {},
  };
}
