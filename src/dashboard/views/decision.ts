import type { Decision } from '../../core/decision.ts';
import { messageOf } from '../../core/errors.ts';
import { significant } from '../../core/report/format.ts';
import { marginWords } from '../../core/report/marginWords.ts';
import { percent, quote } from '../../core/report/numbers.ts';
import { marginStandings } from '../../core/risk/marginStanding.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Store, StoredDecision } from '../../ports/store.ts';
import { shareOfLevel } from '../../runtime/status.ts';
import type { DecisionDocument } from '../documents.ts';
import type { VaultHistory } from '../history/vaultHistory.ts';

const WEI_PER_GWEI = 1e9;

/**
 * One decision with its numbers and where they came from; null where there is none of that id. A row that cannot be believed is
 * shown as such.
 *
 * @throws JournalError
 */
export async function decisionDocument(
  store: Store,
  histories: readonly VaultHistory[],
  id: string,
): Promise<DecisionDocument | null> {
  try {
    const stored = await store.decision(id);
    return stored === null ? null : known(stored, orderOf(histories, stored));
  } catch (error) {
    return corrupt(id, vaultOf(histories, id), messageOf(error));
  }
}

function orderOf(histories: readonly VaultHistory[], { id, vault }: StoredDecision): string | null {
  const history = histories.find((one) => one.vault === vault);
  return history?.orders.find(({ record }) => record.decisionId === id)?.record.id ?? null;
}

function vaultOf(histories: readonly VaultHistory[], id: string): string {
  const number = Number(id.slice(2));
  return histories.find(({ columns }) => columns.column('number').includes(number))?.vault ?? '';
}

function corrupt(id: string, vault: string, why: string): DecisionDocument {
  return {
    id,
    vault,
    kind: 'corrupt',
    corrupt: why,
    policy: null,
    units: null,
    atSeconds: null,
    blockNumber: null,
    code: 'corrupt',
    why,
    warnings: [],
    netDelta: null,
    netDeltaAfter: null,
    shareOfAct: null,
    band: null,
    cost: null,
    explanation: null,
    inputs: [],
    orderId: null,
    precautions: null,
    instruments: [],
  };
}

function known(stored: StoredDecision, orderId: string | null): DecisionDocument {
  const { decision, snapshot } = stored;
  const { netDelta, band, cost } = decision.numbers;
  const terms = snapshot?.vault;
  return {
    id: stored.id,
    vault: stored.vault,
    kind: decision.kind,
    corrupt: null,
    policy: stored.policy,
    units: terms === undefined ? null : { base: terms.base.symbol, quote: terms.quote.symbol },
    atSeconds: stored.recordedAtSeconds,
    blockNumber: String(stored.blockNumber),
    code: decision.code,
    why: decision.why,
    warnings: decision.warnings,
    netDelta,
    netDeltaAfter: 'plan' in decision ? decision.netDeltaAfter : null,
    shareOfAct: band === null || netDelta === null ? null : shareOfLevel(band, netDelta),
    band,
    cost,
    explanation: decision.explanation ?? null,
    inputs: snapshot === null ? [] : inputsOf(snapshot, stored),
    orderId,
    precautions: precautionsIn(decision),
    instruments: 'instruments' in decision ? (decision.instruments ?? []) : [],
  };
}

function precautionsIn({ precautions }: Decision): DecisionDocument['precautions'] {
  if (precautions === undefined) return null;
  const { level, levels, figures, tripped, events } = precautions;
  const stress =
    figures === null
      ? []
      : (['margin', 'cost', 'reach'] as const).map((name) => {
          const { use, text } = figures[name];
          return { name: `stress, ${name}: ${levels[name]}`, use: Number.isFinite(use) ? use : null, text };
        });
  const breakers = tripped.map(({ name, effect, text }) => {
    return { name: `breaker ${name}, ${effect}`, use: null, text };
  });
  const dated = events === null ? [] : [{ name: 'event', use: null, text: events }];
  return { level, rows: [...breakers, ...stress, ...dated] };
}

function inputsOf(snapshot: Snapshot, { decision }: StoredDecision): DecisionDocument['inputs'] {
  const { vault, chain, observed, native } = snapshot;
  const units = { base: vault.base.symbol, quote: vault.quote.symbol };
  const { spot, exposure } = decision.numbers;
  const { volatility } = observed;
  const at = chain.block.timestampSeconds;
  const gwei = (wei: bigint) => `${significant(Number(wei) / WEI_PER_GWEI, 4)} gwei`;
  const said = (name: string, value: string, source: string, atSeconds: number | null = at) => [
    { name, value, source, atSeconds },
  ];
  return [
    ...(spot === null ? [] : said('fair price', quote(spot), 'median of feeds and pools')),
    ...chain.prices.flatMap(({ source, price, updatedAtSeconds, fault }) =>
      said('price', fault ?? quote(price), source, updatedAtSeconds),
    ),
    ...said(
      'volatility',
      volatility.fault ?? percent(volatility.volatility),
      volatility.source,
      volatility.observedAtSeconds,
    ),
    ...(exposure === null
      ? []
      : said('gamma', significant(exposure.gamma, 4), `${chain.positions.length} positions`)),
    ...marginStandings(snapshot).flatMap((standing) =>
      said('margin', marginWords(standing, units), standing.label),
    ),
    ...said('base fee', gwei(native.baseFeePerGasWei), 'highest within the window'),
    ...said('tip', gwei(native.priorityFeePerGasWei), 'chain'),
    ...said('price of gas money', quote(native.priceQuote), 'config', null),
    ...said('pools', String(chain.pools.length), `block ${chain.block.number}`),
  ];
}
