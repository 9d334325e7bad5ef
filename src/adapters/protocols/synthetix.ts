import { z } from 'zod';
import { CorruptDataError } from '../../core/errors.ts';
import type { PerpPosition, Position } from '../../core/position.ts';
import { all, type Read } from '../../core/read.ts';
import type { VaultTerms } from '../../core/snapshot.ts';
import { type Address, sameAddress, toWhole } from '../../core/units.ts';
import { defineProtocol, type Memory } from '../../ports/protocol.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { call } from '../chain/index.ts';
import { readOwnedNfts } from './internal/ownedNfts.ts';
import { heldOrOwed, UnsupportedCollateralError } from './internal/pairSides.ts';
import { synthetixPerpsAbi } from './internal/synthetixAbi.ts';

const config = z.strictObject({
  perpsMarket: addressSchema.describe('the PerpsMarketProxy'),
  marketId: z.int().min(1).describe('the market on base in dollars: 100 is ether on Base and Arbitrum'),
  collaterals: z
    .record(z.string().regex(/^\d+$/), z.enum(['base', 'quote']))
    .default({ '0': 'quote' })
    .describe('which of the vault’s tokens a collateral id is counted as, one to one; 0 is snxUSD'),
});
type SynthetixConfig = z.infer<typeof config>;

const accountSchema = z.object({
  id: z.string().regex(/^\d+$/),
  collateralIds: z.array(z.string().regex(/^\d+$/)),
});
const memorySchema = z.object({
  perpsMarket: addressSchema,
  accountToken: addressSchema,
  accounts: z.array(accountSchema),
});
type Account = z.infer<typeof accountSchema>;

const WAD_DECIMALS = 18;
const DAYS_PER_YEAR = 365;

/**
 * Synthetix v3 perpetuals: the position in one market of every perps account whose NFT the account holds, with its margin.
 * What price has made is the perp; funding and interest that have accrued, and debt, are quote held or owed. A dollar counts
 * as one quote. Margin belongs to the perps account and not to a market: name one market of it per vault that counts it.
 *
 * Reads `Synthetixio/synthetix-v3` at commit 23585f73c76d625b2a43aaf94dc440a8a1e7a8fa. Where the index price is one that must be
 * pushed first (ERC-7412), reading fails until it is there, and the vault waits. Not covered: pending orders, fees of
 * closing, the premium that skew adds to a fill.
 */
export const synthetix = defineProtocol<SynthetixConfig>({
  summary: 'Synthetix v3 perpetuals of one market, with margin',
  verified: 'abi-only',
  config,
  sample: {
    perpsMarket: '0x0A2AF931eFFd34b81ebcc57E3d3c9B1E1dE1C9Ce',
    marketId: 100,
    collaterals: { '0': 'quote' },
  },
  counts: ({ perpsMarket }) => [perpsMarket],
  *read(settings, { vault, memory }) {
    const { perpsMarket, marketId } = settings;
    const remembered = memoryOf(memory, perpsMarket);
    const accountToken =
      remembered?.accountToken ?? (yield* call(synthetixPerpsAbi, perpsMarket, 'getAccountTokenAddress', []));
    const seen = remembered?.accounts ?? [];
    const [ids, priceWad, rateWad, seenStates] = yield* all([
      readOwnedNfts(accountToken, vault.account, seen.length),
      call(synthetixPerpsAbi, perpsMarket, 'indexPrice', [BigInt(marketId)]),
      call(synthetixPerpsAbi, perpsMarket, 'currentFundingRate', [BigInt(marketId)]),
      all(seen.map((account) => readAccount(settings, account))),
    ]);
    const unseen = ids.map(String).filter((id) => !seen.some((account) => account.id === id));
    const found = yield* all(unseen.map((id) => readAccount(settings, { id, collateralIds: [] })));
    const owned = [...seenStates, ...found].filter(({ account }) =>
      ids.some((id) => String(id) === account.id),
    );
    const market = { price: toWhole(priceWad, WAD_DECIMALS), fundingRate: signed(rateWad) * DAYS_PER_YEAR };
    return {
      value: owned.flatMap((state) => positionsOf(state, market, settings, vault)),
      memory: { perpsMarket, accountToken, accounts: owned.map(({ account }) => account) },
    };
  },
});

