import { z } from 'zod';
import { messageOf } from '../../core/errors.ts';
import type { VolatilityReading } from '../../core/snapshot.ts';
import { defineObservedVolatilityFeed } from '../../ports/feed.ts';
import { boundedText } from '../chain/boundedText.ts';
import { faulty } from './internal/reading.ts';

/** A ticker is a kilobyte; more is not read. */
const MAX_ANSWER_BYTES = 65_536;
/** Clocks differ by so much. */
const CLOCK_SKEW_SECONDS = 30;
const PER_CENT = 100;

const config = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .default('https://www.deribit.com/api/v2/public/ticker')
    .describe('where tickers are asked for'),
  instrument: z
    .string()
    .regex(/^[A-Z0-9_]+-\d{1,2}[A-Z]{3}\d{2}-[\dd]+-[CP]$/)
    .meta({ description: 'an option: its mark volatility is taken', examples: ['ETH-25DEC26-3000-C'] }),
  staleAfterSeconds: z.number().positive().default(120).describe('an older ticker is not used'),
});
type DeribitTickerConfig = z.infer<typeof config>;

/** What of a ticker is looked at; volatilities in per cent, 0 for a bid or an ask that is not there. */
const answer = z.object({
  testnet: z.boolean().default(false),
  result: z.object({
    instrument_name: z.string(),
    /** Milliseconds. */
    timestamp: z.number().positive(),
    state: z.string(),
    mark_iv: z.number(),
    bid_iv: z.number().default(0),
    ask_iv: z.number().default(0),
  }),
});
type Ticker = z.infer<typeof answer>['result'];

/**
 * The mark volatility of one option on Deribit, by the public ticker over HTTP. Half of the spread between the bid's and
 * the ask's volatility, where both are there, counts as its error. The option expires: put another source after it.
 */
export const deribitTicker = defineObservedVolatilityFeed<DeribitTickerConfig>({
  summary: 'the mark volatility of one option, by the public ticker of Deribit over HTTP',
  verified: 'abi-only',
  config,
  sample: {
    url: 'https://www.deribit.com/api/v2/public/ticker',
    instrument: 'ETH-25DEC26-3000-C',
    staleAfterSeconds: 120,
  },
  async observe(settings, { fetch, nowSeconds, signal }) {
    const source = `deribitTicker ${settings.instrument}`;
    const url = new URL(settings.url);
    url.searchParams.set('instrument_name', settings.instrument);
    try {
      const response = await fetch(url.href, { redirect: 'error', signal });
      const text = await boundedText(response, MAX_ANSWER_BYTES, signal);
      if (!response.ok)
        return faulty(source, nowSeconds, `the ticker answers with status ${response.status}`);
      return readingFrom(settings, source, text, nowSeconds);
    } catch (error) {
      return faulty(source, nowSeconds, `the ticker does not answer: ${reasonOf(error)}`);
    }
  },
});

function readingFrom(
  { instrument, staleAfterSeconds }: DeribitTickerConfig,
  source: string,
  text: string,
  nowSeconds: number,
): VolatilityReading {
  const parsed = answer.safeParse(jsonOf(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const words = `the answer is no ticker: ${issue?.path.join('.')} ${issue?.message}`;
    return faulty(source, nowSeconds, words);
  }
  const ticker = parsed.data.result;
  const observedAtSeconds = ticker.timestamp / 1_000;
  const fault = faultOf(ticker, instrument, parsed.data.testnet, nowSeconds);
  if (fault !== null) return faulty(source, observedAtSeconds, fault);
  const { mark_iv, bid_iv, ask_iv } = ticker;
  const isTwoSided = bid_iv > 0 && ask_iv > bid_iv;
  return {
    source,
    volatility: mark_iv / PER_CENT,
    ...(isTwoSided ? { stdError: (ask_iv - bid_iv) / 2 / PER_CENT } : {}),
    observedAtSeconds,
    staleAfterSeconds,
    fault: null,
  };
}

function faultOf(ticker: Ticker, instrument: string, isTestnet: boolean, nowSeconds: number): string | null {
  if (isTestnet) return 'the ticker is of a test network, where nobody pays for a price';
  if (ticker.instrument_name !== instrument) return `the ticker is of ${ticker.instrument_name}`;
  if (ticker.state !== 'open') return `the option is ${ticker.state}, not open`;
  if (!(ticker.mark_iv > 0)) return `the mark volatility is ${ticker.mark_iv}`;
  const ahead = ticker.timestamp / 1_000 - nowSeconds;
  return ahead > CLOCK_SKEW_SECONDS ? `the ticker is ${Math.round(ahead)} s ahead of this clock` : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fetch hides the reason in `cause`. */
function reasonOf(error: unknown): string {
  const { cause } = (error ?? {}) as { readonly cause?: { readonly code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : messageOf(error);
}
