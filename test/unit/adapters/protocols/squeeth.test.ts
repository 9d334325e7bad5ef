import { describe, expect, it } from 'vitest';
import { enumerableNftAbi } from '../../../../src/adapters/protocols/internal/ownedNfts.ts';
import { crabAbi, squeethControllerAbi } from '../../../../src/adapters/protocols/internal/squeethAbi.ts';
import { squeeth } from '../../../../src/adapters/protocols/squeeth.ts';
import { totalExposure } from '../../../../src/core/exposure/exposure.ts';
import { normalizationFactorAfter } from '../../../../src/core/exposure/powerPerp.ts';
import type { Address } from '../../../../src/core/units.ts';
import { contextAt } from '../../../support/readContext.ts';
import { usdc, vaultAddress, weth } from '../../../support/snapshot.ts';
import { TableChain } from '../../../support/tableChain.ts';

const controller: Address = `0x${'c0'.repeat(20)}`;
const wPowerPerp: Address = `0x${'5a'.repeat(20)}`;
const shortPowerPerp: Address = `0x${'5b'.repeat(20)}`;
const crab: Address = `0x${'cb'.repeat(20)}`;
const nobody: Address = `0x${'00'.repeat(20)}`;
const ether = 10n ** 18n;
const config = { controller, strategies: [] as Address[], twapSeconds: 420 };
const withCrab = { ...config, strategies: [crab] };

interface Holdings {
  readonly long?: bigint;
  readonly vaults?: readonly (readonly [collateral: bigint, short: bigint, nft?: number])[];
  readonly shutDown?: boolean;
  readonly mark?: bigint;
  readonly index?: bigint;
  readonly quoteCurrency?: Address;
}

/** Squeeth at 3,000 dollars: a stored normalisation factor of 0.5, of 0.49 if funding is paid now. */
function ledger({ long = 0n, vaults = [], shutDown = false, ...market }: Holdings): TableChain {
  const {
    mark = (99n * ether) / 1_000n,
    index = (90n * ether) / 1_000n,
    quoteCurrency = usdc.address,
  } = market;
  const chain = new TableChain()
    .set(squeethControllerAbi, controller, 'weth', [], weth.address)
    .set(squeethControllerAbi, controller, 'quoteCurrency', [], quoteCurrency)
    .set(squeethControllerAbi, controller, 'wPowerPerp', [], wPowerPerp)
    .set(squeethControllerAbi, controller, 'shortPowerPerp', [], shortPowerPerp)
    .set(squeethControllerAbi, controller, 'normalizationFactor', [], ether / 2n)
    .set(squeethControllerAbi, controller, 'getExpectedNormalizationFactor', [], (49n * ether) / 100n)
    .set(squeethControllerAbi, controller, 'getDenormalizedMark', [420], mark)
    .set(squeethControllerAbi, controller, 'getIndex', [420], index)
    .set(squeethControllerAbi, controller, 'isShutDown', [], shutDown)
    .set(squeethControllerAbi, controller, 'indexForSettlement', [], shutDown ? (3n * ether) / 10n : 0n)
    .set(enumerableNftAbi, wPowerPerp, 'balanceOf', [vaultAddress], long)
    .set(enumerableNftAbi, shortPowerPerp, 'balanceOf', [vaultAddress], BigInt(vaults.length));
  for (const [at, [collateral, short, nft = 0]] of vaults.entries()) {
    const id = BigInt(70 + at);
    chain
      .set(enumerableNftAbi, shortPowerPerp, 'tokenOfOwnerByIndex', [vaultAddress, BigInt(at)], id)
      .set(squeethControllerAbi, controller, 'vaults', [id], [nobody, nft, collateral, short]);
  }
  return chain;
}

function strategy(chain: TableChain, shares: bigint, of: Address = controller): TableChain {
  return chain
    .set(crabAbi, crab, 'powerTokenController', [], of)
    .set(crabAbi, crab, 'balanceOf', [vaultAddress], shares)
    .set(crabAbi, crab, 'totalSupply', [], 100n * ether)
    .set(crabAbi, crab, 'getVaultDetails', [], [nobody, 0n, 60n * ether, 80n * ether]);
}

const read = (chain: TableChain, settings = config, context = contextAt()) =>
  chain.run(squeeth.read(settings, context));

