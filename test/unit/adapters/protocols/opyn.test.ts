import { parseAbi } from 'viem';
import { describe, expect, it } from 'vitest';
import { greatestLossRaw } from '../../../../src/adapters/protocols/internal/opynMargin.ts';
import { opyn } from '../../../../src/adapters/protocols/opyn.ts';
import type { Address } from '../../../../src/core/units.ts';
import { contextAt } from '../../../support/readContext.ts';
import { usdc, vaultAddress, weth } from '../../../support/snapshot.ts';
import { TableChain } from '../../../support/tableChain.ts';

const controllerAbi = parseAbi([
  'struct Vault { address[] shortOtokens; address[] longOtokens; address[] collateralAssets; uint256[] shortAmounts; uint256[] longAmounts; uint256[] collateralAmounts; }',
  'function oracle() view returns (address)',
  'function getAccountVaultCounter(address) view returns (uint256)',
  'function getVault(address, uint256) view returns (Vault)',
  'function isSettlementAllowed(address) view returns (bool)',
]);
const otokenAbi = parseAbi([
  'function balanceOf(address) view returns (uint256)',
  'function underlyingAsset() view returns (address)',
  'function strikeAsset() view returns (address)',
  'function collateralAsset() view returns (address)',
  'function strikePrice() view returns (uint256)',
  'function expiryTimestamp() view returns (uint256)',
  'function isPut() view returns (bool)',
]);
const oracleAbi = parseAbi(['function getExpiryPrice(address, uint256) view returns (uint256, bool)']);

const controller: Address = `0x${'c0'.repeat(20)}`;
const oracle: Address = `0x${'0c'.repeat(20)}`;
const call3500: Address = `0x${'a1'.repeat(20)}`;
const put2500: Address = `0x${'a2'.repeat(20)}`;
const expiry = 1_770_364_800;
const config = { controller, otokens: [] };

interface Legs {
  readonly short?: readonly [Address, bigint];
  readonly long?: readonly [Address, bigint];
  readonly collateral?: readonly [Address, bigint];
}

/** A ledger on which the account has opened these vaults. */
function ledger(...vaults: readonly Legs[]): TableChain {
  const chain = new TableChain()
    .set(controllerAbi, controller, 'oracle', [], oracle)
    .set(controllerAbi, controller, 'getAccountVaultCounter', [vaultAddress], BigInt(vaults.length));
  for (const [index, { short, long, collateral }] of vaults.entries()) {
    const id = BigInt(index + 1);
    chain.set(controllerAbi, controller, 'getVault', [vaultAddress, id], {
      shortOtokens: short ? [short[0]] : [],
      longOtokens: long ? [long[0]] : [],
      collateralAssets: collateral ? [collateral[0]] : [],
      shortAmounts: short ? [short[1]] : [],
      longAmounts: long ? [long[1]] : [],
      collateralAmounts: collateral ? [collateral[1]] : [],
    });
  }
  series(chain, call3500, { strike: 3_500n, isPut: false });
  series(chain, put2500, { strike: 2_500n, isPut: true });
  return chain;
}

interface SeriesTerms {
  readonly strike: bigint;
  readonly isPut: boolean;
  readonly balance?: bigint;
  readonly underlying?: Address;
  readonly strikeAsset?: Address;
  readonly collateralAsset?: Address;
}

function series(chain: TableChain, otoken: Address, terms: SeriesTerms): TableChain {
  return chain
    .set(otokenAbi, otoken, 'balanceOf', [vaultAddress], terms.balance ?? 0n)
    .set(otokenAbi, otoken, 'underlyingAsset', [], terms.underlying ?? weth.address)
    .set(otokenAbi, otoken, 'strikeAsset', [], terms.strikeAsset ?? usdc.address)
    .set(
      otokenAbi,
      otoken,
      'collateralAsset',
      [],
      terms.collateralAsset ?? (terms.isPut ? usdc.address : weth.address),
    )
    .set(otokenAbi, otoken, 'strikePrice', [], terms.strike * 10n ** 8n)
    .set(otokenAbi, otoken, 'expiryTimestamp', [], BigInt(expiry))
    .set(otokenAbi, otoken, 'isPut', [], terms.isPut);
}

const shortCall: Legs = { short: [call3500, 12_50000000n], collateral: [weth.address, 12n * 10n ** 18n] };
const shortPut: Legs = { short: [put2500, 4_00000000n], collateral: [usdc.address, 10_000_000000n] };

