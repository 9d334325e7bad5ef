import { keccak256, Transaction, Wallet } from 'ethers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask } from './ask.ts';
import { fund, type RelayFixture, sign, startRelayFixture, type Wish } from './fixture.ts';

const GWEI = 10n ** 9n;

let fixture: RelayFixture;

beforeEach(async () => {
  fixture = await startRelayFixture();
});

afterEach(() => fixture.stop());

const signed = (wish: Wish = {}) => sign(fixture.keeper, wish);
const sendPrivate = (tx: string, more: object = {}) =>
  ask(fixture.relay.url, 'eth_sendPrivateTransaction', [{ tx, ...more }]);
const sendBundle = (txs: readonly string[], blockNumber: number | string, more: object = {}) =>
  ask(fixture.relay.url, 'eth_sendBundle', [{ txs, blockNumber, ...more }]);
const mine = async () => (await fixture.relay.buildBlock()).transactionHashes;
const setNextBaseFee = (wei: bigint) => fixture.node.request('anvil_setNextBlockBaseFeePerGas', [wei]);

describe('geth’s replacement rule', () => {
  const held: Wish = { feeCapWei: 10n * GWEI, tipCapWei: GWEI };
  const offers: readonly [what: string, wish: Wish, isTaken: boolean][] = [
    ['1 wei more on both caps', { feeCapWei: 10n * GWEI + 1n, tipCapWei: GWEI + 1n }, false],
    ['10 % more on the fee cap only', { feeCapWei: 11n * GWEI, tipCapWei: GWEI }, false],
    ['10 % more on the tip only', { feeCapWei: 10n * GWEI, tipCapWei: (11n * GWEI) / 10n }, false],
    ['1 wei below 10 % more', { feeCapWei: 11n * GWEI - 1n, tipCapWei: (11n * GWEI) / 10n - 1n }, false],
    ['exactly 10 % more on both caps', { feeCapWei: 11n * GWEI, tipCapWei: (11n * GWEI) / 10n }, true],
  ];

  it.each(offers)('%s', async (_what, wish, isTaken) => {
    const old = await signed(held);
    const next = await signed({ ...wish, valueWei: 2n });
    await sendPrivate(old);
    const answer = await sendPrivate(next);
    if (isTaken) expect(answer.result).toBe(keccak256(next));
    else expect(answer.error?.message).toMatch(/^replacement transaction underpriced/);
    expect(await mine()).toEqual([keccak256(isTaken ? next : old)]);
  });

  it('holds for bundles, too', async () => {
    const old = await signed(held);
    const cheap = await signed({ ...held, valueWei: 2n });
    const dear = await signed({ feeCapWei: 12n * GWEI, tipCapWei: 2n * GWEI, valueWei: 3n });
    expect((await sendBundle([old], 1)).error).toBeUndefined();
    expect((await sendBundle([cheap], 1)).error?.message).toMatch(/underpriced/);
    expect((await sendBundle([dear], 1)).error).toBeUndefined();
    expect(await mine()).toEqual([keccak256(dear)]);
  });

  it('does not stand in the way of the same bytes for another block', async () => {
    const raw = await signed();
    for (const block of [1, 2, 3]) expect((await sendBundle([raw], block)).error).toBeUndefined();
    expect(await mine()).toEqual([keccak256(raw)]);
    expect(fixture.relay.status().storedTransactions).toBe(0);
  });
});

