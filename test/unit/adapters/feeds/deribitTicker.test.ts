import { describe, expect, it } from 'vitest';
import { deribitTicker } from '../../../../src/adapters/feeds/deribitTicker.ts';
import { nowSeconds } from '../../../support/snapshot.ts';

const instrument = 'ETH-25DEC26-3000-C';
const config = { url: 'http://127.0.0.1:9/api/v2/public/ticker', instrument, staleAfterSeconds: 120 };

/** An answer in the documented form of `public/ticker`, with all of its fields. */
function ticker(change: Record<string, unknown> = {}, envelope: Record<string, unknown> = {}) {
  return {
    jsonrpc: '2.0',
    result: {
      timestamp: (nowSeconds - 2) * 1_000 + 417,
      state: 'open',
      stats: { high: 0.1235, low: 0.1105, price_change: -2.31, volume: 812, volume_usd: 287_654.12 },
      greeks: { delta: 0.53124, gamma: 0.00031, vega: 9.8123, theta: -1.9871, rho: 6.0123 },
      index_price: 3_011.42,
      instrument_name: instrument,
      last_price: 0.1185,
      settlement_price: 0.1192,
      min_price: 0.0805,
      max_price: 0.1695,
      open_interest: 20_431,
      mark_price: 0.1187,
      mark_iv: 63.41,
      bid_iv: 62.6,
      ask_iv: 64.2,
      best_bid_price: 0.117,
      best_bid_amount: 120,
      best_ask_price: 0.1205,
      best_ask_amount: 95,
      interest_rate: 0,
      underlying_price: 3_048.9,
      underlying_index: 'ETH-25DEC26',
      estimated_delivery_price: 3_011.42,
      ...change,
    },
    usIn: 1_770_000_000_000_001,
    usOut: 1_770_000_000_000_211,
    usDiff: 210,
    testnet: false,
    ...envelope,
  };
}

async function observe(body: unknown) {
  const asked: { url: string; init: RequestInit | undefined }[] = [];
  const fetch: typeof globalThis.fetch = async (url, init) => {
    asked.push({ url: String(url), init });
    return Response.json(body);
  };
  const { signal } = new AbortController();
  return { asked, signal, reading: await deribitTicker.observe(config, { fetch, nowSeconds, signal }) };
}

describe('a ticker as a volatility', () => {
  it('is the mark volatility, with half the spread as its error, as of the ticker’s own time', async () => {
    const { asked, reading, signal } = await observe(ticker());
    expect(reading).toEqual({
      source: `deribitTicker ${instrument}`,
      volatility: 0.6341,
      stdError: expect.closeTo(0.008, 12),
      observedAtSeconds: nowSeconds - 2 + 0.417,
      staleAfterSeconds: 120,
      fault: null,
    });
    expect(asked).toEqual([
      {
        url: `http://127.0.0.1:9/api/v2/public/ticker?instrument_name=${instrument}`,
        init: { redirect: 'error', signal },
      },
    ]);
  });

  it.each([
    ['no bid', { bid_iv: 0, best_bid_price: 0 }],
    ['no ask', { ask_iv: 0, best_ask_price: 0 }],
  ])('has no error that it knows of with %s', async (_, change) => {
    const { reading } = await observe(ticker(change));
    expect(reading).toMatchObject({ volatility: 0.6341, fault: null });
    expect('stdError' in reading).toBe(false);
  });

  it('keeps the time of an old ticker: whether it is too old is judged at the block', async () => {
    const { reading } = await observe(ticker({ timestamp: (nowSeconds - 500) * 1_000 }));
    expect(reading).toMatchObject({
      observedAtSeconds: nowSeconds - 500,
      staleAfterSeconds: 120,
      fault: null,
    });
  });

  it.each<[string, unknown, RegExp]>([
    ['another option', ticker({ instrument_name: 'ETH-25DEC26-3000-P' }), /is of ETH-25DEC26-3000-P/],
    ['an option that expired', ticker({ state: 'closed' }), /closed, not open/],
    ['a mark of zero', ticker({ mark_iv: 0 }), /mark volatility is 0/],
    ['a test network', ticker({}, { testnet: true }), /test network/],
    ['a time ahead of the clock', ticker({ timestamp: (nowSeconds + 60) * 1_000 }), /60 s ahead/],
    ['text for a number', ticker({ mark_iv: '63.41' }), /no ticker: result\.mark_iv/],
    ['no number', ticker({ mark_iv: null }), /no ticker: result\.mark_iv/],
    [
      'an error of the server',
      { jsonrpc: '2.0', error: { code: 13_020, message: 'not_found' }, testnet: false },
      /no ticker: result/,
    ],
  ])('is a fault for %s', async (_, body, words) => {
    const { reading } = await observe(body);
    expect(reading.fault).toMatch(words);
    expect(reading.volatility).toBe(0);
  });

  it('reads no more of an answer than a ticker can be', async () => {
    const { reading } = await observe({ ...ticker(), padding: 'x'.repeat(70_000) });
    expect(reading.fault).toMatch(/above 65536 bytes/);
  });

  it('takes the instrument names that the exchange gives', () => {
    const isName = (name: string) => deribitTicker.config.safeParse({ instrument: name }).success;
    expect(['ETH-25DEC26-3000-C', 'BTC-5JAN27-100000-P', 'SOL_USDC-5JAN27-12d5-C'].every(isName)).toBe(true);
    expect(['ETH-PERPETUAL', 'eth-25dec26-3000-c', 'ETH-25DEC26-3000', ''].some(isName)).toBe(false);
  });
});
