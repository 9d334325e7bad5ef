import { stringToHex } from 'viem';
import { describe, expect, it } from 'vitest';
import {
  lyraAdapterAbi,
  lyraGreekCacheAbi,
  lyraOptionMarketAbi,
  lyraOptionTokenAbi,
  lyraRegistryAbi,
} from '../../../../src/adapters/protocols/internal/lyraAbi.ts';
import { lyra } from '../../../../src/adapters/protocols/lyra.ts';
import { CorruptDataError } from '../../../../src/core/errors.ts';
import type { Address } from '../../../../src/core/units.ts';
import { contextAt } from '../../../support/readContext.ts';
import { nowSeconds, usdc, vaultAddress, weth } from '../../../support/snapshot.ts';
import { TableChain } from '../../../support/tableChain.ts';

const address = (byte: string): Address => `0x${byte.repeat(20)}`;
const [registry, market, optionToken, greekCache, adapter] = ['a1', 'a2', 'a3', 'a4', 'a5'].map(address) as [
  Address,
  Address,
  Address,
  Address,
  Address,
];
const nobody = address('00');
const ether = 10n ** 18n;
const expiry = nowSeconds + 28 * 86_400;
const [longCall, , shortCallBase, , shortPutQuote] = [0, 1, 2, 3, 4] as const;

interface Contents {
  /** Kind, size and collateral of each position, all on the strike of 3,200. */
  readonly held?: readonly (readonly [kind: number, amount: bigint, collateral: bigint])[];
  readonly state?: number;
  readonly strike?: bigint;
  readonly skew?: bigint;
  readonly spot?: bigint;
  readonly priceAtExpiry?: bigint;
  readonly baseReturned?: bigint;
  readonly base?: Address;
}

function ledger(contents: Contents = {}): TableChain {
  const { held = [[longCall, 2n * ether, 0n]], state = 1, strike = 3_200n * ether } = contents;
  const { skew = (11n * ether) / 10n, spot = 3_000n * ether, base = weth.address } = contents;
  const { priceAtExpiry = 0n, baseReturned = 0n } = contents;
  const strikeTerms = { id: 7n, strikePrice: strike, skew, boardId: 1n };
  const exposures = { longCall: 0n, shortCallBase: 0n, shortCallQuote: 0n, longPut: 0n, shortPut: 0n };
  const board = { id: 1n, expiry: BigInt(expiry), iv: (8n * ether) / 10n, frozen: false, strikeIds: [7n] };
  const parts = { liquidityPool: nobody, liquidityToken: nobody, optionMarketPricer: nobody };
  const others = { poolHedger: nobody, shortCollateral: nobody, gwavOracle: nobody };
  const greeks = { maxStrikesPerBoard: 30n, acceptableSpotPricePercentMove: 0n, staleUpdateDuration: 0n };
  const periods = { varianceIvGWAVPeriod: 0n, varianceSkewGWAVPeriod: 0n, optionValueIvGWAVPeriod: 0n };
  const bounds = { optionValueSkewGWAVPeriod: 0n, gwavSkewFloor: 0n, gwavSkewCap: 0n, rateAndCarry: 0n };
  return new TableChain()
    .set(lyraRegistryAbi, registry, 'getMarketAddresses', [market], {
      ...parts,
      ...others,
      ...{ greekCache, optionMarket: market, optionToken, quoteAsset: usdc.address, baseAsset: base },
    })
    .set(
      lyraRegistryAbi,
      registry,
      'getGlobalAddress',
      [stringToHex('SYNTHETIX_ADAPTER', { size: 32 })],
      adapter,
    )
    .set(
      lyraOptionTokenAbi,
      optionToken,
      'getOwnerPositions',
      [vaultAddress],
      held.map(([optionType, amount, collateral], index) => ({
        ...{ positionId: BigInt(index + 1), strikeId: 7n, optionType, amount, collateral, state },
      })),
    )
    .set(lyraOptionMarketAbi, market, 'getStrikeAndBoard', [7n], [{ ...strikeTerms, ...exposures }, board])
    .set(lyraOptionMarketAbi, market, 'getSettlementParameters', [7n], [strike, priceAtExpiry, baseReturned])
    .set(lyraAdapterAbi, adapter, 'getSpotPriceForMarket', [market], spot)
    .set(lyraGreekCacheAbi, greekCache, 'getGreekCacheParams', [], { ...greeks, ...periods, ...bounds })
    .set(lyraGreekCacheAbi, greekCache, 'getMinCollatParams', [], {
      ...{ minStaticQuoteCollateral: 200n * ether, minStaticBaseCollateral: ether / 5n },
      ...{ shockVolA: (5n * ether) / 2n, shockVolPointA: 14n * 86_400n },
      ...{ shockVolB: (9n * ether) / 5n, shockVolPointB: 56n * 86_400n },
      ...{ callSpotPriceShock: (6n * ether) / 5n, putSpotPriceShock: (4n * ether) / 5n },
    });
}

