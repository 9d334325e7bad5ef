import { describe, expect, it } from 'vitest';
import { doctorLines } from '../../../../src/cli/output/doctor.ts';
import { statusLines } from '../../../../src/cli/output/status.ts';
import { plainStyle } from '../../../../src/cli/output/style.ts';
import {
  decisionWords,
  keeperLine,
  orderName,
  relayWords,
  settledWords,
  warningLines,
} from '../../../../src/cli/output/ticks.ts';
import type { Decision } from '../../../../src/core/decision.ts';
import { executionReport } from '../../../../src/core/execution/summary.ts';
import type { TrackedOrder } from '../../../../src/engine/order/tracked.ts';
import type { TickResult } from '../../../../src/engine/tick.ts';
import type { VaultSetup } from '../../../../src/engine/world.ts';
import type { OrderEvent, OrderHistory } from '../../../../src/ports/store.ts';
import type { Config } from '../../../../src/runtime/config/schema.ts';
import { fail, ok, warn } from '../../../../src/runtime/doctor/checks.ts';
import { bySeverity, type VaultStatus } from '../../../../src/runtime/status.ts';
import { snapshotWith, vaultAddress } from '../../../support/snapshot.ts';

const HASH = `0x${'ab'.repeat(32)}` as const;
const numbers = {
  spot: 3_000,
  exposure: { delta: 1.84, gamma: -0.012, vega: -10, theta: 20, valueQuote: 1_204_118 },
  netDelta: 1.84,
  band: { sell: { act: 1.52, target: 0.29 }, buy: { act: -1.5, target: -0.28 } },
  cost: null,
};
const plan = {
  side: 'sell' as const,
  baseRaw: 10n ** 18n,
  quoteLimitRaw: 4_636_050_000n,
  expectedQuoteRaw: 4_647_150_000n,
  minFillBps: 5_000,
  legs: [],
};
const hedge: Decision = {
  kind: 'hedge',
  code: 'beyondBand',
  why: 'net delta +1.8400 is beyond the sell level +1.5200',
  warnings: [],
  numbers,
  plan,
  netDeltaAfter: 0.29,
};
const hold: Decision = { kind: 'hold', code: 'insideBand', why: 'inside', warnings: [], numbers };
const halt: Decision = {
  kind: 'halt',
  code: 'oracleStale',
  why: 'the oracle is 4,000 s old',
  warnings: [],
  numbers: { ...numbers, netDelta: null },
};

const record = {
  id: 'eth-calls#418.1',
  vault: 'eth-calls',
  chainId: 1,
  signer: '0x0000000000000000000000000000000000000001' as const,
  decisionId: 'd-1',
  decidedAtBlock: 100n,
  decidedAtSeconds: 0,
  order: { ...plan, sequence: 418n, deadlineSeconds: 0 },
  plannedGasQuote: 1,
};
const attempt = {
  transactionHash: HASH,
  rawTransaction: '0x02' as const,
  nonce: 0,
  maxFeePerGasWei: 1n,
  maxPriorityFeePerGasWei: 1n,
  firstBlock: 101n,
  lastBlock: 105n,
};
const submitted: TrackedOrder = {
  record,
  state: {
    status: 'submitted',
    attempts: [attempt],
    attempt,
    replacedBy: null,
    wasReorged: false,
    answers: {
      one: { status: 'accepted', detail: 'ok' },
      two: { status: 'unknown', detail: 'no answer within 3 s' },
    },
  },
};
const result = (
  decision: Decision,
  order: TrackedOrder | null = null,
  open: readonly TrackedOrder[] = [],
): TickResult => ({
  vault: 'eth-calls',
  block: null,
  decision,
  decisionId: 'd-1',
  snapshot: null,
  order,
  settled: [],
  open,
});
const vault = { terms: { quote: { symbol: 'USDC', decimals: 6 } } } as VaultSetup;

