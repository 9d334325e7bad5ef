import { parseAbi } from 'viem';
import { z } from 'zod';
import { erc20Abi } from '../../../abis/erc20.ts';
import { BallastError, CorruptDataError, InvalidInputError } from '../../core/errors.ts';
import { all, known, type Read } from '../../core/read.ts';
import type { BlockFacts } from '../../core/snapshot.ts';
import { type Address, mulDivDown, sameAddress } from '../../core/units.ts';
import { defineProtocol, type Memory } from '../../ports/protocol.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { call } from '../chain/index.ts';
import { lockedSpot, sideOf } from './internal/pairSides.ts';

const feed = z.strictObject({
  feed: addressSchema.describe('a Chainlink-style feed'),
  staleAfterSeconds: z
    .number()
    .positive()
    .describe('an older answer is refused: the heartbeat and some slack'),
});

const counted = z.strictObject({
  token: addressSchema.describe('the token that the account holds'),
  as: z.enum(['base', 'quote']).describe('what it counts as; it cannot be sold as such'),
  rate: z
    .enum(['one', 'stEthPerToken', 'exchangeRate', 'getExchangeRate'])
    .default('one')
    .describe('what a token stands for: itself where it rebases, or what its contract says, 18 decimals'),
  price: z
    .strictObject({
      of: feed.describe('of what the token stands for'),
      against: feed.describe('of base or quote, in the same currency'),
    })
    .optional()
    .describe(
      'two feeds in one currency: of what it stands for, and of base or quote; as good as each other unless given',
    ),
});
type Counted = z.infer<typeof counted>;

const config = z.strictObject({ tokens: z.array(counted).min(1).describe('the tokens to count') });
type WrappedConfig = z.infer<typeof config>;

const memorySchema = z.object({ token: addressSchema, symbol: z.string(), decimals: z.int().min(0).max(36) });
const memoriesSchema = z.array(memorySchema);
type TokenFacts = z.infer<typeof memorySchema>;

/** What wstETH (Lido), cbETH (Coinbase) and rETH (Rocket Pool) say of themselves, 18 decimals. */
const rateViews = parseAbi([
  'function stEthPerToken() view returns (uint256)',
  'function exchangeRate() view returns (uint256)',
  'function getExchangeRate() view returns (uint256)',
]);
const feedViews = parseAbi([
  'function decimals() view returns (uint8)',
  'function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)',
]);
const WAD = 10n ** 18n;

/** A feed that tells what a token is worth has not answered for too long. */
export class RateStaleError extends BallastError {
  constructor(source: Address, ageSeconds: number, staleAfterSeconds: number) {
    super('RATE_STALE', `the feed ${source} answered ${ageSeconds} s ago, more than ${staleAfterSeconds} s`, {
      facts: { feed: source, ageSeconds, staleAfterSeconds },
      action:
        'wait for it, or raise staleAfterSeconds if that is its heartbeat; the vault is not read meanwhile',
      retryable: true,
    });
  }
}

/** A price as numerator over denominator. */
interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * Tokens of the account that count as base or quote at a rate: wrapped staked ether at what its contract says, rebasing
 * tokens as they are, other dollars at the ratio of two feeds. Rates by the published ABIs of wstETH, cbETH and rETH, which
 * no package ships. Not covered: what is on its way through a withdrawal queue; that the market may price a wrapped token
 * below its rate, unless feeds are given.
 *
 * @throws RateStaleError where a feed is too old
 * @throws CorruptDataError where a rate or a price is not above 0, or a price is from after the block
 * @throws InvalidInputError where a token is base or quote itself
 */
export const wrappedTokens = defineProtocol<WrappedConfig>({
  summary: 'tokens that count as base or quote at a rate: wstETH, cbETH, rebasing tokens, other dollars',
  verified: 'abi-only',
  config,
  sample: {
    tokens: [
      {
        token: '0xdAC17F958D2ee523a2206206994597C13D831ec7',
        as: 'quote',
        rate: 'one',
        price: {
          of: { feed: '0x3E7d1eAB13ad0104d2750B8863b489D65364e32D', staleAfterSeconds: 90_000 },
          against: { feed: '0x8fFfFfd4AfB6115b954Bd326cbe7B4BA576818f6', staleAfterSeconds: 90_000 },
        },
      },
    ],
  },
  counts: ({ tokens }) => tokens.map(({ token }) => token),
  *read({ tokens }, { vault, block, memory }) {
    for (const { token } of tokens) {
      if (sideOf(token, vault) === null) continue;
      throw new InvalidInputError(
        'token',
        token,
        'another token than base and quote, which `balances` counts',
      );
    }
    const seen = memoryOf(memory);
    const found = yield* all(
      tokens.map((one) =>
        all([
          readFacts(one.token, seen),
          call(erc20Abi, one.token, 'balanceOf', [vault.account]),
          one.rate === 'one' ? known(WAD) : call(rateViews, one.token, one.rate, []),
          readRatio(one, block),
        ]),
      ),
    );
    const value = found.flatMap(([{ symbol, decimals }, balance, rate, price], index) => {
      const { as, token } = tokens[index]!;
      if (balance === 0n) return [];
      if (rate <= 0n) throw new CorruptDataError(`the rate of ${token}`, rate, 'a rate above 0');
      const amountRaw = mulDivDown(
        balance,
        rate * price.numerator * 10n ** BigInt(vault[as].decimals),
        WAD * price.denominator * 10n ** BigInt(decimals),
      );
      return [lockedSpot(`${symbol} as ${vault[as].symbol}`, as, amountRaw)];
    });
    return { value, memory: found.map(([facts]) => facts) };
  },
});

function memoryOf(memory: Memory): readonly TokenFacts[] {
  const found = memoriesSchema.safeParse(memory);
  return found.success ? found.data : [];
}

function* readFacts(token: Address, seen: readonly TokenFacts[]): Read<TokenFacts> {
  const before = seen.find((one) => sameAddress(one.token, token));
  if (before !== undefined) return before;
  const [symbol, decimals] = yield* all([
    call(erc20Abi, token, 'symbol', []),
    call(erc20Abi, token, 'decimals', []),
  ]);
  return { token, symbol, decimals };
}

function* readRatio({ price }: Counted, block: BlockFacts): Read<Ratio> {
  if (price === undefined) return { numerator: 1n, denominator: 1n };
  const [of, against] = yield* all([readFeed(price.of, block), readFeed(price.against, block)]);
  return {
    numerator: of.numerator * against.denominator,
    denominator: of.denominator * against.numerator,
  };
}

function* readFeed(
  { feed: source, staleAfterSeconds }: z.infer<typeof feed>,
  block: BlockFacts,
): Read<Ratio> {
  const [decimals, [, answer, , updatedAt]] = yield* all([
    call(feedViews, source, 'decimals', []),
    call(feedViews, source, 'latestRoundData', []),
  ]);
  if (answer <= 0n) throw new CorruptDataError(`the feed ${source}`, answer, 'an answer above 0');
  const ageSeconds = block.timestampSeconds - Number(updatedAt);
  if (ageSeconds < 0) throw new CorruptDataError(`the feed ${source}`, updatedAt, 'a time up to the block');
  if (ageSeconds > staleAfterSeconds) throw new RateStaleError(source, ageSeconds, staleAfterSeconds);
  return { numerator: answer, denominator: 10n ** BigInt(decimals) };
}