const read = (contents?: Contents, memory?: unknown) =>
  ledger(contents).run(lyra.read({ registry, market }, contextAt({ memory })));

describe('options of Lyra v1', () => {
  it('are priced at base volatility times skew', () => {
    const { value } = read();
    expect(value.value).toEqual([
      {
        kind: 'option',
        label: expect.stringMatching(/^lyra position 1 \d{4}-\d\d-\d\d 3200 call$/),
        type: 'call',
        strike: 3_200,
        expirySeconds: expiry,
        size: 2,
        settlementPrice: null,
        settlement: 'quote',
        impliedVolatility: 0.88,
      },
    ]);
    expect(value.margin).toBeUndefined();
  });

  it('count collateral in the decimals of the vault’s tokens', () => {
    const { value } = read({
      held: [
        [shortCallBase, 3n * ether, 2n * ether],
        [shortPutQuote, ether, 3_200n * ether],
      ],
    });
    const collateral = value.value.filter(({ kind }) => kind === 'spot');
    expect(collateral).toMatchObject([
      { asset: 'base', amountRaw: 2n * ether, locked: true },
      { asset: 'quote', amountRaw: 3_200_000_000n, locked: true },
    ]);
    expect(value.margin?.written).toMatchObject([
      { asset: 'base', lockedRaw: 2n * ether },
      { asset: 'quote', lockedRaw: 3_200_000_000n },
    ]);
  });

  it.each([
    ['a call in base, at most one base each', shortCallBase, ether / 10n, ether / 10n],
    ['a put, at most its strike each', shortPutQuote, ether / 100n, 32_000_000n],
  ])('ask for %s, however small', (_, kind, amount, most) => {
    const { value } = read({ held: [[kind, amount, ether]] });
    expect(value.margin?.written?.[0]?.requiredRaw).toBe(most);
  });

  it('take one round once their strikes are known', () => {
    const first = read();
    const again = read({}, JSON.parse(JSON.stringify(first.value.memory)));
    expect(first.rounds).toBe(3);
    expect(again.rounds).toBe(1);
    expect(again.value).toEqual(first.value);
  });

  it('believe no memory of another market', () => {
    const place = { market: adapter, optionToken, greekCache, adapter, base: nobody, quote: nobody };
    expect(read({}, { place, strikes: [] }).value).toEqual(read().value);
  });

  it('are cash once their board is settled, and never owe more than their collateral', () => {
    const settled = { priceAtExpiry: 4_000n * ether, baseReturned: ether / 5n };
    const { value } = read({
      ...settled,
      held: [
        [longCall, 2n * ether, 0n],
        [shortCallBase, 3n * ether, ether],
        [shortCallBase, 10n * ether, ether],
        [shortPutQuote, ether, 1_000n * ether],
      ],
    });
    expect(value.value).toMatchObject([
      { label: 'lyra position 1 settled', asset: 'quote', amountRaw: 1_600_000_000n },
      { label: 'lyra position 2 settled', asset: 'base', amountRaw: (2n * ether) / 5n },
      { label: 'lyra position 4 settled', asset: 'quote', amountRaw: 1_000_000_000n },
    ]);
    expect(value.margin).toBeUndefined();
  });

  it.each([
    ['of a kind that there is not', { held: [[5, ether, 0n]] as const }],
    ['that is closed and still held', { state: 2 }],
    ['without a strike', { strike: 0n }],
    ['without a volatility', { skew: 0n }],
    ['on a market without a price', { spot: 0n }],
  ])('are an error where one is %s', (_, contents) => {
    expect(() => read(contents)).toThrow(CorruptDataError);
  });

  it('are refused in a vault of another pair', () => {
    expect(() => read({ base: address('b0') })).toThrow(/is not a market of WETH in USDC/);
  });
});
