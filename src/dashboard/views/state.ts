import { messageOf } from '../../core/errors.ts';
import { type KeeperNote, keeperNote } from '../../runtime/keeper/keeperNote.ts';
import { bySeverity, type VaultStatus } from '../../runtime/status.ts';
import type { KeeperState, StateDocument, Units, VaultRow } from '../documents.ts';
import type { JournalWatch } from '../journalWatch.ts';
import type { DashboardSource } from '../source.ts';

/** Intervals without a decision after which a keeper counts as silent, and the least patience in seconds. */
const SILENT_AFTER_INTERVALS = 3;
const LEAST_PATIENCE_SECONDS = 30;

/** Where everything stands: what stands around every page, and the fleet, worst first. */
export async function stateDocument(source: DashboardSource, watch: JournalWatch): Promise<StateDocument> {
  const nowSeconds = source.clock.nowSeconds();
  const note = await keeperNote(source.store).catch(() => null);
  const found = await Promise.all(watch.histories.map(({ vault }) => statusOf(watch, vault)));
  const statuses = found.flatMap((one) => ('status' in one ? [one.status] : []));
  const newest = newestDecision(statuses);
  const lastDecisionAtSeconds = newest?.recordedAtSeconds ?? null;
  const expectedSeconds = source.expectedSeconds ?? usualSeconds(watch);
  const block = newest?.snapshot?.chain.block;
  return {
    nowSeconds,
    version: source.version,
    mode: note?.mode ?? 'unknown',
    keeper: {
      state: keeperState(note, lastDecisionAtSeconds, expectedSeconds, nowSeconds),
      lastDecisionAtSeconds,
      expectedSeconds,
      note,
    },
    head:
      block === undefined ? null : { blockNumber: String(block.number), atSeconds: block.timestampSeconds },
    fault: watch.fault,
    isComplete: watch.isComplete,
    decisions: watch.histories.reduce((sum, { columns }) => sum + columns.length, 0),
    vaults: [
      ...found.flatMap((one) => ('fault' in one ? [unreadableRow(one.name, one.fault)] : [])),
      ...statuses.toSorted(bySeverity).map(vaultRow),
    ],
  };
}

/** Where no schedule is known, how often there was a decision lately. */
function usualSeconds(watch: JournalWatch): number | null {
  const known = watch.histories.flatMap(({ usualSeconds: usual }) => (usual === null ? [] : [usual]));
  return known.length === 0 ? null : Math.max(...known);
}

/** A vault whose status cannot be read keeps its place, with the reason. */
async function statusOf(
  watch: JournalWatch,
  vault: string,
): Promise<{ readonly status: VaultStatus } | { readonly name: string; readonly fault: string }> {
  try {
    return { status: await watch.status(vault) };
  } catch (error) {
    return { name: vault, fault: messageOf(error) };
  }
}

function unreadableRow(name: string, fault: string): VaultRow {
  return {
    name,
    policy: null,
    units: null,
    state: 'unknown',
    halt: null,
    netDelta: null,
    shareOfAct: null,
    band: null,
    netDeltaAfter: null,
    valueQuote: null,
    spot: null,
    openOrders: [],
    lastHedge: null,
    decision: null,
    fault,
  };
}

function newestDecision(statuses: readonly VaultStatus[]): VaultStatus['decision'] {
  const known = statuses.flatMap(({ decision }) => (decision === null ? [] : [decision]));
  return known.reduce<VaultStatus['decision']>(
    (newest, one) => (newest === null || one.recordedAtSeconds > newest.recordedAtSeconds ? one : newest),
    null,
  );
}

/** A keeper that said goodbye is stopped, one that is overdue without a word is silent. */
export function keeperState(
  note: KeeperNote | null,
  lastAtSeconds: number | null,
  expectedSeconds: number | null,
  nowSeconds: number,
): KeeperState {
  if (lastAtSeconds === null && note === null) return 'never';
  if (note !== null && note.endedAtSeconds !== null) return 'stopped';
  if (expectedSeconds === null) return 'running';
  const patience = Math.max(
    SILENT_AFTER_INTERVALS * expectedSeconds,
    expectedSeconds + LEAST_PATIENCE_SECONDS,
  );
  const since = Math.max(lastAtSeconds ?? 0, note?.startedAtSeconds ?? 0);
  return nowSeconds - since > patience ? 'silent' : 'running';
}

/** Symbols of a vault's tokens; null where it has never been read. */
function unitsOf({ decision }: Pick<VaultStatus, 'decision'>): Units | null {
  const terms = decision?.snapshot?.vault;
  return terms === undefined ? null : { base: terms.base.symbol, quote: terms.quote.symbol };
}

/** What halts a vault until somebody resumes it; null where nothing does. */
function haltOf({ halts }: VaultStatus): VaultRow['halt'] {
  const halt = halts?.halt ?? null;
  return halt === null ? null : { code: halt.code, why: halt.why };
}

/** A status in one line, with nothing in it that the status does not say. */
export function vaultRow(status: VaultStatus): VaultRow {
  const stored = status.decision;
  const decided = stored?.decision;
  const isOpenHedge = decided?.kind === 'hedge' && status.openOrders.length > 0;
  return {
    name: status.name,
    policy: stored?.policy ?? null,
    units: unitsOf(status),
    state: status.state,
    halt: haltOf(status),
    netDelta: status.netDelta,
    shareOfAct: status.shareOfAct,
    band: decided?.numbers.band ?? null,
    netDeltaAfter: isOpenHedge ? decided.netDeltaAfter : null,
    valueQuote: decided?.numbers.exposure?.valueQuote ?? null,
    spot: decided?.numbers.spot ?? null,
    openOrders: status.openOrders,
    lastHedge: status.lastHedge,
    decision:
      stored === null || decided === undefined
        ? null
        : {
            id: stored.id,
            kind: decided.kind,
            code: decided.code,
            why: decided.why,
            atSeconds: stored.recordedAtSeconds,
            blockNumber: String(stored.blockNumber),
          },
    fault: null,
  };
}
