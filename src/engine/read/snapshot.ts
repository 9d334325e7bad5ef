import { CorruptDataError } from '../../core/errors.ts';
import { withoutWithdrawn } from '../../core/exposure/withoutWithdrawn.ts';
import { type DataFeeTerms, hedgeDataFee } from '../../core/gas/dataFee.ts';
import { activeEvents } from '../../core/risk/eventCalendar.ts';
import { chosenVolatility } from '../../core/risk/volatilitySource.ts';
import type {
  BlockFacts,
  ChainFacts,
  HistoryFacts,
  NativeFacts,
  ObservedFacts,
  PriceReading,
  Snapshot,
} from '../../core/snapshot.ts';
import { max } from '../../core/units.ts';
import type { AccountState } from '../../ports/account.ts';
import { highestBaseFee } from '../submit/fees.ts';
import { windowBlocksOf } from '../submit/ladder.ts';
import type { VaultSetup } from '../world.ts';
import type { MarketFacts } from './readVault.ts';

/** Quote per native token. A faulty price will do here: the decision halts on its fault before it counts any gas. */
function nativePriceQuote(vault: VaultSetup, prices: readonly PriceReading[]): number {
  if (vault.nativePrice !== 'base') return vault.nativePrice;
  const reading = prices.find(({ fault }) => fault === null) ?? prices[0];
  if (reading === undefined) throw new CorruptDataError('price feeds', 'none', 'at least one');
  return reading.price;
}

/**
 * What gas money is worth and what inclusion costs: the highest base fee of the submission window, and the going tip.
 *
 * @param tipWei a tip that recent blocks paid
 * @param dataFee what publishing data costs on this chain; null where gas is all
 * @throws CorruptDataError when the native price hangs on feeds and there are none
 */
export function nativeFacts(
  vault: VaultSetup,
  block: BlockFacts,
  prices: readonly PriceReading[],
  tipWei: bigint,
  dataFee: DataFeeTerms | null,
): NativeFacts {
  return {
    priceQuote: nativePriceQuote(vault, prices),
    baseFeePerGasWei: highestBaseFee(block.baseFeePerGasWei, windowBlocksOf(vault.submission)),
    priorityFeePerGasWei: max(tipWei, vault.submission.minTipWei),
    ...(dataFee === null ? {} : { l1DataFeeWei: hedgeDataFee(dataFee) }),
  };
}

/** The pools that can be traded on, and those that hold nothing. */
function poolsOf({ pools }: MarketFacts): Pick<ChainFacts, 'pools' | 'emptyPools'> {
  const values = pools.map(({ value }) => value);
  const empty = values.filter((value) => value.kind === 'empty');
  return {
    pools: values.filter((value) => value.kind !== 'empty'),
    ...(empty.length === 0 ? {} : { emptyPools: empty }),
  };
}

/** What every protocol knows of margin, together; nothing where none knows any. */
function marginOf({ positions }: MarketFacts): Pick<ChainFacts, 'margin'> {
  const known = positions.flatMap(({ margin }) => margin ?? []);
  if (known.length === 0) return {};
  return {
    margin: {
      lending: known.flatMap(({ lending = [] }) => lending),
      written: known.flatMap(({ written = [] }) => written),
    },
  };
}

/** What is watched beside prices: the quote token's peg and an L2's sequencer. */
function watchedOf({
  quotePeg = null,
  sequencer = null,
}: MarketFacts): Pick<ChainFacts, 'quotePeg' | 'sequencer'> {
  return { ...(quotePeg === null ? {} : { quotePeg }), ...(sequencer === null ? {} : { sequencer }) };
}

function statementsOf({ positions }: MarketFacts): Pick<ObservedFacts, 'statements'> {
  const statements = positions.flatMap(({ statement }) => statement ?? []);
  return statements.length === 0 ? {} : { statements };
}

function observedFacts({ volatilities }: MarketFacts, block: BlockFacts): ObservedFacts {
  const [first, ...rest] = volatilities.map(({ value }) => value);
  if (first === undefined) throw new CorruptDataError('volatility feeds', 'none', 'at least one');
  return chosenVolatility([first, ...rest], block);
}

function toxicityOf({ toxicityAt }: VaultSetup, block: BlockFacts): Pick<ObservedFacts, 'toxicity'> {
  const toxicity = toxicityAt?.(block) ?? null;
  return toxicity === null ? {} : { toxicity };
}

function eventsOf({ calendar }: VaultSetup, block: BlockFacts): Pick<ObservedFacts, 'events'> {
  const events = activeEvents(calendar?.() ?? [], block.timestampSeconds);
  return events.length === 0 ? {} : { events };
}

/**
 * Puts together what a decision may look at.
 *
 * @param suggestedTipWei a tip that recent blocks paid
 * @throws CorruptDataError when the native price hangs on feeds and there are none, or there is no volatility feed
 */
export function snapshotOf(
  vault: VaultSetup,
  block: BlockFacts,
  account: AccountState,
  market: MarketFacts,
  history: HistoryFacts,
  suggestedTipWei: bigint,
): Snapshot {
  return {
    schema: 1,
    vault: vault.terms,
    chain: {
      block,
      positions: withoutWithdrawn(
        market.positions.flatMap(({ value }) => value),
        history.paper.withdrawn,
      ),
      holdings: account.holdings,
      ...poolsOf(market),
      prices: market.prices,
      guard: account.guard,
      ...marginOf(market),
      ...watchedOf(market),
    },
    observed: {
      ...observedFacts(market, block),
      ...toxicityOf(vault, block),
      ...eventsOf(vault, block),
      ...statementsOf(market),
    },
    history,
    native: nativeFacts(vault, block, market.prices, suggestedTipWei, market.dataFee),
  };
}