describe('fees', () => {
  it('holds a transaction under the base fee, and includes it when the base fee has fallen', async () => {
    const raw = await signed({ feeCapWei: 2n * GWEI, tipCapWei: GWEI / 10n });
    expect((await sendPrivate(raw)).result).toBe(keccak256(raw));
    await setNextBaseFee(50n * GWEI);
    expect(await mine()).toEqual([]);
    await setNextBaseFee(GWEI);
    expect(await mine()).toEqual([keccak256(raw)]);
  });

  it('drops a bundle under the base fee of its block for good', async () => {
    await sendBundle([await signed({ feeCapWei: 2n * GWEI })], 1);
    await setNextBaseFee(50n * GWEI);
    expect(await mine()).toEqual([]);
    await setNextBaseFee(GWEI);
    expect(await mine()).toEqual([]);
  });

  it('refuses a private transaction without a tip', async () => {
    const answer = await sendPrivate(await signed({ tipCapWei: 0n }));
    expect(answer.error?.message).toMatch(/must be above zero/);
  });

  it('does not include what leaves no tip above the base fee', async () => {
    await sendPrivate(await signed({ feeCapWei: 5n * GWEI, tipCapWei: GWEI }));
    await setNextBaseFee(5n * GWEI);
    expect(await mine()).toEqual([]);
  });

  it('includes a bundle without tips only if it pays the block’s producer otherwise', async () => {
    const producer = '0x0000000000000000000000000000000000000000';
    await sendBundle([await signed({ tipCapWei: 0n })], 1);
    expect(await mine()).toEqual([]);
    const paying = await signed({ tipCapWei: 0n, to: producer, valueWei: GWEI });
    await sendBundle([paying], 2);
    expect(await mine()).toEqual([keccak256(paying)]);
  });

  it('puts the best-paying first, whoever came first', async () => {
    const other = Wallet.createRandom();
    await fund(fixture.node, other.address);
    const low = await signed({ tipCapWei: GWEI });
    const high = await sign(other, { tipCapWei: 3n * GWEI });
    await sendPrivate(low);
    await sendPrivate(high);
    expect(await mine()).toEqual([keccak256(high), keccak256(low)]);
  });
});

describe('what may be in a block', () => {
  it('never includes a private transaction that would revert', async () => {
    await sendPrivate(await signed({ to: fixture.reverter, valueWei: 0n }));
    expect(await mine()).toEqual([]);
    expect(await mine()).toEqual([]);
  });

  it('includes a reverting bundle transaction only when its hash is listed', async () => {
    const raw = await signed({ to: fixture.reverter, valueWei: 0n });
    await sendBundle([raw], 1);
    expect(await mine()).toEqual([]);
    await sendBundle([raw], 2, { revertingTxHashes: [keccak256(raw)] });
    expect(await mine()).toEqual([keccak256(raw)]);
  });

  it('takes a bundle whole or not at all', async () => {
    const good = await signed({ nonce: 0 });
    const bad = await signed({ nonce: 1, to: fixture.reverter, valueWei: 0n });
    await sendBundle([good, bad], 1);
    expect(await mine()).toEqual([]);
  });

  it('includes a bundle in its target block only', async () => {
    const raw = await signed();
    await sendBundle([raw], 2);
    expect(await mine()).toEqual([]);
    expect(await mine()).toEqual([keccak256(raw)]);
  });

  it('keeps within a bundle’s time bounds', async () => {
    const now = Number((await fixture.node.head()).timestampSeconds);
    await sendBundle([await signed()], 1, { minTimestamp: now + 100 });
    expect((await fixture.relay.buildBlock(now + 99)).transactionHashes).toEqual([]);
    await sendBundle([await signed()], 2, { maxTimestamp: now + 200 });
    expect((await fixture.relay.buildBlock(now + 201)).transactionHashes).toEqual([]);
    const inTime = await signed();
    await sendBundle([inTime], 3, { minTimestamp: now + 300, maxTimestamp: now + 300 });
    expect((await fixture.relay.buildBlock(now + 300)).transactionHashes).toEqual([keccak256(inTime)]);
  });

  it('forgets a private transaction after its last block', async () => {
    await sendPrivate(await signed({ feeCapWei: 2n * GWEI }), { maxBlockNumber: '0x2' });
    await setNextBaseFee(50n * GWEI);
    await mine();
    await setNextBaseFee(50n * GWEI);
    await mine();
    expect(fixture.relay.status().storedTransactions).toBe(0);
    await setNextBaseFee(GWEI);
    expect(await mine()).toEqual([]);
  });

  it('waits for a missing nonce and then takes both, in order', async () => {
    const second = await signed({ nonce: 1, tipCapWei: 3n * GWEI });
    const first = await signed({ nonce: 0 });
    await sendPrivate(second);
    expect(await mine()).toEqual([]);
    await sendPrivate(first);
    expect(await mine()).toEqual([keccak256(first), keccak256(second)]);
  });

  it('simulates on top of what the builder puts in front', async () => {
    const own = await signed({ nonce: 0 });
    const next = await signed({ nonce: 1 });
    await sendPrivate(next);
    const block = {
      number: 1n,
      timestampSeconds: 2_000_000_000,
      baseFeePerGasWei: GWEI,
      gasLimit: 30_000_000n,
    };
    expect(await fixture.relay.pool.takeForBlock(block)).toEqual([]);
    const preceding = [own] as unknown as readonly `0x${string}`[];
    expect(await fixture.relay.pool.takeForBlock({ ...block, precedingTransactions: preceding })).toEqual([
      next,
    ]);
  });

  it('fills a block no further than its gas limit', async () => {
    await sendPrivate(await signed({ nonce: 0, gasLimit: 60_000n }));
    await sendPrivate(await signed({ nonce: 1, gasLimit: 60_000n }));
    const block = { number: 1n, timestampSeconds: 2_000_000_000, baseFeePerGasWei: GWEI, gasLimit: 100_000n };
    expect(await fixture.relay.pool.takeForBlock(block)).toHaveLength(1);
  });
});

