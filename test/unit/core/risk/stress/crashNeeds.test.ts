import { describe, expect, it } from 'vitest';
import { crashNeeds, type MandateRoom } from '../../../../../src/core/risk/stress/crashNeeds.ts';
import { stressInput } from '../../../../support/stressed.ts';

const room: MandateRoom = {
  turnoverCapacityQuote: 500_000,
  turnoverRefillPerDayQuote: 500_000,
  maxSlippageBps: 100,
  oracleDeviationBps: 50,
  poolFeeBps: 5,
};

describe('what a crash asks of a mandate', () => {
  it('finds nothing lacking where there is room', () => {
    const needs = crashNeeds(stressInput({ sellableBase: 100 }), room, -0.3);
    expect(needs).toMatchObject({
      isReached: true,
      lacks: [],
      turnoverRoomQuote: 1_000_000,
      slippageRoomBps: 100,
    });
    expect(needs.turnoverQuote).toBeGreaterThan(80_000);
  });

  it('names a bucket that is too small, with both figures', () => {
    const small = { ...room, turnoverCapacityQuote: 10_000, turnoverRefillPerDayQuote: 10_000 };
    const { lacks, turnoverQuote } = crashNeeds(stressInput({ sellableBase: 100 }), small, -0.3);
    expect(lacks.map(({ text }) => text)).toEqual([
      `a fall of 30 % in a day trades ${Math.ceil(turnoverQuote).toLocaleString('en-US')} quote, the mandate's turnover lets 20,000 through`,
    ]);
  });

  it('names a bound that deviation, fee and impact do not fit into', () => {
    const tight = { ...room, maxSlippageBps: 50 };
    const [lack] = crashNeeds(stressInput({ sellableBase: 100 }), tight, -0.3).lacks;
    expect(lack?.text).toMatch(
      /^the largest order needs 5\d bps against an oracle that lags, the mandate allows 50$/,
    );
  });

  it('names what runs out on the way', () => {
    const { isReached, lacks } = crashNeeds(stressInput({ sellableBase: 20 }), room, -0.3);
    expect(isReached).toBe(false);
    expect(lacks[0]).toMatchObject({ of: 'means' });
    expect(lacks[0]?.text).toMatch(/^base runs out at −\d+ %, before a fall of 30 %$/);
  });

  it('refuses what is no fall', () => expect(() => crashNeeds(stressInput(), room, 0.3)).toThrow('fall'));
});
