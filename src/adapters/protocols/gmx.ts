import { z } from 'zod';
import { CorruptDataError } from '../../core/errors.ts';
import type { PerpPosition, Position } from '../../core/position.ts';
import { all, type Read } from '../../core/read.ts';
import type { VaultTerms } from '../../core/snapshot.ts';
import { type Address, SECONDS_PER_YEAR, sameAddress, toWhole } from '../../core/units.ts';
import { defineProtocol, type Memory } from '../../ports/protocol.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { call } from '../chain/index.ts';
import { gmxDataStoreAbi, gmxReaderAbi, savedFundingKey } from './internal/gmxAbi.ts';
import {
  distinct,
  heldOrOwed,
  lockedSpot,
  sideOf,
  UnsupportedCollateralError,
  UnsupportedMarketError,
} from './internal/pairSides.ts';

const config = z.strictObject({
  reader: addressSchema.describe("GMX v2's Reader; a new one is deployed with every version"),
  dataStore: addressSchema.describe("GMX v2's DataStore"),
  markets: z
    .array(addressSchema)
    .min(1)
    .optional()
    .describe('only positions in these markets; unless given, all, and one on another index is refused'),
  index: z
    .strictObject({
      token: addressSchema.describe('as GMX calls it'),
      decimals: z.int().min(0).max(36).describe('of that token'),
    })
    .optional()
    .describe('what stands for base as an index, where that is not base itself (Bitcoin on Arbitrum)'),
});
type GmxConfig = z.infer<typeof config>;

const marketSchema = z.object({ market: addressSchema, indexToken: addressSchema });
const memorySchema = z.object({ dataStore: addressSchema, markets: z.array(marketSchema) });
type Market = z.infer<typeof marketSchema>;

/** More positions than one account can sensibly have open; as many may be the first of more. */
const MOST_POSITIONS = 1_000n;
/** Of dollars and of factors. */
const GMX_DECIMALS = 30;

/**
 * GMX v2 perpetuals: each position as its profit and loss, with its collateral and the impact that it still owes or is owed as
 * tokens. A dollar counts as one quote. Prices are the index's, so mark is spot; funding is the factor that the market has
 * saved, per second, of notional.
 *
 * Reads `gmx-io/gmx-synthetics` at commit a5c0c8835182cbd84e47dca04b971239311d2f1d. Not covered: borrowing fees and funding
 * that are pending, the cap on positive impact and on profit, closing fees, orders, GM and GLV tokens.
 */
export const gmx = defineProtocol<GmxConfig>({
  summary: 'GMX v2 perpetuals of the account, with their collateral',
  verified: 'abi-only',
  config,
  sample: {
    reader: '0x470fbC46bcC0f16532691Df360A07d8Bf5ee0789',
    dataStore: '0xFD70de6b91282D8017aA4E741e9Ae325CAb992d8',
  },
  counts: ({ dataStore, markets }) => markets?.map((market) => `${dataStore}/${market}`) ?? [dataStore],
  *read(settings, { vault, memory }) {
    const { reader, dataStore } = settings;
    const seen = memoryOf(memory, dataStore);
    const [positions, seenRates] = yield* all([
      call(gmxReaderAbi, reader, 'getAccountPositions', [dataStore, vault.account, 0n, MOST_POSITIONS]),
      all(seen.map(({ market }) => readFundingRate(dataStore, market))),
    ]);
    if (BigInt(positions.length) >= MOST_POSITIONS) {
      throw new CorruptDataError('GMX positions', positions.length, `fewer than ${MOST_POSITIONS}`);
    }
    const wanted = positions.filter(
      ({ addresses }) => settings.markets?.some((one) => sameAddress(one, addresses.market)) ?? true,
    );
    const used = distinct(wanted.map(({ addresses }) => addresses.market));
    const isSeen = (market: Address) => seen.some((one) => sameAddress(one.market, market));
    const found = yield* all(
      used.filter((market) => !isSeen(market)).map((market) => discover(settings, market)),
    );
    const markets = [...seen.map((market, index) => ({ market, rate: seenRates[index]! })), ...found].filter(
      ({ market }) => used.some((one) => sameAddress(one, market.market)),
    );
    const value = wanted.flatMap((position) => {
      const { market, rate } = markets.find((one) =>
        sameAddress(one.market.market, position.addresses.market),
      )!;
      return positionsOf(position, indexDecimals(market, settings, vault), rate, vault);
    });
    return { value, memory: { dataStore, markets: markets.map(({ market }) => market) } };
  },
});

