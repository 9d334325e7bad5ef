import { stringify } from 'yaml';
import { type Address, type Token, toWhole } from '../../core/units.ts';
import { wellKnownToken } from '../config/tokens.ts';
import type { Discovery } from './discover.ts';
import type { FoundMandate } from './findVault.ts';
import type { FoundPart, WrittenPart } from './tryParts.ts';

/** What marks a line that was guessed. */
const GUESS_MARK = '# CHECK';

/** What a config is written from: what was found, and what was answered. */
export interface ConfigDraft {
  readonly chainId: number;
  /** As it is written: an address, or `${NAME}` where a variable holds it. */
  readonly rpc: string;
  readonly name: string;
  readonly vault: Address;
  readonly journalPath: string;
  readonly signer: WrittenPart;
  /** Null where no relay wants one. */
  readonly identity: WrittenPart | null;
  readonly relay: { readonly name: string; readonly part: WrittenPart; readonly guess: string | null };
  readonly discovery: Discovery;
}

const USUAL_BLOCK_SECONDS = 12;
/** Times between blocks within this share of each other are the same. */
const SAME_SHARE = 0.2;
const WAD_DECIMALS = 18;
const USUAL_SLIPPAGE_BPS = 100;
/** Prices between which a role is guessed to trade, over that of now. */
const LOWEST_SHARE = 0.5;
const HIGHEST_SHARE = 2;

const flow = (value: unknown) => stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
const guessed = (why: string) => `${GUESS_MARK}: ${why}`;

/** How many lines of a config text were guessed. */
export function guessesIn(text: string): number {
  return text.split('\n').filter((line) => line.includes(GUESS_MARK)).length;
}

/** A config file with a comment on every part, in the order in which somebody reads it. */
export function configText(draft: ConfigDraft): string {
  const { chainId, rpc, name, discovery } = draft;
  const { account, base, quote, venues, price, positions, volatility } = discovery;
  const lines = [
    `# Written by ballast init at block ${discovery.block.number}. Lines marked CHECK were guessed: look at each.`,
    '# ballast init --explain KEY says what a key means; docs/ballast.schema.json has all of them.',
    '',
    `chain: { id: ${chainId}, rpc: ${flow(rpc)} }`,
    '',
    '# Everything that is decided, sent and seen. One keeper at a time holds it.',
    `journal: ${flow({ kind: 'sqlite', path: draft.journalPath })}`,
    '',
    '# The keeper: it signs transactions and owns gas money only. What it may do is held on chain, by the mandate.',
    `signer: ${flow(draft.signer)}`,
    ...(draft.identity === null
      ? []
      : [
          '# Signs requests to relays: a key of its own, without money.',
          `identity: ${flow(draft.identity)}`,
        ]),
    '',
    '# The way to block builders.',
    'relays:',
    `  ${draft.relay.name}: ${flow(draft.relay.part)}${draft.relay.guess === null ? '' : `  ${guessed(draft.relay.guess)}`}`,
    '',
    '# When the keeper looks: block, { seconds: 60 } or { cron: "*/5 * * * *" }',
    'schedule: block',
    ...submissionLines(discovery),
    '',
    'vaults:',
    `  - name: ${name}`,
    ...accountLines(draft),
    '    # What is kept neutral, and what it is paid in.',
    `    base: ${tokenText(base, chainId)}`,
    `    quote: ${tokenText(quote, chainId)}`,
    '    # What the vault holds and owes: their deltas add up.',
    '    positions:',
    ...positions.used.flatMap(positionLines),
    ...(positions.empty.length === 0
      ? []
      : [`      # looked at and found nothing: ${positions.empty.join(', ')}`]),
    ...(positions.isHistoryKnown
      ? []
      : [
          `      ${guessed('the node does not tell what the account was ever sent: shares of other vaults (erc4626) may be missing')}`,
        ]),
    '    # The pools to hedge on, deepest first.',
    '    venues:',
    ...partLines(venues.used),
    ...venues.leftOut.map(({ part, words }) => `      # - ${flow(part)}  # ${words}`),
    '    # Prices to check the pools against; heartbeats with some grace, for feeds answer a block or two late.',
    '    prices:',
    ...partLines(price.part === null ? [] : [price.part]),
    '    # What options are priced with, in order of preference.',
    '    volatility:',
    ...partLines(volatility),
    ...nativePriceLines(draft),
    '    # When to hedge: beyond this share of the gross exposure, back to the middle.',
    `    policy: ${flow({ kind: 'fixedBand', halfWidth: { shareOfGross: 0.05 }, tradeTo: 'centre' })}  ${guessed('ballast calibrate finds what fits')}`,
    '    # What this keeper allows itself; ballast init --explain limits lists more.',
    `    limits: ${flow({ maxSlippageBps: Math.min(USUAL_SLIPPAGE_BPS, account.mandate?.maxSlippageBps ?? USUAL_SLIPPAGE_BPS) })}`,
    ...mandateLines(discovery),
    '',
  ];
  return lines.join('\n');
}

