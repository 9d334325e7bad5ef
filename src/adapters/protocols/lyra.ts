import { stringToHex } from 'viem';
import { z } from 'zod';
import { CorruptDataError } from '../../core/errors.ts';
import { all, type Read } from '../../core/read.ts';
import type { VaultTerms } from '../../core/snapshot.ts';
import { type Address, sameAddress, toWhole } from '../../core/units.ts';
import { defineProtocol, type Memory } from '../../ports/protocol.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { call } from '../chain/index.ts';
import {
  lyraAdapterAbi,
  lyraDecimals,
  lyraGreekCacheAbi,
  lyraOptionMarketAbi,
  lyraOptionTokenAbi,
  lyraRegistryAbi,
} from './internal/lyraAbi.ts';
import { holdingOf, type LyraRules, type LyraStrike, type LyraToken } from './internal/lyraBook.ts';
import { UnsupportedMarketError } from './internal/pairSides.ts';

const config = z.strictObject({
  registry: addressSchema.describe('the LyraRegistry of the deployment'),
  market: addressSchema.describe('the OptionMarket'),
});

const placeSchema = z.object({
  market: addressSchema,
  optionToken: addressSchema,
  greekCache: addressSchema,
  adapter: addressSchema,
  base: addressSchema,
  quote: addressSchema,
});
/** The contracts of one market. */
type LyraPlace = z.infer<typeof placeSchema>;
const memorySchema = z.object({
  place: placeSchema,
  /** Strikes that the account had positions on last time. */
  strikes: z.array(z.string().regex(/^\d+$/)),
});

const WAD = 10n ** 18n;

/**
 * Options of Lyra v1 (Avalon): long and short positions of the account by the position token, each priced at the volatility
 * of its own strike, the board's base volatility times the strike's skew, and the collateral of short ones as locked tokens,
 * against the least that the market asks for. From the settlement of its board on a position is what it can be redeemed for.
 *
 * Reads the contracts of the npm package `@lyrafinance/protocol` 0.1.3-alpha, on which it is tested. The market prices with an
 * interest rate of its own (`rateAndCarry`): set the vault's `rate` to it to see the market's own values. Not covered:
 * shares of the liquidity pool, what the market keeps of base that it is paid at expiry (0.75 % by default), and
 * that a written option never owes more than its collateral before it is settled.
 */
export const lyra = defineProtocol<z.infer<typeof config>>({
  summary: 'Lyra v1 options: positions long and short at their own volatility, and their collateral',
  verified: 'contracts',
  config,
  sample: {
    registry: '0xF5A0442D4753cA1Ea36427ec071aa5E786dA5916',
    market: '0x1d42a98848e022908069c2c545aE44Cc78509Bc8',
  },
  counts: ({ market }) => [market],
  *read({ registry, market }, { vault, block, memory }) {
    const remembered = memoryOf(memory, market);
    const place = remembered?.place ?? (yield* readPlace(registry, market));
    requirePair(place, vault);
    const seen = (remembered?.strikes ?? []).map(BigInt);
    const [tokens, rules, seenStrikes] = yield* all([
      call(lyraOptionTokenAbi, place.optionToken, 'getOwnerPositions', [vault.account]),
      readRules(place),
      all(seen.map((id) => readStrike(place, id))),
    ]);
    const held = [...new Set(tokens.map(({ strikeId }) => strikeId))];
    const unseen = held.filter((id) => !seen.includes(id));
    const found = yield* all(unseen.map((id) => readStrike(place, id)));
    const strikes = new Map([...seenStrikes, ...found].map((strike) => [strike.id, strike]));
    const holdings = tokens.map((token: LyraToken) =>
      holdingOf(token, strikes.get(token.strikeId)!, rules, vault, block.timestampSeconds),
    );
    const written = holdings.flatMap((holding) => holding.written);
    return {
      value: holdings.flatMap(({ positions }) => positions),
      memory: { place, strikes: held.map(String) },
      ...(written.length > 0 && { margin: { written } }),
    };
  },
});

function memoryOf(memory: Memory, market: Address): z.infer<typeof memorySchema> | null {
  const found = memorySchema.safeParse(memory);
  return found.success && sameAddress(found.data.place.market, market) ? found.data : null;
}

function* readPlace(registry: Address, market: Address): Read<LyraPlace> {
  const adapterKey = stringToHex('SYNTHETIX_ADAPTER', { size: 32 });
  const [addresses, adapter] = yield* all([
    call(lyraRegistryAbi, registry, 'getMarketAddresses', [market]),
    call(lyraRegistryAbi, registry, 'getGlobalAddress', [adapterKey]),
  ]);
  const { optionToken, greekCache, baseAsset: base, quoteAsset: quote } = addresses;
  return { market, optionToken, greekCache, adapter, base, quote };
}

function requirePair({ market, base, quote }: LyraPlace, vault: VaultTerms): void {
  if (sameAddress(base, vault.base.address) && sameAddress(quote, vault.quote.address)) return;
  throw new UnsupportedMarketError(`Lyra market ${market}`, { marketBase: base, marketQuote: quote }, vault);
}

function* readRules({ market, greekCache, adapter }: LyraPlace): Read<LyraRules> {
  const [collateral, { rateAndCarry }, spotWad] = yield* all([
    call(lyraGreekCacheAbi, greekCache, 'getMinCollatParams', []),
    call(lyraGreekCacheAbi, greekCache, 'getGreekCacheParams', []),
    call(lyraAdapterAbi, adapter, 'getSpotPriceForMarket', [market]),
  ]);
  if (spotWad === 0n) throw new CorruptDataError(`price of Lyra market ${market}`, 0, 'a price above 0');
  const rate =
    rateAndCarry < 0n ? -toWhole(-rateAndCarry, lyraDecimals) : toWhole(rateAndCarry, lyraDecimals);
  return { collateral, market: { spot: toWhole(spotWad, lyraDecimals), rate } };
}

function* readStrike({ market }: LyraPlace, strikeId: bigint): Read<LyraStrike> {
  const [[strike, board], [, priceAtExpiryWad, baseReturnedWad]] = yield* all([
    call(lyraOptionMarketAbi, market, 'getStrikeAndBoard', [strikeId]),
    call(lyraOptionMarketAbi, market, 'getSettlementParameters', [strikeId]),
  ]);
  const name = `strike ${strikeId} of Lyra market ${market}`;
  if (strike.strikePrice === 0n) throw new CorruptDataError(name, 0, 'a price above 0');
  if (board.expiry > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new CorruptDataError(`expiry of ${name}`, board.expiry, 'a time');
  }
  const volatilityWad = (board.iv * strike.skew) / WAD;
  if (volatilityWad === 0n) throw new CorruptDataError(`volatility of ${name}`, 0, 'one above 0');
  return {
    id: strikeId,
    strikeWad: strike.strikePrice,
    expirySeconds: Number(board.expiry),
    volatilityWad,
    priceAtExpiryWad,
    baseReturnedWad,
  };
}