function memoryOf(memory: Memory, dataStore: Address): readonly Market[] {
  const found = memorySchema.safeParse(memory);
  return found.success && sameAddress(found.data.dataStore, dataStore) ? found.data.markets : [];
}

function* readFundingRate(dataStore: Address, market: Address): Read<number> {
  const factor = yield* call(gmxDataStoreAbi, dataStore, 'getInt', [savedFundingKey(market)]);
  const perSecond = factor < 0n ? -toWhole(-factor, GMX_DECIMALS) : toWhole(factor, GMX_DECIMALS);
  return perSecond * SECONDS_PER_YEAR;
}

function* discover(
  { reader, dataStore }: GmxConfig,
  market: Address,
): Read<{ readonly market: Market; readonly rate: number }> {
  const [props, rate] = yield* all([
    call(gmxReaderAbi, reader, 'getMarket', [dataStore, market]),
    readFundingRate(dataStore, market),
  ]);
  return { market: { market, indexToken: props.indexToken }, rate };
}

/** @throws UnsupportedMarketError when the market's index is not the vault's base */
function indexDecimals({ market, indexToken }: Market, { index }: GmxConfig, vault: VaultTerms): number {
  if (sameAddress(indexToken, vault.base.address)) return vault.base.decimals;
  if (index !== undefined && sameAddress(indexToken, index.token)) return index.decimals;
  throw new UnsupportedMarketError(`GMX market ${market}`, { indexToken }, vault);
}

interface GmxPosition {
  readonly addresses: { readonly market: Address; readonly collateralToken: Address };
  readonly numbers: {
    readonly sizeInUsd: bigint;
    readonly sizeInTokens: bigint;
    readonly collateralAmount: bigint;
    readonly pendingImpactAmount: bigint;
  };
  readonly flags: { readonly isLong: boolean };
}

function positionsOf(
  { addresses, numbers, flags }: GmxPosition,
  decimals: number,
  fundingRate: number,
  vault: VaultTerms,
): readonly Position[] {
  const { sizeInUsd, sizeInTokens, collateralAmount, pendingImpactAmount } = numbers;
  const label = `gmx ${addresses.market.slice(0, 8)} ${flags.isLong ? 'long' : 'short'}`;
  const side = sideOf(addresses.collateralToken, vault);
  if (side === null && collateralAmount > 0n) {
    throw new UnsupportedCollateralError(label, addresses.collateralToken, vault);
  }
  const collateral =
    collateralAmount > 0n ? [lockedSpot(`${label} collateral`, side!, collateralAmount)] : [];
  const impactRaw = (pendingImpactAmount * 10n ** BigInt(vault.base.decimals)) / 10n ** BigInt(decimals);
  const impact = heldOrOwed(`${label} impact`, 'base', impactRaw);
  if (sizeInTokens === 0n) return [...collateral, ...impact];
  if (sizeInUsd === 0n) throw new CorruptDataError(`size of ${label}`, '0 dollars', 'dollars for its tokens');
  const size = toWhole(sizeInTokens, decimals);
  const perp: PerpPosition = {
    kind: 'perp',
    label,
    settlement: 'quote',
    size: flags.isLong ? size : -size,
    entryPrice: toWhole(sizeInUsd, GMX_DECIMALS) / size,
    markToSpot: 1,
    fundingRate,
  };
  return [perp, ...collateral, ...impact];
}
