import { describe, expect, it } from 'vitest';
import { enumerableNftAbi } from '../../../../src/adapters/protocols/internal/ownedNfts.ts';
import { synthetixPerpsAbi } from '../../../../src/adapters/protocols/internal/synthetixAbi.ts';
import { synthetix } from '../../../../src/adapters/protocols/synthetix.ts';
import { totalExposure } from '../../../../src/core/exposure/exposure.ts';
import type { Address } from '../../../../src/core/units.ts';
import { contextAt } from '../../../support/readContext.ts';
import { vaultAddress } from '../../../support/snapshot.ts';
import { TableChain } from '../../../support/tableChain.ts';

const perpsMarket: Address = `0x${'5f'.repeat(20)}`;
const accountToken: Address = `0x${'5e'.repeat(20)}`;
const ether = 10n ** 18n;
const config = { perpsMarket, marketId: 100, collaterals: { '0': 'quote', '4': 'base' } as const };

interface Account {
  readonly size?: bigint;
  /** Dollars that the price has made. */
  readonly pnl?: bigint;
  readonly funding?: bigint;
  readonly interest?: bigint;
  readonly debt?: bigint;
  readonly collaterals?: Readonly<Record<string, bigint>>;
}

/** The market at 3,000 dollars, with one perps account. */
function ledger(account: Account | null): TableChain {
  const chain = new TableChain()
    .set(synthetixPerpsAbi, perpsMarket, 'getAccountTokenAddress', [], accountToken)
    .set(synthetixPerpsAbi, perpsMarket, 'indexPrice', [100n], 3_000n * ether)
    .set(synthetixPerpsAbi, perpsMarket, 'currentFundingRate', [100n], -ether / 1_000n)
    .set(enumerableNftAbi, accountToken, 'balanceOf', [vaultAddress], account === null ? 0n : 1n);
  if (account === null) return chain;
  const { size = 0n, pnl = 0n, funding = 0n, interest = 0n, debt = 0n, collaterals = {} } = account;
  chain
    .set(enumerableNftAbi, accountToken, 'tokenOfOwnerByIndex', [vaultAddress, 0n], 7n)
    .set(
      synthetixPerpsAbi,
      perpsMarket,
      'getOpenPosition',
      [7n, 100n],
      [pnl + funding - interest, funding, size, interest],
    )
    .set(synthetixPerpsAbi, perpsMarket, 'debt', [7n], debt)
    .set(
      synthetixPerpsAbi,
      perpsMarket,
      'getAccountCollateralIds',
      [7n],
      Object.keys(collaterals).map(BigInt),
    );
  for (const [id, amount] of Object.entries(collaterals)) {
    chain.set(synthetixPerpsAbi, perpsMarket, 'getCollateralAmount', [7n, BigInt(id)], amount);
  }
  return chain;
}

const read = (chain: TableChain, memory?: unknown) =>
  chain.run(synthetix.read(config, contextAt({ memory })));

describe('a perps account', () => {
  it('is a perp at the price that it was last touched at, with funding and interest as quote', () => {
    const { value } = read(
      ledger({
        size: -4n * ether,
        pnl: 400n * ether,
        funding: -5n * ether,
        interest: ether,
        debt: 2n * ether,
      }),
    );
    expect(value.value).toMatchObject([
      {
        kind: 'perp',
        label: 'synthetix account 7 short',
        settlement: 'quote',
        size: -4,
        entryPrice: 3_100,
        markToSpot: 1,
        fundingRate: expect.closeTo(-0.365, 12),
      },
      { kind: 'debt', asset: 'quote', owedRaw: 8_000_000n },
    ]);
  });

  it('is worth what the protocol says, and has its size as delta', () => {
    const { value } = read(ledger({ size: 2n * ether, pnl: -90n * ether, funding: 3n * ether }));
    const view = { spot: 3_000, volatility: 0.6, rate: 0, nowSeconds: 0, baseDecimals: 18, quoteDecimals: 6 };
    const { delta, valueQuote } = totalExposure(value.value, view);
    expect(delta).toBeCloseTo(2, 12);
    expect(valueQuote).toBeCloseTo(-87, 9);
  });

  it('has margin in what the config counts it as, scaled to the vault’s decimals, dust dropped', () => {
    const { value } = read(ledger({ collaterals: { 0: 1_500n * ether + 1n, 4: ether / 2n } }));
    expect(value.value).toMatchObject([
      { kind: 'spot', asset: 'quote', amountRaw: 1_500_000_000n, locked: true },
      { kind: 'spot', asset: 'base', amountRaw: ether / 2n, locked: true },
    ]);
  });

  it('that is empty, or none at all, holds nothing', () => {
    expect(read(ledger({})).value.value).toEqual([]);
    expect(read(ledger(null)).value.value).toEqual([]);
  });

  it('is one round once it is remembered, also when nothing has changed but the collateral', () => {
    const first = read(ledger({ size: ether, collaterals: { 0: ether } }));
    const memory = JSON.parse(JSON.stringify(first.value.memory));
    const again = read(ledger({ size: ether, collaterals: { 0: ether } }), memory);
    expect(again.rounds).toBe(1);
    expect(again.value).toEqual(first.value);
    const more = read(ledger({ size: ether, collaterals: { 0: ether, 4: ether } }), memory);
    expect(more.value.value).toHaveLength(3);
  });

  it('with collateral that the config does not name is refused', () => {
    expect(() => read(ledger({ collaterals: { 9: 1n } }))).toThrow(
      expect.objectContaining({ code: 'COLLATERAL_UNSUPPORTED' }),
    );
  });

  it('whose profit no price can have made is refused', () => {
    expect(() => read(ledger({ size: ether, pnl: 3_000n * ether }))).toThrow(
      expect.objectContaining({ code: 'CORRUPT_DATA' }),
    );
  });
});
