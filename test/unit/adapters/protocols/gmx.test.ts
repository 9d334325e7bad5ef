import { describe, expect, it } from 'vitest';
import { gmx } from '../../../../src/adapters/protocols/gmx.ts';
import {
  gmxDataStoreAbi,
  gmxReaderAbi,
  savedFundingKey,
} from '../../../../src/adapters/protocols/internal/gmxAbi.ts';
import { totalExposure } from '../../../../src/core/exposure/exposure.ts';
import type { Address } from '../../../../src/core/units.ts';
import { contextAt } from '../../../support/readContext.ts';
import { usdc, vaultAddress, weth } from '../../../support/snapshot.ts';
import { gmxEthMarket, gmxShort } from '../../../support/standInPositions.ts';
import { TableChain } from '../../../support/tableChain.ts';

const reader: Address = `0x${'aa'.repeat(20)}`;
const dataStore: Address = `0x${'bb'.repeat(20)}`;
const other: Address = `0x${'12'.repeat(20)}`;
const config = { reader, dataStore };
type Position = ReturnType<typeof gmxShort>;

const short = gmxShort(vaultAddress, usdc.address);
const with_ = (numbers: Partial<Position['numbers']>, rest: Partial<Position> = {}): Position => ({
  ...short,
  ...rest,
  numbers: { ...short.numbers, pendingImpactAmount: 0n, ...numbers },
});

function ledger(
  positions: readonly Position[],
  indexToken: Address = weth.address,
  factor = 10n ** 22n,
): TableChain {
  return new TableChain()
    .set(gmxReaderAbi, reader, 'getAccountPositions', [dataStore, vaultAddress, 0n, 1_000n], positions)
    .set(gmxReaderAbi, reader, 'getMarket', [dataStore, gmxEthMarket], {
      marketToken: gmxEthMarket,
      indexToken,
      longToken: weth.address,
      shortToken: usdc.address,
    })
    .set(gmxDataStoreAbi, dataStore, 'getInt', [savedFundingKey(gmxEthMarket)], factor);
}

const read = (chain: TableChain, settings: Parameters<typeof gmx.read>[0] = config, memory?: unknown) =>
  chain.run(gmx.read(settings, contextAt({ memory })));

describe('a GMX position', () => {
  it('is a perp at its average price, with funding per year, collateral, and impact that is owed', () => {
    expect(read(ledger([short])).value.value).toMatchObject([
      {
        kind: 'perp',
        settlement: 'quote',
        size: -2,
        entryPrice: 3_200,
        fundingRate: expect.closeTo(0.31536, 12),
      },
      { kind: 'spot', asset: 'quote', amountRaw: 1_500_000_000n, locked: true },
      { kind: 'debt', asset: 'base', owedRaw: 10n ** 15n },
    ]);
  });

  it.each([
    [true, -200],
    [false, 200],
  ])('long %s, has made %d dollars each after a fall of 200', (isLong, made) => {
    const { value } = read(ledger([with_({ collateralAmount: 0n }, { flags: { isLong } })]));
    const view = { spot: 3_000, volatility: 0.6, rate: 0, nowSeconds: 0, baseDecimals: 18, quoteDecimals: 6 };
    const { delta, valueQuote } = totalExposure(value.value, view);
    expect(delta).toBe(isLong ? 2 : -2);
    expect(valueQuote).toBeCloseTo(2 * made, 9);
  });

  it('of another index token stands for base where the config says so, with its own decimals', () => {
    const position = with_({ sizeInTokens: 50_000_000n, sizeInUsd: 1_600n * 10n ** 30n });
    const settings = { ...config, index: { token: other, decimals: 8 } };
    expect(read(ledger([position], other), settings).value.value[0]).toMatchObject({
      size: -0.5,
      entryPrice: 3_200,
    });
    expect(() => read(ledger([position], other))).toThrow(
      expect.objectContaining({ code: 'MARKET_UNSUPPORTED' }),
    );
  });

  it('in a market that the config does not name is left alone', () => {
    expect(read(ledger([short], other), { ...config, markets: [other] }).value.value).toEqual([]);
  });

  it('that was closed but for its collateral is its collateral; dust is counted', () => {
    const closed = with_({ sizeInTokens: 0n, sizeInUsd: 0n, collateralAmount: 1n });
    expect(read(ledger([closed])).value.value).toMatchObject([{ kind: 'spot', amountRaw: 1n }]);
    expect(read(ledger([])).value.value).toEqual([]);
  });

  it('in another token is refused, and so is a size without dollars', () => {
    const foreign = { ...short, addresses: { ...short.addresses, collateralToken: other } };
    expect(() => read(ledger([foreign]))).toThrow(
      expect.objectContaining({ code: 'COLLATERAL_UNSUPPORTED' }),
    );
    expect(() => read(ledger([with_({ sizeInUsd: 0n })]))).toThrow(
      expect.objectContaining({ code: 'CORRUPT_DATA' }),
    );
  });

  it('among a thousand, which may not be all, is refused', () => {
    const many = Array.from({ length: 1_000 }, () => short);
    expect(() => read(ledger(many))).toThrow(expect.objectContaining({ code: 'CORRUPT_DATA' }));
    expect(read(ledger(many.slice(1))).value.value).toHaveLength(2_997);
  });

  it('is one round once its market is remembered; shorts pay where the factor is negative', () => {
    const first = read(ledger([short]));
    const again = read(ledger([short]), config, JSON.parse(JSON.stringify(first.value.memory)));
    expect(again).toMatchObject({ rounds: 1, value: first.value });
    expect(read(ledger([short], weth.address, -(10n ** 22n))).value.value[0]).toMatchObject({
      fundingRate: expect.closeTo(-0.31536, 12),
    });
  });
});