describe('opyn vaults', () => {
  it('are short by their short leg, with collateral as locked tokens', () => {
    const { value } = ledger(shortCall, shortPut).run(opyn.read(config, contextAt()));
    expect(value.value).toEqual([
      {
        kind: 'option',
        label: 'opyn vault 1 short 2026-02-06 3500 call',
        type: 'call',
        strike: 3_500,
        expirySeconds: expiry,
        size: -12.5,
        settlementPrice: null,
        settlement: 'base',
      },
      {
        kind: 'spot',
        label: 'opyn vault 1 collateral',
        asset: 'base',
        amountRaw: 12n * 10n ** 18n,
        locked: true,
      },
      expect.objectContaining({ type: 'put', strike: 2_500, size: -4, settlement: 'quote' }),
      {
        kind: 'spot',
        label: 'opyn vault 2 collateral',
        asset: 'quote',
        amountRaw: 10_000_000000n,
        locked: true,
      },
    ]);
  });

  it('are long by their long leg and by the oTokens that the account holds', () => {
    const chain = ledger({ long: [put2500, 1_00000000n], ...{ short: [call3500, 2_00000000n] } });
    series(chain, call3500, { strike: 3_500n, isPut: false, balance: 50000000n });
    const { value } = chain.run(opyn.read(config, contextAt()));
    const sizes = value.value.map(
      (position) => position.kind === 'option' && [position.label, position.size],
    );
    expect(sizes).toEqual([
      ['opyn vault 1 short 2026-02-06 3500 call', -2],
      ['opyn vault 1 long 2026-02-06 2500 put', 1],
      ['opyn held 2026-02-06 3500 call', 0.5],
    ]);
  });

  it('counts oTokens of the config that came from somebody else', () => {
    const chain = series(ledger(), put2500, { strike: 2_500n, isPut: true, balance: 3_00000000n });
    const { value } = chain.run(opyn.read({ controller, otokens: [put2500] }, contextAt()));
    expect(value.value).toMatchObject([{ kind: 'option', type: 'put', size: 3 }]);
  });

  it('leave out emptied legs', () => {
    const zero: Address = `0x${'00'.repeat(20)}`;
    const { value } = ledger({ short: [zero, 0n], collateral: [zero, 0n] }).run(
      opyn.read(config, contextAt()),
    );
    expect(value.value).toEqual([]);
  });

  it('cost one round once they are known, also after the memory went through JSON', () => {
    const chain = ledger(shortCall, shortPut);
    const first = chain.run(opyn.read(config, contextAt()));
    const memory = JSON.parse(JSON.stringify(first.value.memory));
    const second = chain.run(opyn.read(config, contextAt({ memory })));
    expect(second.rounds).toBe(1);
    expect(second.value).toEqual(first.value);
  });

  it('are the very same positions while nothing of them changes, and new ones once anything does', () => {
    const chain = ledger(shortCall, shortPut);
    const remembered = chain.run(opyn.read(config, contextAt())).value.memory;
    const context = contextAt({ memory: remembered });
    const at = (timestampSeconds = context.block.timestampSeconds) => {
      const block = { ...context.block, timestampSeconds };
      return chain.run(opyn.read(config, { ...context, block })).value.value;
    };
    const first = at();
    expect(at(), 'nothing changed').toBe(first);
    series(chain, call3500, { strike: 3_500n, isPut: false, balance: 2_00000000n });
    expect(at(), 'bought one back').toHaveLength(first.length + 1);
    series(chain, call3500, { strike: 3_500n, isPut: false });
    expect(at(), 'and gave it away').toEqual(first);
    chain
      .set(controllerAbi, controller, 'isSettlementAllowed', [call3500], true)
      .set(controllerAbi, controller, 'isSettlementAllowed', [put2500], true)
      .set(oracleAbi, oracle, 'getExpiryPrice', [weth.address, BigInt(expiry)], [3_600n * 10n ** 8n, true])
      .set(oracleAbi, oracle, 'getExpiryPrice', [usdc.address, BigInt(expiry)], [10n ** 8n, true]);
    const settled = at(expiry).flatMap((one) => (one.kind === 'option' ? [one.settlementPrice] : []));
    expect(settled, 'at expiry').toEqual([3_600, 3_600]);
  });

  it('are noticed when a new one is opened', () => {
    const { memory } = ledger(shortCall).run(opyn.read(config, contextAt())).value;
    const { value } = ledger(shortCall, shortPut).run(opyn.read(config, contextAt({ memory })));
    expect(value.value.filter(({ kind }) => kind === 'option').length).toBe(2);
  });

  it.each(['nonsense', 7, null, { controller: put2500, oracle, vaultCount: 9, series: [] }])(
    'are read from the start when the memory is %j',
    (memory) => {
      const { value } = ledger(shortCall).run(opyn.read(config, contextAt({ memory })));
      expect(value.value.length).toBe(2);
    },
  );
});

