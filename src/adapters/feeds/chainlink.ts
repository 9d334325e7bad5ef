import { parseAbi } from 'viem';
import { z } from 'zod';
import { ratioToNumber } from '../../core/math/ratio.ts';
import { all, type Read } from '../../core/read.ts';
import type { BlockFacts, PriceReading, VaultTerms } from '../../core/snapshot.ts';
import { definePriceFeed } from '../../ports/feed.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { call, tryCall } from '../chain/index.ts';

const aggregatorAbi = parseAbi([
  'function decimals() view returns (uint8)',
  'function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)',
]);

const link = z.strictObject({
  feed: addressSchema.describe('the proxy, not the aggregator behind it'),
  heartbeatSeconds: z
    .number()
    .int()
    .positive()
    .describe('longest time between two answers, as the feed promises'),
  decimals: z
    .number()
    .int()
    .min(0)
    .max(36)
    .optional()
    .describe('refuses the feed when it reports other decimals'),
});
type Link = z.infer<typeof link>;

const config = z.strictObject({
  base: z
    .array(link)
    .min(1)
    .max(2)
    .describe('multiplied: one for ETH, two where base has to be expressed through another token'),
  quote: link
    .optional()
    .describe('price of the quote token in the same currency; taken as exactly 1 where absent'),
});
type ChainlinkConfig = z.infer<typeof config>;

/** One feed's latest answer; `fault` says why it is no price. */
interface Answer {
  readonly link: Link;
  readonly answerRaw: bigint;
  readonly decimals: number;
  readonly updatedAtSeconds: number;
  readonly fault: string | null;
}

/**
 * Price of base in quote from Chainlink feeds, exact: the product of the base feeds over the quote feed. Staleness is
 * judged by the feed that is closest to the end of its own heartbeat; `updatedAtSeconds` and `staleAfterSeconds` are
 * its. What is no price (zero, negative, an unfinished round, a time in the future) comes as a `fault`, and the numbers
 * beside a fault mean nothing.
 */
export const chainlink = definePriceFeed<ChainlinkConfig>({
  summary: 'Chainlink feeds: up to two for base, one for quote',
  verified: 'abi-only',
  config,
  sample: {
    base: [{ feed: '0x5f4eC3Df9cbd43714FE2740f5E3616155c5b8419', heartbeatSeconds: 3_600 }],
    quote: { feed: '0x8fFfFfd4AfB6115b954Bd326cbe7B4BA576818f6', heartbeatSeconds: 86_400 },
  },
  *read({ base, quote }, { vault, block }) {
    const links = quote ? [...base, quote] : base;
    const answers = yield* all(links.map((one) => readAnswer(one, block)));
    return combine(answers.slice(0, base.length), answers[base.length], vault);
  },
});

function* readAnswer(link: Link, block: BlockFacts): Read<Answer> {
  const [decimals, round] = yield* all([
    call(aggregatorAbi, link.feed, 'decimals', []),
    tryCall(aggregatorAbi, link.feed, 'latestRoundData', []),
  ]);
  if (round === null) {
    return {
      link,
      answerRaw: 0n,
      decimals,
      updatedAtSeconds: 0,
      fault: `${link.feed} has no answer: it reverts`,
    };
  }
  const [roundId, answerRaw, , updatedAt, answeredInRound] = round;
  const updatedAtSeconds = Number(updatedAt);
  const wrong =
    link.decimals !== undefined && link.decimals !== decimals
      ? `has ${decimals} decimals, the config says ${link.decimals}`
      : answerRaw <= 0n
        ? `answers ${answerRaw}, which is no price`
        : updatedAt === 0n
          ? `has not finished round ${roundId}`
          : answeredInRound < roundId
            ? `carries round ${roundId} over from round ${answeredInRound}`
            : updatedAtSeconds > block.timestampSeconds
              ? `was updated ${updatedAtSeconds - block.timestampSeconds} s after this block`
              : null;
  return {
    link,
    answerRaw,
    decimals,
    updatedAtSeconds,
    fault: wrong === null ? null : `${link.feed} ${wrong}`,
  };
}

function combine(base: readonly Answer[], quote: Answer | undefined, vault: VaultTerms): PriceReading {
  const answers = quote ? [...base, quote] : base;
  const nextStale = answers.reduce((soonest, answer) =>
    staleAt(answer) < staleAt(soonest) ? answer : soonest,
  );
  const faults = answers.flatMap(({ fault }) => fault ?? []);
  const inCurrency = product(base.map(({ answerRaw }) => answerRaw));
  const scale = product(base.map(({ decimals }) => 10n ** BigInt(decimals)));
  const ratio = {
    numerator: inCurrency * (quote ? 10n ** BigInt(quote.decimals) : 1n),
    denominator: scale * (quote ? quote.answerRaw : 1n),
  };
  const usable = faults.length === 0;
  return {
    source: `chainlink ${base.map(({ link }) => link.feed).join(' x ')}${quote ? ` / ${quote.link.feed}` : ''}`,
    price: usable ? ratioToNumber(ratio) : 0,
    numerator: usable ? ratio.numerator * 10n ** BigInt(vault.quote.decimals) : 0n,
    denominator: usable ? ratio.denominator * 10n ** BigInt(vault.base.decimals) : 1n,
    updatedAtSeconds: nextStale.updatedAtSeconds,
    staleAfterSeconds: nextStale.link.heartbeatSeconds,
    fault: usable ? null : faults.join('; '),
  };
}

function staleAt({ updatedAtSeconds, link }: Answer): number {
  return updatedAtSeconds + link.heartbeatSeconds;
}

function product(factors: readonly bigint[]): bigint {
  return factors.reduce((result, factor) => result * factor, 1n);
}
