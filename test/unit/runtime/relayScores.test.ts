import { describe, expect, it } from 'vitest';
import { relayLines } from '../../../src/cli/output/relays.ts';
import { plainStyle } from '../../../src/cli/output/style.ts';
import type { OrderEvent, OrderHistory, Store } from '../../../src/ports/store.ts';
import { readRelayHealths, relayScores } from '../../../src/runtime/relayScores.ts';

const NOW = 1_800_000_000;
const transactionHash = `0x${'11'.repeat(32)}` as const;

/** An order that these relays accepted, and that expired or was filled in its window. */
function order(relays: readonly string[], isFilled: boolean): OrderHistory {
  const attempt = {
    transactionHash,
    rawTransaction: '0x02',
    nonce: 0,
    maxFeePerGasWei: 1n,
    maxPriorityFeePerGasWei: 1n,
    firstBlock: 1n,
    lastBlock: 5n,
  } as const;
  const end: OrderEvent = isFilled
    ? {
        kind: 'filled',
        fill: {
          transactionHash,
          blockNumber: 2n,
          blockHash: transactionHash,
          side: 'buy',
          baseRaw: 1n,
          quoteRaw: 1n,
          gasUsed: 1n,
          gasPaidWei: 1n,
        },
      }
    : { kind: 'expired', why: 'deadline', atBlock: 6n, atBlockHash: transactionHash };
  const events: readonly OrderEvent[] = [
    { kind: 'signed', attempt },
    ...relays.map(
      (relay): OrderEvent => ({
        kind: 'answered',
        transactionHash,
        relay,
        answer: { status: 'accepted', detail: '' },
      }),
    ),
    end,
  ];
  return {
    record: {} as OrderHistory['record'],
    events: events.map((event) => ({ event, recordedAtSeconds: NOW })),
  };
}

const journal: Readonly<Record<string, readonly OrderHistory[]>> = {
  one: [order(['titan'], true), order(['titan', 'slow'], true), order(['slow'], false)],
  two: [order(['titan'], true), order(['slow'], false)],
};
const store = { orders: async (vault: string) => journal[vault] ?? [] } as unknown as Store;

describe('the scores of the relays', () => {
  it('are from the journal of all vaults, best first, and even for one that never accepted anything', async () => {
    const healths = await readRelayHealths(store, ['one', 'two']);
    expect(relayScores(['slow', 'new', 'titan'], healths, NOW)).toEqual([
      { name: 'titan', score: 4 / 5, orders: 3 },
      { name: 'new', score: 1 / 2, orders: 0 },
      { name: 'slow', score: 2 / 5, orders: 3 },
    ]);
  });

  it('are shown as people read them', async () => {
    const scores = relayScores(['slow', 'new', 'titan'], await readRelayHealths(store, ['one', 'two']), NOW);
    expect(`\n${relayLines(scores, plainStyle).join('\n')}\n`).toMatchInlineSnapshot(`
      "

      relay  likely to land  orders
      titan            80 %       3
      new                 –       0
      slow             40 %       3

      "
    `);
    expect(relayLines([], plainStyle)).toEqual([]);
  });
});
