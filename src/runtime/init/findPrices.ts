import { parseAbi } from 'viem';
import { call } from '../../adapters/chain/index.ts';
import { quote as money } from '../../core/report/numbers.ts';
import type { PriceReading, VolatilityReading } from '../../core/snapshot.ts';
import { type Address, sameAddress, type Token } from '../../core/units.ts';
import type { Remembered } from '../../ports/protocol.ts';
import type { Registry } from '../registry.ts';
import type { FoundMandate, MandateFeed } from './findVault.ts';
import type { KnownContracts } from './knownContracts.ts';
import { type FoundPart, type Ground, tryParts, type WrittenPart } from './tryParts.ts';

const feedViews = parseAbi(['function description() view returns (string)']);

/** Feeds answer a block or two after their heartbeat. */
const GRACE_SECONDS = 300;
/** What options are priced with where nothing on the chain says more, per year. */
const USUAL_VOLATILITY = 0.65;
const DAY = 86_400;

/** Feeds that somebody named; a heartbeat of a day is taken where none is known. */
export interface NamedFeeds {
  readonly base: Address | null;
  readonly quote: Address | null;
}

/** The price that pools are checked against, as far as one was found. */
export interface FoundPrice {
  readonly part: FoundPart | null;
  /** The feed of base alone, for a volatility from its past. */
  readonly baseFeed: MandateFeed | null;
  /** Base in quote now; null where no feed says so. */
  readonly price: number | null;
  /** Why there is none; null where there is one. */
  readonly why: string | null;
}

/** A price of the pair: by the feeds that were named, else those of the mandate, else those known of the chain. */
export async function findPrice(
  ground: Ground,
  known: KnownContracts | null,
  mandate: FoundMandate | null,
  named: NamedFeeds,
  { feeds }: Registry,
): Promise<FoundPrice> {
  const missing = (why: string): FoundPrice => ({ part: null, baseFeed: null, price: null, why });
  const { base, quote } = ground.terms;
  const choice = namedFeeds(named) ?? mandateFeeds(mandate) ?? (await knownFeeds(ground, known));
  if ('missing' in choice) return missing(`no feed is known of ${choice.missing}`);
  const part: WrittenPart = {
    kind: 'chainlink',
    base: choice.base,
    ...(choice.quote === null ? {} : { quote: choice.quote }),
  };
  const [tried] = await tryParts<PriceReading>(ground, feeds, [part]);
  if (tried === undefined || 'why' in tried) return missing(`the feed cannot be read: ${tried?.why}`);
  const { value } = tried;
  if (value.fault !== null) return missing(`the feed gives no price: ${value.fault}`);
  const words = `${base.symbol} in ${quote.symbol} by ${choice.by}, ${money(value.price)} now`;
  const [only] = choice.base;
  return {
    part: { part, words, isGuess: choice.isGuess },
    baseFeed: choice.base.length === 1 ? (only ?? null) : null,
    price: value.price,
    why: null,
  };
}

interface Choice {
  readonly base: readonly MandateFeed[];
  readonly quote: MandateFeed | null;
  readonly by: string;
  readonly isGuess: boolean;
}

const withGrace = ({ feed, heartbeatSeconds }: MandateFeed): MandateFeed => ({
  feed,
  heartbeatSeconds: heartbeatSeconds + GRACE_SECONDS,
});

function namedFeeds({ base, quote }: NamedFeeds): Choice | null {
  if (base === null) return null;
  const daily = (feed: Address) => withGrace({ feed, heartbeatSeconds: DAY });
  const by = 'the feeds that you named; their heartbeats are guessed';
  return { base: [daily(base)], quote: quote === null ? null : daily(quote), by, isGuess: true };
}

function mandateFeeds(mandate: FoundMandate | null): Choice | null {
  if (mandate === null || mandate.baseFeeds.length === 0) return null;
  const { baseFeeds, quoteFeed } = mandate;
  return { base: baseFeeds, quote: quoteFeed, by: 'the feeds of the mandate', isGuess: false };
}

/** A feed counts only where it calls itself what it is meant to be. */
async function knownFeeds(
  { chain, block, terms }: Ground,
  known: KnownContracts | null,
): Promise<Choice | { readonly missing: string }> {
  const feedOf = (token: Token) => {
    const symbol = Object.entries(known?.tokens ?? {}).find(([, address]) =>
      sameAddress(address, token.address),
    )?.[0];
    return symbol === undefined ? undefined : known?.dollarFeeds[symbol];
  };
  const sides = [terms.base, terms.quote].map((token) => ({ token, found: feedOf(token) }));
  const outcomes = await chain.read(
    sides.map(({ found }) => call(feedViews, found?.feed ?? terms.account, 'description', [])),
    block,
  );
  const unfit = sides.find(({ found }, index) => {
    const outcome = outcomes[index];
    return found === undefined || outcome?.ok !== true || outcome.value.trim() !== found.description;
  });
  if (unfit !== undefined) return { missing: unfit.token.symbol };
  const [base, quote] = sides.map(({ found }) => withGrace(found as MandateFeed));
  return { base: [base!], quote: quote!, by: 'Chainlink', isGuess: false };
}

/** Volatilities that answer now, best first; one that is only written down comes last and is always there. */
export async function findVolatility(
  ground: Ground,
  deepestV3: Address | null,
  baseFeed: MandateFeed | null,
  { feeds }: Registry,
): Promise<readonly FoundPart[]> {
  const candidates: readonly WrittenPart[] = [
    ...(deepestV3 === null
      ? []
      : [
          {
            kind: 'uniswapVolatility',
            pool: deepestV3,
            windowSeconds: DAY,
            intervalSeconds: 600,
            method: { kind: 'ewma', halfLifeSeconds: 28_800 },
          },
        ]),
    ...(baseFeed === null
      ? []
      : [{ kind: 'chainlinkVolatility', ...baseFeed, rounds: 300, halfLifeSeconds: 259_200 }]),
  ];
  const tried = await tryParts<Remembered<VolatilityReading>>(ground, feeds, candidates);
  const answering = tried.flatMap((one): readonly FoundPart[] => {
    if (!('value' in one) || (one.value.value.fault ?? null) !== null) return [];
    const words = `${(one.value.value.volatility * 100).toFixed(1)} % a year now`;
    return [{ part: one.part, words, isGuess: false }];
  });
  const fixed = { kind: 'fixedVolatility', volatility: USUAL_VOLATILITY };
  const words =
    answering.length === 0
      ? 'nothing on the chain says more now; put what your options trade at'
      : 'where nothing else answers';
  return [...answering, { part: fixed, words, isGuess: true }];
}
