import { describe, expect, it } from 'vitest';
import { assertConsistentPool } from '../../../../src/core/amm/poolCheck.ts';
import { quoteExactIn, quoteExactOut } from '../../../../src/core/amm/swap.ts';
import { MAX_SQRT_PRICE_X96, MIN_SQRT_PRICE_X96 } from '../../../../src/core/amm/tickMath.ts';
import { recordedPool } from '../../../support/pools.ts';
import { hasSharedData, sharedJson } from '../../../support/sharedData.ts';

const POOL = 'degenbot-v3-WBTC-WETH-3000-24407242.json';

interface RecordedQuote {
  readonly name: string;
  readonly exactIn: boolean;
  readonly zeroForOne: boolean;
  readonly amountRaw: bigint;
  readonly answerRaw: bigint;
}

/** Answers are integers beyond 2^53: they are taken from the text, before JSON rounds them. */
function recordedQuotes(): readonly RecordedQuote[] {
  const { entries } = sharedJson<{ entries: Record<string, { value: string }> }>(
    'data/pools/degenbot-v3-WBTC-WETH-3000-24407242.quotes.json',
    (text) => text.replace(/("value":\s*)(\d+)/g, '$1"$2"'),
  );
  return Object.entries(entries).map(([key, { value }]) => {
    const [, method, route, amount] = key.split('|');
    return {
      name: `${method} ${route} ${amount}`,
      exactIn: method === 'quoteExactInputSingle',
      zeroForOne: route === 'WBTC->WETH',
      amountRaw: BigInt(amount!),
      answerRaw: BigInt(value),
    };
  });
}

/*
 * How the Quoter is modelled: it calls the pool's swap and reports the amount that came out (exact input) or went in
 * (exact output). Asked without a limit it uses the end of the price range, and for an exact output refuses when the
 * pool could not give all of it; asked with that same end as an explicit limit it reports what went in until there. So
 * one question covers both: our quote, and where an exact output is not filled, the same quote with the limit spelt out.
 */
describe.skipIf(!hasSharedData)('quotes of the mainnet Quoter at block 24407242', () => {
  const pool = hasSharedData ? recordedPool(POOL) : null;
  const quotes = hasSharedData ? recordedQuotes() : [];

  it('the recorded pool is consistent', () => {
    expect(() => assertConsistentPool(pool!)).not.toThrow();
  });

  it('are 80, 9 of them with an explicit price limit', () => {
    expect(quotes).toHaveLength(80);
    const beyond = quotes.filter((quote) => !quote.exactIn && !quoteExactOut(pool!, quote).filled);
    expect(beyond).toHaveLength(9);
  });

  it.each(quotes)('$name', ({ exactIn, zeroForOne, amountRaw, answerRaw }) => {
    if (exactIn) {
      expect(quoteExactIn(pool!, { zeroForOne, amountRaw }).amountOutRaw).toBe(answerRaw);
      return;
    }
    const quote = quoteExactOut(pool!, { zeroForOne, amountRaw });
    expect(quote.amountInRaw).toBe(answerRaw);
    if (quote.filled) return;
    expect(quote.stopped).toBe('noLiquidity');
    const sqrtPriceLimitX96 = zeroForOne ? MIN_SQRT_PRICE_X96 + 1n : MAX_SQRT_PRICE_X96 - 1n;
    const limited = quoteExactOut(pool!, { zeroForOne, amountRaw, sqrtPriceLimitX96 });
    expect(limited).toEqual({ ...quote, stopped: 'priceLimit' });
  });

  it('answers of an exact output that is not filled leave out what the pool cannot give', () => {
    const amountRaw = 10n ** 30n;
    const quote = quoteExactOut(pool!, { zeroForOne: true, amountRaw });
    expect(quote.amountOutRaw).toBeLessThan(amountRaw);
    expect(quote.filled).toBe(false);
  });
});
