import Database from 'libsql';
import { sqlite } from '../../src/adapters/stores/index.ts';
import { encodeJournaled } from '../../src/adapters/stores/internal/canonicalJson.ts';
import { sha256 } from '../../src/adapters/stores/internal/checksum.ts';
import { decisionRow, eventRow, orderRow } from '../../src/adapters/stores/internal/rows.ts';
import { splitSnapshot } from '../../src/adapters/stores/internal/snapshotParts.ts';
import { decide } from '../../src/core/decide.ts';
import type { Decision, HedgeDecision } from '../../src/core/decision.ts';
import { type BoundPolicy, bindPolicy } from '../../src/core/policy.ts';
import type { Position } from '../../src/core/position.ts';
import { defaultLimits } from '../../src/core/risk/limits.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import type { Hash } from '../../src/core/units.ts';
import { fixedBand, optimalBand } from '../../src/policies/index.ts';
import type { DecisionRecord, OrderEvent, OrderRecord } from '../../src/ports/store.ts';
import { normalSource, seededUniform } from './random.ts';
import { nowSeconds, oracleAt, poolAt, raw, snapshotWith, usdc, weth } from './snapshot.ts';

const SIGNER = '0xAbCd000000000000000000000000000000000001';
const hash = (n: number): Hash => `0x${n.toString(16).padStart(64, '0')}`;
const DEPTH_BASE = 20_000;

/** What a journal is filled with. */
export interface JournalPlan {
  readonly path: string;
  readonly vault?: string;
  readonly decisions: number;
  readonly seed?: number;
  /** Time of the newest block; some moment in the past unless given. */
  readonly endsAtSeconds?: number;
  readonly secondsPerBlock?: number;
  readonly policy?: 'fixedBand' | 'optimalBand';
  /** Every so many decisions the oracle is stale and the vault halts. */
  readonly haltEvery?: number;
  /** What fills come from: relays of these names, or paper. */
  readonly relays?: readonly string[];
  readonly onPaper?: boolean;
  /** Decides only so often, and says the same with other numbers in between: for journals of many decisions. */
  readonly decideEvery?: number;
  /** Leaves the last hedge open. */
  readonly endsOpen?: boolean;
}

const policies: Readonly<Record<'fixedBand' | 'optimalBand', BoundPolicy>> = {
  fixedBand: bindPolicy(
    'fixedBand',
    fixedBand,
    fixedBand.parameters.parse({ halfWidth: { base: 4 }, tradeTo: 'centre' }),
  ),
  optimalBand: bindPolicy('optimalBand', optimalBand, optimalBand.parameters.parse({ riskAversion: 0.0002 })),
};

/**
 * Writes a journal as a keeper would have left it after many blocks of a seeded market, faster than a keeper writes: real
 * decisions on snapshots with options and a pool, orders with their whole life, one transaction for all.
 *
 * @returns how many hedges were filled
 */
export async function writeLongJournal(plan: JournalPlan): Promise<number> {
  await (await sqlite.open({ path: plan.path, readOnly: false })).close();
  const database = new Database(plan.path);
  database.pragma('synchronous = OFF');
  const rows = rowWriter(database);
  const first = Number(
    (database.prepare('SELECT coalesce(max(number), 0) AS n FROM decisions').get() as { n: number }).n,
  );
  database.exec('BEGIN');
  const orders = database.prepare('SELECT count(*) AS n FROM orders').get() as { n: number };
  const filled = writeBlocks(plan, first, BigInt(orders.n + 1), rows);
  database.exec('COMMIT');
  database.close();
  return filled;
}

interface Rows {
  decision(record: DecisionRecord): void;
  order(record: OrderRecord): void;
  event(orderId: string, event: OrderEvent, atSeconds: number): void;
}