function memoryOf(memory: Memory, perpsMarket: Address) {
  const found = memorySchema.safeParse(memory);
  return found.success && sameAddress(found.data.perpsMarket, perpsMarket) ? found.data : null;
}

const signed = (wad: bigint) => (wad < 0n ? -toWhole(-wad, WAD_DECIMALS) : toWhole(wad, WAD_DECIMALS));

/** One perps account at a block; 18 decimals. */
interface AccountState {
  readonly account: Account;
  readonly sizeWad: bigint;
  readonly pricePnlWad: bigint;
  /** Funding less interest less debt. */
  readonly accruedWad: bigint;
  readonly collaterals: readonly { readonly id: string; readonly amountWad: bigint }[];
}

/** One round where the collaterals are those of last time, two where not. */
function* readAccount({ perpsMarket, marketId }: SynthetixConfig, account: Account): Read<AccountState> {
  const id = BigInt(account.id);
  const amounts = (collateralIds: readonly string[]) =>
    all(
      collateralIds.map((collateral) =>
        call(synthetixPerpsAbi, perpsMarket, 'getCollateralAmount', [id, BigInt(collateral)]),
      ),
    );
  const [position, debt, listed, seenAmounts] = yield* all([
    call(synthetixPerpsAbi, perpsMarket, 'getOpenPosition', [id, BigInt(marketId)]),
    call(synthetixPerpsAbi, perpsMarket, 'debt', [id]),
    call(synthetixPerpsAbi, perpsMarket, 'getAccountCollateralIds', [id]),
    amounts(account.collateralIds),
  ]);
  const collateralIds = listed.map(String);
  const isSame = collateralIds.join() === account.collateralIds.join();
  const held = isSame ? seenAmounts : yield* amounts(collateralIds);
  const [totalPnl, accruedFunding, sizeWad, owedInterest] = position;
  return {
    account: { id: account.id, collateralIds },
    sizeWad,
    pricePnlWad: totalPnl - accruedFunding + owedInterest,
    accruedWad: accruedFunding - owedInterest - debt,
    collaterals: collateralIds.map((collateral, index) => ({ id: collateral, amountWad: held[index]! })),
  };
}

function positionsOf(
  { account, sizeWad, pricePnlWad, accruedWad, collaterals }: AccountState,
  market: { readonly price: number; readonly fundingRate: number },
  settings: SynthetixConfig,
  vault: VaultTerms,
): readonly Position[] {
  const label = `synthetix account ${account.id}`;
  const inRaw = (wad: bigint, side: 'base' | 'quote') =>
    (wad * 10n ** BigInt(vault[side].decimals)) / 10n ** BigInt(WAD_DECIMALS);
  return [
    ...perp(label, sizeWad, pricePnlWad, market),
    ...heldOrOwed(`${label} accrued`, 'quote', inRaw(accruedWad, 'quote')),
    ...collaterals
      .filter(({ amountWad }) => amountWad > 0n)
      .flatMap(({ id, amountWad }) => {
        const side = settings.collaterals[id];
        if (side === undefined) throw new UnsupportedCollateralError(label, `collateral id ${id}`, vault);
        return heldOrOwed(`${label} margin`, side, inRaw(amountWad, side));
      }),
  ];
}

function perp(
  label: string,
  sizeWad: bigint,
  pricePnlWad: bigint,
  { price, fundingRate }: { readonly price: number; readonly fundingRate: number },
): readonly PerpPosition[] {
  if (sizeWad === 0n) return [];
  const size = signed(sizeWad);
  const entryPrice = price - signed(pricePnlWad) / size;
  if (!(entryPrice > 0)) throw new CorruptDataError(`entry price of ${label}`, entryPrice, 'a price above 0');
  const side = size > 0 ? 'long' : 'short';
  return [
    {
      kind: 'perp',
      label: `${label} ${side}`,
      settlement: 'quote',
      size,
      entryPrice,
      markToSpot: 1,
      fundingRate,
    },
  ];
}
