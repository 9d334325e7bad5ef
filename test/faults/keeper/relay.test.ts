import { describe, expect, it } from 'vitest';
import type { Misbehaviour } from '../../../src/devnet/relay/types.ts';
import { attemptOf, orderState } from '../../../src/engine/order/orderState.ts';
import type { TickResult } from '../../../src/engine/tick.ts';
import { type KeeperOnDevnet, useKeeper } from '../../support/keeperOnDevnet.ts';

const get = useKeeper();

/** What the relay's answer to the order of a tick came to. */
function answerIn({ order }: TickResult) {
  return order?.state.status === 'submitted' ? order.state.answers.devRelay : undefined;
}

/** Distinct transactions that were ever signed. */
async function signedBytes(keeper: KeeperOnDevnet) {
  const attempts = (await keeper.orders()).map((history) => attemptOf(orderState(history))?.rawTransaction);
  return new Set(attempts);
}

const failing: readonly (readonly [string, Misbehaviour, string, RegExp])[] = [
  ['answers 500', { kind: 'serverError' }, 'unknown', /HTTP 500/],
  ['hangs', { kind: 'hang', milliseconds: 5_000 }, 'unknown', /no answer within 1500 ms/],
  ['answers half a JSON text', { kind: 'garbage' }, 'unknown', /JSON|answer/],
  ['hangs up', { kind: 'disconnect' }, 'unknown', /./],
  ['refuses', { kind: 'refuse', message: 'insufficient funds for gas' }, 'refused', /insufficient funds/],
];

describe('a relay that fails', () => {
  it.each(failing)('%s: nothing is known, and the same bytes go out again', async (_, how, status, words) => {
    const keeper = get();
    keeper.relay.misbehave(how);
    const first = await keeper.tick();
    expect(first.decision.kind).toBe('hedge');
    expect(answerIn(first)?.status).toBe(status);
    expect(answerIn(first)?.detail).toMatch(words);
    await keeper.devnet.mineBlock();
    const second = await keeper.tick();
    expect(second.decision).toMatchObject({ kind: 'hold', code: 'orderOpen' });
    expect(second.order).toBeNull();
    keeper.relay.behave();
    await keeper.tick();
    await keeper.expectHedgesOnce();
    expect((await signedBytes(keeper)).size).toBe(1);
  });

  it.each(failing)('%s, but includes: booked once, as if it had said yes', async (_, how) => {
    const keeper = get();
    keeper.relay.misbehave({ ...how, include: true } as Misbehaviour);
    const first = await keeper.tick();
    expect(answerIn(first)?.status).not.toBe('accepted');
    await keeper.devnet.mineBlock();
    const second = await keeper.tick();
    expect(second.settled.map(({ event }) => event.kind)).toEqual(['filled']);
    expect(second.decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
    expect(await keeper.events()).toHaveLength(1);
    await keeper.expectBooked();
  });

  it('is down: nothing leaves, the order expires, and is decided again when it is back', async () => {
    const keeper = get();
    const { sequence, nonce } = await keeper.traces();
    await keeper.relay.stop();
    const first = await keeper.tick();
    expect(answerIn(first)?.status).toBe('unknown');
    for (let block = 0; block < 5; block += 1) await keeper.devnet.mineBlock();
    const later = await keeper.tick();
    expect(later.settled.map(({ event }) => event)).toMatchObject([{ kind: 'expired', why: 'deadline' }]);
    expect(await keeper.traces()).toMatchObject({ sequence, nonce });
    await keeper.moveToNewRelay();
    await keeper.expectHedgesOnce();
  });

  it('accepts and never includes: expires at its deadline, then the next one is for the same sequence', async () => {
    const keeper = get();
    keeper.relay.misbehave({ kind: 'drop' });
    const first = await keeper.tick();
    expect(answerIn(first)?.status).toBe('accepted');
    for (let block = 0; block < 3; block += 1) {
      await keeper.devnet.mineBlock();
      expect((await keeper.tick()).decision).toMatchObject({ kind: 'hold', code: 'orderOpen' });
    }
    keeper.relay.behave();
    await keeper.devnet.mineBlock();
    const again = await keeper.tick();
    expect(again.settled.map(({ event }) => event)).toMatchObject([{ kind: 'expired', why: 'deadline' }]);
    expect(again.order?.record.id).toBe('eth-strangle#0.2');
    expect(again.order?.record.order.sequence).toBe(0n);
    await keeper.expectHedgesOnce();
  });

  it('includes long after: what it kept cannot execute beside its replacement', async () => {
    const keeper = get();
    keeper.relay.misbehave({ kind: 'includeLate', blocks: 4 });
    await keeper.tick();
    for (let block = 0; block < 4; block += 1) await keeper.devnet.mineBlock();
    keeper.relay.behave();
    expect((await keeper.tick()).order?.record.id).toBe('eth-strangle#0.2');
    await keeper.expectHedgesOnce();
    for (let block = 0; block < 8; block += 1) await keeper.devnet.mineBlock();
    await keeper.settle();
    expect(await keeper.events()).toHaveLength(1);
    await keeper.expectBooked();
  });
});