function rowWriter(database: Database.Database): Rows {
  const part = database.prepare('INSERT INTO parts (hash, body) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const known = new WeakMap<object, string>();
  const put = (value: unknown): string => {
    const isObject = typeof value === 'object' && value !== null;
    const before = isObject ? known.get(value) : undefined;
    if (before !== undefined) return before;
    const body = encodeJournaled(value);
    const key = sha256(body);
    part.run(key, body);
    if (isObject) known.set(value, key);
    return key;
  };
  const insert = (table: string, row: Readonly<Record<string, unknown>>) => {
    const names = Object.keys(row);
    const statement = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
    prepared(database, statement).run(...names.map((name) => row[name]));
  };
  return {
    decision: (record) => {
      const manifest = record.snapshot && encodeJournaled(splitSnapshot(record.snapshot, put));
      insert('decisions', decisionRow(record, manifest, encodeJournaled(record.decision)));
    },
    order: (record) => insert('orders', orderRow(record)),
    event: (orderId, event, at) => insert('order_events', eventRow(orderId, event, at)),
  };
}

const statements = new WeakMap<Database.Database, Map<string, Database.Statement>>();

function prepared(database: Database.Database, sql: string): Database.Statement {
  const own = statements.get(database) ?? new Map<string, Database.Statement>();
  statements.set(database, own);
  const statement = own.get(sql) ?? database.prepare(sql);
  own.set(sql, statement);
  return statement;
}

function positionsAt(baseRaw: bigint, quoteRaw: bigint, expirySeconds: number): readonly Position[] {
  const option = { kind: 'option', expirySeconds, settlementPrice: null } as const;
  return [
    { kind: 'spot', label: 'safe balance', asset: 'base', amountRaw: baseRaw, locked: false },
    { kind: 'spot', label: 'safe balance', asset: 'quote', amountRaw: quoteRaw, locked: false },
    { ...option, label: 'opyn 3,200 call', type: 'call', strike: 3_200, size: -90 },
    { ...option, label: 'opyn 2,800 put', type: 'put', strike: 2_800, size: -60 },
  ];
}

function writeBlocks(plan: JournalPlan, firstNumber: number, firstSequence: bigint, rows: Rows): number {
  const { decisions, vault = 'eth-calls', seed = 7, endsAtSeconds = nowSeconds, secondsPerBlock = 12 } = plan;
  const normal = normalSource(seededUniform(seed));
  const policy = policies[plan.policy ?? 'fixedBand'];
  let spot = 3_000;
  let [baseRaw, quoteRaw] = [raw(20, weth), raw(500_000, usdc)];
  let sequence = firstSequence;
  let filled = 0;
  let lastHedge: Snapshot['history']['lastHedge'] = null;
  let previous: DecisionRecord | null = null;
  const startsAt = endsAtSeconds - (decisions - 1) * secondsPerBlock;
  const step = 0.7 * Math.sqrt(secondsPerBlock / 31_557_600);
  for (let index = 0; index < decisions; index += 1) {
    const at = startsAt + index * secondsPerBlock;
    const blockNumber = BigInt(21_000_000 + index);
    spot *= Math.exp(step * normal() - 0.00002 * Math.log(spot / 3_000));
    const again = previous !== null && index % (plan.decideEvery ?? 1) !== 0;
    if (again) {
      rows.decision(repeated(previous!, { at, blockNumber, spot, netDelta: normal() }));
      continue;
    }
    const isStale = plan.haltEvery !== undefined && index % plan.haltEvery === plan.haltEvery - 1;
    const age = isStale ? 4_000 : 60;
    const snapshot = snapshotWith({
      price: spot,
      positions: positionsAt(baseRaw, quoteRaw, Math.ceil(at / 1_209_600) * 1_209_600 + 86_400),
      volatility: 0.65 + 0.05 * Math.sin(index / 900),
      vault: { name: vault },
      chain: {
        block: {
          number: blockNumber,
          hash: hash(Number(blockNumber)),
          parentHash: hash(Number(blockNumber) - 1),
          timestampSeconds: at,
          baseFeePerGasWei: BigInt(Math.round(1e9 * (1 + 0.5 * Math.sin(index / 300) ** 2))),
        },
        holdings: { baseRaw, quoteRaw },
        pools: [poolAt(spot, { depthBase: DEPTH_BASE })],
        prices: [oracleAt(spot, { updatedAtSeconds: at - age })],
      },
      history: { lastHedge },
    });
    const observed = {
      volatility: {
        source: 'fixed',
        volatility: snapshot.observed.volatility.volatility,
        observedAtSeconds: at,
      },
    };
    const seen: Snapshot = { ...snapshot, observed };
    const decision: Decision = decide(seen, policy, defaultLimits);
    const record = {
      vault,
      policy: policy.kind,
      recordedAtSeconds: at + 1.5,
      blockNumber,
      snapshot: seen,
      decision,
    };
    rows.decision(record);
    if (decision.kind === 'hold') previous = record;
    if (decision.kind !== 'hedge') continue;
    const isOpen = plan.endsOpen === true && index > decisions - 40;
    const order = orderOf(decision, {
      vault,
      sequence,
      blockNumber,
      at,
      decisionId: `d-${firstNumber + index + 1}`,
    });
    rows.order(order);
    writeLife(rows, order, plan, isOpen);
    sequence += 1n;
    if (isOpen) return filled;
    filled += 1;
    const sign = order.order.side === 'sell' ? -1n : 1n;
    baseRaw += sign * order.order.baseRaw;
    quoteRaw -= sign * order.order.expectedQuoteRaw;
    lastHedge = {
      blockNumber: blockNumber + 1n,
      timestampSeconds: at + secondsPerBlock,
      side: order.order.side,
      baseRaw: order.order.baseRaw,
    };
  }
  return filled;
}

interface Moment {
  readonly at: number;
  readonly blockNumber: bigint;
  readonly spot: number;
  readonly netDelta: number;
}

/** The same hold a block later: another price, another net delta, the same positions and pools. */
function repeated(record: DecisionRecord, { at, blockNumber, spot, netDelta }: Moment): DecisionRecord {
  const { snapshot, decision } = record;
  const block = { ...snapshot!.chain.block, number: blockNumber, timestampSeconds: at };
  return {
    ...record,
    recordedAtSeconds: at + 1.5,
    blockNumber,
    snapshot: { ...snapshot!, chain: { ...snapshot!.chain, block } },
    decision: { ...decision, numbers: { ...decision.numbers, spot, netDelta } },
  };
}

interface OrderFacts {
  readonly vault: string;
  readonly sequence: bigint;
  readonly blockNumber: bigint;
  readonly at: number;
  readonly decisionId: string;
}

function orderOf({ plan, numbers }: HedgeDecision, facts: OrderFacts): OrderRecord {
  return {
    id: `${facts.vault}#${facts.sequence}.1`,
    vault: facts.vault,
    chainId: 1,
    signer: SIGNER,
    decisionId: facts.decisionId,
    decidedAtBlock: facts.blockNumber,
    decidedAtSeconds: facts.at + 1.5,
    order: { ...plan, sequence: facts.sequence, deadlineSeconds: facts.at + 300 },
    plannedGasQuote: numbers.cost?.gasQuote ?? 0,
  };
}

/** Decided, signed, asked, included and final; or on paper; or open, with one relay that does not know. */
function writeLife(rows: Rows, record: OrderRecord, plan: JournalPlan, isOpen: boolean): void {
  const { id, decidedAtSeconds: at, decidedAtBlock, order } = record;
  const relays = plan.relays ?? ['flashbots', 'titan', 'beaver'];
  const number = Number(order.sequence);
  const transactionHash = hash(7_000_000 + number);
  if (plan.onPaper) {
    const { baseRaw, expectedQuoteRaw } = order;
    rows.event(
      id,
      { kind: 'paper', baseRaw, quoteRaw: expectedQuoteRaw, blockNumber: decidedAtBlock },
      at + 0.2,
    );
    return;
  }
  const attempt = {
    transactionHash,
    rawTransaction: `0x02f901${'5e'.repeat(200)}`,
    nonce: number,
    maxFeePerGasWei: 20_000_000_000n,
    maxPriorityFeePerGasWei: 1_000_000_000n,
    firstBlock: decidedAtBlock + 1n,
    lastBlock: decidedAtBlock + 6n,
  } as const;
  rows.event(id, { kind: 'signed', attempt }, at + 0.15);
  for (const [index, relay] of relays.entries()) {
    const isLast = index === relays.length - 1 && relays.length > 1;
    const status = isLast ? (isOpen ? 'unknown' : number % 5 === 0 ? 'refused' : 'accepted') : 'accepted';
    const detail = {
      accepted: 'bundle accepted',
      refused: 'bundle under-priced',
      unknown: 'timed out after 3 s',
    }[status];
    rows.event(
      id,
      { kind: 'answered', transactionHash, relay, answer: { status, detail } },
      at + 0.3 + 0.12 * index,
    );
  }
  if (isOpen) return;
  const blockNumber = decidedAtBlock + BigInt(1 + (number % 3));
  const blockHash = hash(Number(blockNumber));
  const gasUsed = 168_000n;
  const quoteRaw = (order.expectedQuoteRaw * (10_000n - BigInt(number % 4))) / 10_000n;
  const fill = {
    transactionHash,
    blockNumber,
    blockHash,
    side: order.side,
    baseRaw: order.baseRaw,
    quoteRaw,
    gasUsed,
  };
  const waited = 12 * Number(blockNumber - decidedAtBlock);
  rows.event(id, { kind: 'filled', fill: { ...fill, gasPaidWei: gasUsed * 2_000_000_000n } }, at + waited);
  rows.event(id, { kind: 'final', blockNumber: blockNumber + 64n }, at + waited + 780);
}
