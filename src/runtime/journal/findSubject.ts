import type { KeptHalt } from '../../core/snapshot.ts';
import type { OrderHistory, Store, StoredDecision } from '../../ports/store.ts';
import { type HaltStatus, haltStatus } from '../arm/resume.ts';
import { UsageError } from '../errors.ts';

/** What an id stands for, with what belongs to it. */
export interface Subject {
  readonly vault: string;
  /** Null where an order's decision was pruned from the journal. */
  readonly decision: StoredDecision | null;
  /** The order that the decision led to; null where it led to none. */
  readonly order: OrderHistory | null;
  /** What halts the vault now, and how it was resumed last. */
  readonly halts: HaltStatus;
}

/** Orders and decisions looked back on for one that is not named in full. */
const LOOKED_BACK = 2_000;

/**
 * Finds a decision (`d-17`), an order (`vault#4.1`, or `vault#4` for its last attempt), what a vault is about (its name: the
 * decision that halted it, or its newest), or the newest decision with a reason code (`oracleStale`).
 *
 * @param vaults of the config
 * @throws UsageError where nothing is called that
 * @throws JournalError, JournalCorruptError
 */
export async function findSubject(store: Store, vaults: readonly string[], id: string): Promise<Subject> {
  const text = id.trim();
  if (/^d-\d+$/.test(text)) return ofDecision(store, await store.decision(text), text);
  if (text.includes('#')) return ofOrder(store, text);
  if (vaults.includes(text)) return ofVault(store, text);
  for (const vault of vaults) {
    const found = (await store.decisions(vault, LOOKED_BACK)).find(({ decision }) => decision.code === text);
    if (found !== undefined) return ofDecision(store, found, text);
  }
  throw unknown(text);
}

async function ofDecision(store: Store, decision: StoredDecision | null, id: string): Promise<Subject> {
  if (decision === null) throw unknown(id);
  const { vault } = decision;
  const plans = 'plan' in decision.decision;
  const order = plans
    ? ((await store.orders(vault, LOOKED_BACK)).find(({ record }) => record.decisionId === decision.id) ??
      null)
    : null;
  return { vault, decision, order, halts: await haltStatus(store, vault) };
}

async function ofOrder(store: Store, id: string): Promise<Subject> {
  const [vault = ''] = id.split('#');
  const isWhole = /#\d+\.\d+$/.test(id);
  const order = isWhole
    ? await store.order(id)
    : ((await store.orders(vault, LOOKED_BACK)).find(({ record }) => record.id.startsWith(`${id}.`)) ?? null);
  if (order === null) throw unknown(id);
  const decision = await store.decision(order.record.decisionId);
  return { vault: order.record.vault, decision, order, halts: await haltStatus(store, order.record.vault) };
}

/** What a vault is about: where a halt waits for somebody, the decision that began it. */
async function ofVault(store: Store, vault: string): Promise<Subject> {
  const halts = await haltStatus(store, vault);
  const recent = await store.decisions(vault, halts.halt === null ? 1 : LOOKED_BACK);
  const began = halts.halt === null ? undefined : beginning(recent, halts.halt);
  const decision = began ?? recent[0] ?? null;
  if (decision === null) throw unknown(vault);
  return { ...(await ofDecision(store, decision, vault)), halts };
}

function beginning(recent: readonly StoredDecision[], halt: KeptHalt): StoredDecision | undefined {
  return recent.findLast(
    ({ decision, recordedAtSeconds }) =>
      decision.kind === 'halt' && decision.code === halt.code && recordedAtSeconds >= halt.sinceSeconds - 1,
  );
}

const unknown = (id: string) =>
  new UsageError('USAGE', `the journal knows nothing called ${id}`, {
    action:
      'name a decision (d-17), an order (vault#4.1), a vault, or a reason such as oracleStale; ballast status lists them',
  });