/** A role's prices and pools are held on chain, but no view tells them. */
function accountLines({
  vault,
  discovery: { account, base, quote, venues, price },
}: ConfigDraft): readonly string[] {
  const { kind, words, role } = account;
  if (role === null) {
    const why = kind === null ? `  ${guessed('the kind')}` : '';
    return [`    account: ${flow({ kind: kind ?? 'safe', address: vault })}  # ${words}${why}`];
  }
  const around = (share: number) =>
    price.price === null ? null : Number((price.price * share).toPrecision(2));
  return [
    `    account:  # ${words}`,
    `      kind: safeRoles`,
    `      address: ${flow(vault)}`,
    `      roles: ${flow(role.roles)}`,
    `      role: ${role.role}`,
    `      fees: ${flow(venues.v3Fees)}  ${guessed('the fees that the role allows: they and its prices cannot be read back')}`,
    `      sellPerDay: ${toWhole(role.sellPerDayRaw, base.decimals)}`,
    `      spendPerDay: ${toWhole(role.spendPerDayRaw, quote.decimals)}`,
    `      minPrice: ${around(LOWEST_SHARE) ?? 1}  ${guessed('as the role was made; ballast mandate sets it anew')}`,
    `      maxPrice: ${around(HIGHEST_SHARE) ?? 1_000_000}  ${guessed('likewise')}`,
  ];
}

/** A token by its symbol where the config knows it on that chain, else spelt out. */
function tokenText(token: Token, chainId: number): string {
  const known = wellKnownToken(chainId, token.symbol);
  const isSame = known !== null && known.address.toLowerCase() === token.address.toLowerCase();
  return isSame ? token.symbol : flow(token);
}

function partLines(parts: readonly FoundPart[]): readonly string[] {
  return parts.map(({ part, words, isGuess }) => {
    const said = isGuess ? guessed(words) : words === '' ? '' : `# ${words}`;
    return `      - ${flow(part)}${said === '' ? '' : `  ${said}`}`;
  });
}

/** A reader that was never run on real contracts is written down without the consent to trade on what it says. */
function positionLines({ part, words, isGuess }: FoundPart): readonly string[] {
  if (!isGuess) return partLines([{ part, words, isGuess }]);
  const consent =
    'compare ballast plan with what you hold, then add allowUnverified: true; nothing leaves this machine before';
  return partLines([{ part, words: `${words}; ${consent}`, isGuess }]);
}

function submissionLines({ blockSeconds }: Discovery): readonly string[] {
  if (blockSeconds === null) return [];
  if (Math.abs(blockSeconds / USUAL_BLOCK_SECONDS - 1) <= SAME_SHARE) return [];
  const seconds = Number(blockSeconds.toPrecision(2));
  return ['# As measured over the last hundred blocks.', `submission: ${flow({ blockSeconds: seconds })}`];
}

/** What gas money costs in quote, where base is not its wrapped form. */
function nativePriceLines({ chainId, discovery: { base, quote, price } }: ConfigDraft): readonly string[] {
  const isEther = ({ symbol }: Token) => symbol === 'WETH';
  if (isEther(base)) return [];
  const words = `    # What one of the chain's own coins costs, in ${quote.symbol}: gas is counted with it.`;
  if (isEther(quote)) return [words, '    nativePrice: 1'];
  if (chainId !== 1 && price.price === null) return [];
  return [words, `    nativePrice: 3000  ${guessed('a price of today')}`];
}

function mandateLines({ account: { mandate, role }, base, quote, price }: Discovery): readonly string[] {
  // What a role allows is said by the account itself.
  if (role !== null) return [];
  if (mandate !== null) {
    return [
      '    # What the module on chain already holds the keeper to.',
      `    mandate: ${flow(mandateAsWritten(mandate, base, quote))}`,
    ];
  }
  const turnover = 500_000;
  const most = price.price === null ? 100 : Number((turnover / price.price).toPrecision(1));
  const guess = {
    maxSlippageBps: 150,
    turnoverCapacityQuote: turnover,
    turnoverRefillPerDayQuote: turnover,
    minBase: 0,
    maxBase: most,
  };
  return [
    '    # What the HedgeModule is to hold the keeper to; ballast mandate explains it, with the worst case.',
    `    mandate: ${flow(guess)}  ${guessed('how much a stolen key could trade')}`,
  ];
}

function mandateAsWritten(mandate: FoundMandate, base: Token, quote: Token): unknown {
  const { lending } = mandate;
  return {
    keepers: mandate.keepers,
    maxSlippageBps: mandate.maxSlippageBps,
    turnoverCapacityQuote: toWhole(mandate.turnoverCapacityRaw, quote.decimals),
    turnoverRefillPerDayQuote: toWhole(mandate.turnoverRefillPerDayRaw, quote.decimals),
    minBase: toWhole(mandate.minBaseRaw, base.decimals),
    maxBase: toWhole(mandate.maxBaseRaw, base.decimals),
    ...(lending === null
      ? {}
      : {
          lending: {
            pool: lending.pool,
            minHealthFactor: toWhole(lending.minHealthFactorWad, WAD_DECIMALS),
            maxBaseDebt: toWhole(lending.maxBaseDebtRaw, base.decimals),
            maxQuoteDebt: toWhole(lending.maxQuoteDebtRaw, quote.decimals),
          },
        }),
    ...(mandate.positionManager === null ? {} : { positionManager: mandate.positionManager }),
  };
}
