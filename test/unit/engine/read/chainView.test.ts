import { describe, expect, it } from 'vitest';
import { ChainUnavailableError } from '../../../../src/core/errors.ts';
import { viewFrom } from '../../../../src/engine/read/chainView.ts';
import type { Chain, Receipt } from '../../../../src/ports/chain.ts';
import { hashOf, sampleSnapshot } from '../../../support/journalSamples.ts';

const head = sampleSnapshot(100n).chain.block;
const account = '0x00000000000000000000000000000000000c0ffe';

/** A chain with a block at every height, asked through a log of what it was asked. */
function chainWith(overrides: Partial<Chain>): { readonly chain: Chain; readonly asked: string[] } {
  const asked: string[] = [];
  const unused = async () => {
    throw new Error('not asked in this test');
  };
  const chain: Chain = {
    chainId: 1,
    head: unused,
    read: unused,
    simulate: unused,
    balanceWei: unused,
    suggestedTipWei: unused,
    receipt: unused,
    blockAt: async (number) => {
      asked.push(`block ${number}`);
      return { ...head, number, hash: hashOf(Number(number)) };
    },
    confirmedNonce: async (_, { number }) => Number(number) - 90,
    ...overrides,
  };
  return { chain, asked };
}

const receiptIn = (number: bigint, blockHash = hashOf(Number(number))): Receipt => ({
  transactionHash: hashOf(1),
  blockNumber: number,
  blockHash,
  succeeded: true,
  gasUsed: 1n,
  effectiveGasPriceWei: 1n,
  logs: [],
});

describe('a chain seen from one head', () => {
  it('has the blocks up to the head, by height and hash', async () => {
    const view = viewFrom(chainWith({}).chain, head);
    expect(await view.stands({ number: 100n, hash: hashOf(100) })).toBe(true);
    expect(await view.stands({ number: 99n, hash: hashOf(98) })).toBe(false);
    expect(await view.stands({ number: 101n, hash: hashOf(101) })).toBe(false);
  });

  it.each([
    ['in a block up to the head', receiptIn(100n), true],
    ['in a block that the head cannot have seen', receiptIn(101n), false],
    ['in a block that is not canonical', receiptIn(99n, hashOf(12_345)), false],
    ['nowhere', null, false],
  ])('has a receipt %s: %#', async (_, receipt, stands) => {
    const view = viewFrom(chainWith({ receipt: async () => receipt }).chain, head);
    expect(await view.standingReceipt(hashOf(1))).toEqual(stands ? receipt : null);
  });

  it('asks for each fact once', async () => {
    const { chain, asked } = chainWith({});
    const view = viewFrom(chain, head);
    await Promise.all([99n, 99n, 99n].map((number) => view.stands({ number, hash: hashOf(99) })));
    expect(asked).toEqual(['block 99']);
  });

  it('asks each time anew whether the head is canonical still', async () => {
    let tip = head;
    const view = viewFrom(chainWith({ blockAt: async () => tip }).chain, head);
    expect(await view.headStands()).toBe(true);
    tip = { ...head, hash: hashOf(12_345) };
    expect(await view.headStands()).toBe(false);
  });

  it('does not take a head for canonical that the node has not got any more', async () => {
    const view = viewFrom(chainWith({ blockAt: async () => null }).chain, head);
    expect(await view.headStands()).toBe(false);
  });

  it('knows which nonces were used for good', async () => {
    const view = viewFrom(chainWith({}).chain, head);
    expect(await view.usedBelow(account, 5, 4)).toBe(true);
    expect(await view.usedBelow(account, 6, 4)).toBe(false);
  });

  it('takes a state that the node has forgotten for “not yet”', async () => {
    const confirmedNonce = async () => {
      throw new ChainUnavailableError('missing trie node');
    };
    const view = viewFrom(chainWith({ confirmedNonce }).chain, head);
    expect(await view.usedBelow(account, 5, 64)).toBe(false);
  });
});