describe('lines of a running keeper', () => {
  it.each([
    [
      decisionWords(result(hedge, submitted), plainStyle),
      'hedge  +1.8400→+0.2900  #418  accepted by 1 of 2 relays; two unknown: no answer within 3 s',
    ],
    [decisionWords(result(hold), plainStyle), 'hold   +1.8400  inside band'],
    [
      decisionWords(result({ ...hold, code: 'orderOpen' }, null, [submitted]), plainStyle),
      'hold   +1.8400  an order is open  #418',
    ],
    [decisionWords(result(halt), plainStyle), 'HALT   –  oracle is stale: the oracle is 4,000 s old'],
    [orderName('v#3.2'), '#3.2'],
    [
      relayWords({
        record,
        state: { status: 'paper', paper: { kind: 'paper', baseRaw: 1n, quoteRaw: 1n, blockNumber: 1n } },
      }),
      'on paper, nothing sent',
    ],
  ])('%s', (found, expected) => {
    expect(found).toBe(expected);
  });

  it('says what became of an order', () => {
    const fill = {
      transactionHash: HASH,
      blockNumber: 101n,
      blockHash: HASH,
      side: 'sell' as const,
      baseRaw: 10n ** 18n,
      quoteRaw: 4_647_100_000n,
      gasUsed: 1n,
      gasPaidWei: 1n,
    };
    const words = (event: OrderEvent) => {
      const history: OrderHistory = { record, events: [{ event, recordedAtSeconds: 0 }] };
      return settledWords(history, 0, vault, plainStyle);
    };
    expect(words({ kind: 'filled', fill })).toBe('filled #418  4,647.10 USDC (plan 4,647.15)  1 block');
    expect(words({ kind: 'expired', why: 'deadline', atBlock: 1n, atBlockHash: HASH })).toBe(
      'expired #418  no block took it in time; nothing traded',
    );
    expect(words({ kind: 'final', blockNumber: 1n })).toBeNull();
  });

  it('shows warnings, and wraps long lines under themselves within 80 columns', () => {
    const text = 'net delta stays at +12.0000: the vault owns 3.0000 WETH and the hedge wanted 15.0000 WETH';
    const warned = result({ ...hold, warnings: [{ code: 'inventory', text }] });
    const [line = ''] = warningLines(warned, plainStyle);
    const lines = keeperLine('12:00:11Z', 'eth-calls', line, 9);
    expect(lines.map((one) => one.length).every((length) => length <= 80)).toBe(true);
    expect(lines[0]).toMatch(/^12:00:11Z {2}eth-calls {2}warn {3}net delta stays/);
    expect(lines[1]).toMatch(/^ {22}\S/);
  });
});

describe('status', () => {
  const status = (
    name: string,
    state: VaultStatus['state'],
    more: Partial<VaultStatus> = {},
  ): VaultStatus => ({
    name,
    state,
    decision: null,
    netDelta: null,
    shareOfAct: null,
    margin: null,
    openOrders: [],
    lastHedge: null,
    execution: executionReport([]),
    ...more,
  });
  const config = { schedule: { kind: 'interval', seconds: 30 } } as Config;

  it('worst first; what is not known is a dash', () => {
    const stored = {
      id: 'd-9',
      vault: 'btc-puts',
      policy: 'fixedBand',
      recordedAtSeconds: 91,
      blockNumber: 1n,
      snapshot: null,
      decision: halt,
    };
    const vaults = [
      status('eth-calls', 'ok', {
        netDelta: 0.29,
        shareOfAct: 0.19,
        lastHedge: { orderId: 'x', atSeconds: 91 },
      }),
      status('new', 'unknown'),
      status('btc-puts', 'halt', {
        decision: stored,
        openOrders: [{ id: 'btc-puts#1.1', status: 'submitted' }],
      }),
    ].sort(bySeverity);
    expect(`\n${statusLines(vaults, config, 100, plainStyle).join('\n')}\n`).toMatchInlineSnapshot(`
      "
      vault      state    net delta  of act         value  open  hedged  decided
      btc-puts   HALT             –       –  1,204,118.00     1       –      9 s
      new        unknown          –       –             –     0       –        –
      eth-calls  ok         +0.2900    19 %             –     0     9 s        –
      btc-puts  oracle is stale: the oracle is 4,000 s old
      btc-puts  open: btc-puts#1.1 submitted

      schedule  every 30 s
      "
    `);
  });

  it('says below the table how near to liquidation a vault was that owes something', () => {
    const stored = {
      id: 'd-9',
      vault: 'eth-calls',
      policy: 'fixedBand',
      recordedAtSeconds: 91,
      blockNumber: 1n,
      snapshot: snapshotWith(),
      decision: hold,
    };
    const liquidation = { price: 1_500, priceChange: -0.5, when: 'below' } as const;
    const margin = [{ label: 'aave v3', pool: vaultAddress, healthFactor: 2, liquidation }];
    const vault = status('eth-calls', 'ok', { decision: stored, margin });
    expect(statusLines([vault], config, 100, plainStyle)).toContain(
      'eth-calls  aave v3: health factor 2.00; liquidated below 1,500.00 USDC a WETH',
    );
  });
});

describe('doctor', () => {
  it('shows what to do under what is wrong, and counts', () => {
    const lines = doctorLines(
      [
        fail('keeper role', '0x77…01 is not a keeper of eth-calls', 'ballast mandate --keeper 0x77…01'),
        warn('oracle age', '3,410 s of 3,600 s heartbeat', 'it should answer soon'),
        ok('chain', 'id 1, block 21,004,512, 4 s old'),
      ],
      { style: plainStyle, command: (words) => `ballast ${words}` },
    );
    expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
      "
      fail  keeper role  0x77…01 is not a keeper of eth-calls
                         do: ballast mandate --keeper 0x77…01
      warn  oracle age   3,410 s of 3,600 s heartbeat
                         do: it should answer soon
      ok    chain        id 1, block 21,004,512, 4 s old
      1 fail, 1 warn, 1 ok
      "
    `);
  });
});