describe('an expired option', () => {
  const after = { timestampSeconds: expiry + 60 };
  const settled = (chain: TableChain, allowed: boolean, eth: bigint, dollar: readonly [bigint, boolean]) =>
    chain
      .set(controllerAbi, controller, 'isSettlementAllowed', [call3500], allowed)
      .set(oracleAbi, oracle, 'getExpiryPrice', [weth.address, BigInt(expiry)], [eth, allowed])
      .set(oracleAbi, oracle, 'getExpiryPrice', [usdc.address, BigInt(expiry)], [...dollar]);
  const settlement = (chain: TableChain, memory?: unknown) => {
    const { value, rounds } = chain.run(opyn.read(config, contextAt({ ...after, memory })));
    const [position] = value.value;
    return {
      price: position?.kind === 'option' ? position.settlementPrice : undefined,
      fixing: position?.kind === 'option' ? position.fixingPrice : undefined,
      rounds,
      memory: value.memory,
    };
  };

  it('has no settlement price until settlement is allowed', () => {
    expect(settlement(settled(ledger(shortCall), false, 3_600_00000000n, [0n, false])).price).toBeNull();
  });

  it('has its price fixed as soon as the oracle has one, while that may still be disputed', () => {
    const disputable = settled(ledger(shortCall), false, 3_600_00000000n, [99000000n, true]);
    expect(settlement(disputable).fixing).toBeCloseTo(3_600 / 0.99, 9);
    expect(settlement(settled(ledger(shortCall), false, 0n, [0n, false])).fixing).toBeUndefined();
  });

  it('settles at the underlying in the strike asset, both priced at expiry', () => {
    const chain = settled(ledger(shortCall), true, 3_600_00000000n, [99000000n, true]);
    expect(settlement(chain).price).toBeCloseTo(3_600 / 0.99, 9);
  });

  it('counts in the strike asset where the oracle does not price it', () => {
    expect(settlement(settled(ledger(shortCall), true, 3_600_00000000n, [0n, false])).price).toBe(3_600);
  });

  it('keeps its settlement price without asking again', () => {
    const first = settlement(settled(ledger(shortCall), true, 3_600_00000000n, [0n, false]));
    const again = settlement(ledger(shortCall), first.memory);
    expect(again).toMatchObject({ price: 3_600, rounds: 1 });
  });

  it('is corrupt data when settlement is allowed at a price of zero', () => {
    expect(() => settlement(settled(ledger(shortCall), true, 0n, [0n, false]))).toThrow(
      expect.objectContaining({ code: 'CORRUPT_DATA' }),
    );
  });
});