describe('power perps', () => {
  it('are long by the balance of oSQTH, at the normalisation factor that holds if funding is paid now', () => {
    const { value } = read(ledger({ long: 25n * ether }));
    expect(value.value).toEqual([
      {
        kind: 'powerPerp',
        label: 'squeeth held',
        size: 25,
        normalizationFactor: 0.49,
        markToIndex: expect.closeTo(1.1, 12),
      },
    ]);
  });

  it('are short by every vault, whose collateral counts as locked ether', () => {
    const { value } = read(
      ledger({
        vaults: [
          [9n * ether, 30n * ether],
          [0n, 0n],
          [1n, 0n],
        ],
      }),
    );
    expect(value.value).toMatchObject([
      { kind: 'powerPerp', label: 'squeeth vault 70 short', size: -30 },
      { kind: 'spot', asset: 'base', amountRaw: 9n * ether, locked: true },
      { kind: 'spot', label: 'squeeth vault 72 collateral', amountRaw: 1n },
    ]);
  });

  it('are held through the shares of a strategy by their part of its vault', () => {
    const { value } = read(strategy(ledger({}), 25n * ether), withCrab);
    expect(value.value).toMatchObject([
      { kind: 'powerPerp', size: -20 },
      { kind: 'spot', asset: 'base', amountRaw: 15n * ether },
    ]);
    expect(read(strategy(ledger({}), 0n), withCrab).value.value).toEqual([]);
  });

  it('have twice their value over the price as delta, and cost what the mark stands above the index', () => {
    const { value } = read(ledger({ long: 100n * ether }));
    const view = { spot: 3_000, volatility: 0.6, rate: 0, nowSeconds: 0, baseDecimals: 18, quoteDecimals: 6 };
    const { valueQuote, delta, gamma, theta } = totalExposure(value.value, view);
    // 100 oSQTH x 3,000^2 / 10,000 x 0.49 x 1.1
    expect(valueQuote).toBeCloseTo(48_510, 6);
    expect(delta).toBeCloseTo(32.34, 9);
    expect(gamma).toBeCloseTo(0.01078, 12);
    // Funding of 17.5 days at 1.1: ln 1.1 of the value each.
    expect((theta * 17.5) / 365).toBeCloseTo(-Math.log(1.1) * 48_510, 6);
  });

  it('decay as the protocol’s own test says: three hours at a mark of 3,030 over an index of 3,000', () => {
    const after = normalizationFactorAfter({ normalizationFactor: 1, markToIndex: 3_030 / 3_000 }, 10_800);
    expect(after).toBeCloseTo((3_000 / 3_030) ** (10_800 / (420 * 3_600)), 14);
    expect(after).toBeCloseTo(0.99992893, 8);
  });

  it('are a fixed number of ether once the protocol is shut down, at the stored factor', () => {
    const { value } = read(
      ledger({ long: 10n * ether, vaults: [[9n * ether, 30n * ether]], shutDown: true }),
    );
    expect(value.value).toMatchObject([
      { kind: 'spot', asset: 'base', amountRaw: (15n * ether) / 10n },
      { kind: 'debt', asset: 'base', owedRaw: (45n * ether) / 10n, borrowRate: 0 },
      { kind: 'spot', asset: 'base', amountRaw: 9n * ether },
    ]);
  });
});

describe('what stands behind a short', () => {
  it('is asked for one and a half times the debt at the index, and half an ether at least', () => {
    const { value } = read(
      ledger({
        vaults: [
          [9n * ether, 30n * ether],
          [ether, ether],
          [ether, 0n],
        ],
      }),
    );
    // 30 oSQTH x 0.49 x 0.3 ether = 4.41 ether.
    expect(value.margin?.written).toEqual([
      {
        label: 'squeeth vault 70',
        asset: 'base',
        lockedRaw: 9n * ether,
        requiredRaw: (6_615n * ether) / 1_000n,
      },
      { label: 'squeeth vault 71', asset: 'base', lockedRaw: ether, requiredRaw: ether / 2n },
    ]);
  });
});

describe('a steady state', () => {
  it('is one round; a new vault costs one more and is found, a sold one is gone', () => {
    const first = read(ledger({ vaults: [[9n * ether, 30n * ether]] }));
    const memory = JSON.parse(JSON.stringify(first.value.memory));
    const again = read(ledger({ vaults: [[9n * ether, 30n * ether]] }), config, contextAt({ memory }));
    expect(again.rounds).toBe(1);
    expect(again.value).toEqual(first.value);
    const grown = ledger({
      vaults: [
        [9n * ether, 30n * ether],
        [2n * ether, ether],
      ],
    });
    expect(read(grown, config, contextAt({ memory })).value.value).toHaveLength(4);
    const sold = ledger({})
      .revert(enumerableNftAbi, shortPowerPerp, 'tokenOfOwnerByIndex', [vaultAddress, 0n])
      .set(squeethControllerAbi, controller, 'vaults', [70n], [nobody, 0, 9n * ether, 30n * ether]);
    expect(read(sold, config, contextAt({ memory })).value.value).toEqual([]);
  });
});

describe('what cannot be counted', () => {
  it.each([
    [
      'a vault with liquidity as collateral',
      () => read(ledger({ vaults: [[ether, ether, 5]] })),
      'COLLATERAL_UNSUPPORTED',
    ],
    ['another pair', () => read(ledger({ quoteCurrency: crab })), 'MARKET_UNSUPPORTED'],
    ['an index of 0', () => read(ledger({ index: 0n })), 'CORRUPT_DATA'],
    [
      'a strategy of another controller',
      () => read(strategy(ledger({}), 1n, crab), withCrab),
      'CORRUPT_DATA',
    ],
    ['more shares than there are', () => read(strategy(ledger({}), 101n * ether), withCrab), 'CORRUPT_DATA'],
  ])('is refused: %s', (_, act, code) => {
    expect(act).toThrow(expect.objectContaining({ code }));
  });
});