describe('why something is not in a block', () => {
  const reasons: readonly [reason: RegExp, wish: Wish][] = [
    [
      /^transaction 0x[0-9a-f]{64} reverts$/,
      { to: '0x00000000000000000000000000000000000000ee', valueWei: 0n },
    ],
    [/^nonce too high/, { nonce: 3 }],
    [/nsufficient funds/, { valueWei: 10n ** 24n }],
    [/^max fee per gas less than block base fee/, { feeCapWei: 2n * GWEI, tipCapWei: GWEI }],
    [/^it earns the block’s producer nothing$/, { feeCapWei: 5n * GWEI, tipCapWei: GWEI }],
    [/^the block is full$/, { gasLimit: 60_000_001n }],
  ];

  it.each(reasons)('is told: %s', async (reason, wish) => {
    const raw = await signed(wish);
    await sendPrivate(raw);
    await setNextBaseFee(5n * GWEI);
    expect(await mine()).toEqual([]);
    expect(fixture.relay.skips()).toEqual([
      { hash: keccak256(raw), blockNumber: 1n, reason: expect.stringMatching(reason) as string },
    ]);
  });
});

describe('cancelling', () => {
  it('is for the identity that sent it only', async () => {
    const raw = await signed();
    const stranger = Wallet.createRandom();
    await sendPrivate(raw);
    const byStranger = await ask(
      fixture.relay.url,
      'eth_cancelPrivateTransaction',
      [{ txHash: keccak256(raw) }],
      stranger,
    );
    expect(byStranger.result).toBe(false);
    expect(await mine()).toEqual([keccak256(raw)]);
  });

  it('replaces a bundle by another with the same UUID, without a bump', async () => {
    const replacementUuid = 'd9a3ae52-79a2-5ce9-a687-e2aa4183d5c6';
    const next = await signed({ valueWei: 2n });
    await sendBundle([await signed()], 1, { replacementUuid });
    expect((await sendBundle([next], 1, { replacementUuid })).error).toBeUndefined();
    expect(await mine()).toEqual([keccak256(next)]);
  });
});

describe('formats that real clients send', () => {
  it('takes block numbers as hex and as numbers', async () => {
    expect((await sendPrivate(await signed(), { maxBlockNumber: 5 })).error).toBeUndefined();
    expect((await sendPrivate(await signed(), { maxBlockNumber: '0x5' })).error).toBeUndefined();
    expect((await sendBundle([await signed()], '0x1')).error).toBeUndefined();
  });

  it('takes eth_sendPrivateRawTransaction with and without preferences', async () => {
    const raw = await signed();
    const method = 'eth_sendPrivateRawTransaction';
    expect((await ask(fixture.relay.url, method, [raw])).result).toBe(keccak256(raw));
    expect((await ask(fixture.relay.url, method, [raw, { fast: true }])).result).toBe(keccak256(raw));
    expect(await mine()).toEqual([keccak256(raw)]);
  });

  it('takes legacy transactions', async () => {
    const raw = await fixture.keeper.signTransaction(
      Transaction.from({
        type: 0,
        chainId: 31_337,
        nonce: 0,
        to: fixture.keeper.address,
        gasLimit: 21_000,
        gasPrice: 5n * GWEI,
      }),
    );
    await sendPrivate(raw);
    expect(await mine()).toEqual([keccak256(raw)]);
  });
});