describe('what does not belong to the pair', () => {
  const other: Address = `0x${'12'.repeat(20)}`;
  it('is refused: an option on base in another strike asset, and one on another token that is struck or paid in base', () => {
    for (const wrong of [
      { strikeAsset: other },
      { collateralAsset: other },
      { underlying: usdc.address },
      { underlying: other, collateralAsset: weth.address },
      { underlying: other, collateralAsset: other, strikeAsset: weth.address },
    ]) {
      const chain = series(ledger(shortCall), call3500, { strike: 3_500n, isPut: false, ...wrong });
      expect(() => chain.run(opyn.read(config, contextAt()))).toThrow(
        expect.objectContaining({ code: 'OPTION_UNSUPPORTED' }),
      );
    }
  });

  describe('and is on another token altogether', () => {
    const otherCall: Address = `0x${'b1'.repeat(20)}`;
    const otherPut: Address = `0x${'b2'.repeat(20)}`;
    const withOthers = (...vaults: readonly Legs[]) => {
      const chain = ledger(...vaults);
      series(chain, otherCall, {
        strike: 90_000n,
        isPut: false,
        underlying: other,
        collateralAsset: other,
      });
      return series(chain, otherPut, { strike: 60_000n, isPut: true, underlying: other });
    };
    const shortOtherCall: Legs = { short: [otherCall, 1_00000000n], collateral: [other, 10n ** 8n] };
    const shortOtherPut: Legs = {
      short: [otherPut, 1_00000000n],
      collateral: [usdc.address, 60_000_000000n],
    };

    it('is left out with its collateral, and a position of nothing says so', () => {
      const chain = series(withOthers(shortOtherCall, shortCall, shortOtherPut), otherCall, {
        strike: 90_000n,
        isPut: false,
        underlying: other,
        collateralAsset: other,
        balance: 7n,
      });
      const { value } = chain.run(opyn.read(config, contextAt()));
      const alone = ledger({}, shortCall).run(opyn.read(config, contextAt())).value;
      expect(value.value.slice(0, -1)).toEqual(alone.value);
      expect(value.value.at(-1)).toEqual({
        kind: 'spot',
        label: `opyn: 3 option positions on another token left out (${other})`,
        asset: 'quote',
        amountRaw: 0n,
        locked: true,
      });
      expect(value.margin).toEqual(alone.margin);
    });

    it('is read by the vault whose base that token is, which leaves out the rest', () => {
      const vault = { base: { ...weth, address: other, decimals: 8 } };
      const { value } = withOthers(shortOtherCall, shortOtherPut).run(
        opyn.read(config, contextAt({ vault })),
      );
      expect(value.value.map(({ kind }) => kind)).toEqual(['option', 'spot', 'option', 'spot']);
      const both = withOthers(shortCall, shortOtherPut).run(opyn.read(config, contextAt({ vault }))).value;
      expect(both.value.map(({ label }) => label)).toEqual([
        'opyn vault 2 short 2026-02-06 60000 put',
        'opyn vault 2 collateral',
        `opyn: 1 option position on another token left out (${weth.address})`,
      ]);
    });

    it('stays one round once known', () => {
      const chain = withOthers(shortCall, shortOtherPut);
      const first = chain.run(opyn.read(config, contextAt())).value;
      const again = chain.run(opyn.read(config, contextAt({ memory: first.memory })));
      expect(again).toMatchObject({ rounds: 1, value: first });
    });

    it('is refused where base backs it, or where one vault mixes both', () => {
      const backed = withOthers({ ...shortOtherPut, collateral: [weth.address, 10n ** 18n] });
      expect(() => backed.run(opyn.read(config, contextAt()))).toThrow(
        expect.objectContaining({ code: 'COLLATERAL_UNSUPPORTED' }),
      );
      const mixed = withOthers({ ...shortPut, long: [otherPut, 1n] });
      expect(() => mixed.run(opyn.read(config, contextAt()))).toThrow(
        expect.objectContaining({ code: 'OPTION_UNSUPPORTED' }),
      );
    });
  });

  it('is refused: collateral in another token', () => {
    const chain = ledger({ ...shortCall, collateral: [other, 1n] });
    expect(() => chain.run(opyn.read(config, contextAt()))).toThrow(
      expect.objectContaining({
        code: 'COLLATERAL_UNSUPPORTED',
        facts: expect.objectContaining({ asset: other, holder: 'opyn vault 1' }),
      }),
    );
  });

  it('is refused: a vault counter that cannot be', () => {
    const chain = ledger().set(
      controllerAbi,
      controller,
      'getAccountVaultCounter',
      [vaultAddress],
      1n << 200n,
    );
    expect(() => chain.run(opyn.read(config, contextAt()))).toThrow(
      expect.objectContaining({ code: 'CORRUPT_DATA' }),
    );
  });
});

describe('what stands behind a written option', () => {
  const weth18 = 18;
  const call = (strike: number, amount: bigint) => ({
    amountRaw: amount * 10n ** 8n,
    series: { strike, isPut: false },
  });
  const put = (strike: number, amount: bigint) => ({
    amountRaw: amount * 10n ** 8n,
    series: { strike, isPut: true },
  });
  const ether = 10n ** 18n;

  it.each([
    ['a call: one underlying each', call(3_500, 10n), null, weth18, 10n * ether],
    ['a call spread: what the strikes differ by', call(3_200, 10n), call(4_000, 10n), weth18, 2n * ether],
    [
      'a call spread with too few longs: what they leave open',
      call(3_200, 10n),
      call(4_000, 4n),
      weth18,
      6n * ether,
    ],
    ['a call under a long of a lower strike: nothing', call(3_500, 10n), call(3_000, 10n), weth18, 0n],
    ['a put: the strike', put(2_500, 8n), null, 6, 20_000_000_000n],
    ['a put spread: what the strikes differ by', put(2_500, 8n), put(2_000, 8n), 6, 4_000_000_000n],
    ['a put spread with too few longs', put(2_500, 8n), put(2_000, 5n), 6, 10_000_000_000n],
    ['a put under a long of a higher strike: nothing', put(2_500, 8n), put(3_000, 8n), 6, 0n],
  ])('is at least the greatest loss of %s', (_, short, long, decimals, needed) => {
    expect(greatestLossRaw(short, long, decimals)).toBe(needed);
  });

  it('is never rounded in the seller’s favour', () => {
    const dust = { amountRaw: 1n, series: { strike: 3_200, isPut: false } };
    expect(greatestLossRaw(dust, null, 6)).toBe(1n);
  });

  it('is told of each vault that has written one, without a requirement where less is locked', () => {
    const partly: Legs = { short: [put2500, 8_00000000n], collateral: [usdc.address, 5_000_000_000n] };
    const chain = ledger(shortCall, partly, { collateral: [weth.address, 5n] });
    expect(chain.run(opyn.read(config, contextAt())).value.margin).toEqual({
      written: [
        expect.objectContaining({ label: 'opyn vault 1', asset: 'base' }),
        { label: 'opyn vault 2', asset: 'quote', lockedRaw: 5_000_000_000n, requiredRaw: null },
      ],
    });
  });
});
