import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  collateralTrackerAbi,
  pairAbi,
  panopticPoolAbi,
} from '../../../../src/adapters/protocols/internal/panopticAbi.ts';
import { legPosition, priceAtTick } from '../../../../src/adapters/protocols/internal/panopticLegs.ts';
import {
  decodeTokenId,
  legTicks,
  type TokenIdLeg,
} from '../../../../src/adapters/protocols/internal/panopticTokenId.ts';
import { panoptic } from '../../../../src/adapters/protocols/panoptic.ts';
import { sqrtPriceAtTick } from '../../../../src/core/amm/tickMath.ts';
import { liquidityExposure } from '../../../../src/core/exposure/liquidity.ts';
import { panopticLegExposure } from '../../../../src/core/exposure/panopticLeg.ts';
import { type Address, Q96 } from '../../../../src/core/units.ts';
import { contextAt } from '../../../support/readContext.ts';
import { usdc, vaultAddress, weth } from '../../../support/snapshot.ts';
import { TableChain } from '../../../support/tableChain.ts';

const leg = (changes: Partial<TokenIdLeg> = {}): TokenIdLeg => ({
  asset: 1,
  optionRatio: 1,
  isLong: false,
  tokenType: 1,
  riskPartner: 0,
  strike: 195_060,
  width: 10,
  ...changes,
});

/** The other direction, written down on its own: the protocol adds each part at its offset. */
function encode(poolPattern: bigint, tickSpacing: number, legs: readonly TokenIdLeg[]): bigint {
  return legs.reduce(
    (id, one, index) => {
      const offset = BigInt(64 + 48 * index);
      const parts: readonly (readonly [number | bigint, number])[] = [
        [one.asset, 0],
        [one.optionRatio, 1],
        [one.isLong ? 1 : 0, 8],
        [one.tokenType, 9],
        [one.riskPartner, 10],
        [BigInt.asUintN(24, BigInt(one.strike)), 12],
        [one.width, 36],
      ];
      return parts.reduce((word, [value, at]) => word + (BigInt(value) << (offset + BigInt(at))), id);
    },
    poolPattern + (BigInt(tickSpacing) << 48n),
  );
}

describe('a token id', () => {
  const pool = { poolId: 0x003c8ad599c3a0ffn, poolPattern: 0x8ad599c3a0ffn, tickSpacing: 60 };

  // Made by the encoder of panoptic-labs/panoptic-sdk at commit b0671fa3c7c499cbd75a45322aab83049a200342, for the pool
  // whose id the protocol's own source explains.
  it.each([
    [12691244328680761102002202845439n, [leg()]],
    [
      4285839231133733196487769146251486296304492799n,
      [
        leg({ optionRatio: 3, riskPartner: 1, strike: 194_400 }),
        leg({ optionRatio: 3, isLong: true, strike: 192_600, width: 12 }),
      ],
    ],
    [
      197886872677306564756256330987691735455471085107634562778138724717272735999n,
      [
        leg({ asset: 0, tokenType: 0, strike: -120, width: 1 }),
        leg({
          asset: 0,
          optionRatio: 127,
          isLong: true,
          tokenType: 0,
          riskPartner: 1,
          strike: -887_160,
          width: 4_095,
        }),
        leg({ optionRatio: 2, riskPartner: 2, strike: 887_160, width: 2 }),
        leg({ optionRatio: 64, isLong: true, tokenType: 0, riskPartner: 3, strike: 0, width: 7 }),
      ],
    ],
  ])('%s is taken apart', (id, legs) => {
    expect(decodeTokenId(id)).toEqual({ ...pool, legs });
    expect(encode(pool.poolPattern, pool.tickSpacing, legs)).toBe(id);
  });

  it('gives back whatever was put into it', () => {
    const anyLeg = fc.record({
      asset: fc.constantFrom(0 as const, 1 as const),
      optionRatio: fc.integer({ min: 1, max: 127 }),
      isLong: fc.boolean(),
      tokenType: fc.constantFrom(0 as const, 1 as const),
      riskPartner: fc.constant(0),
      strike: fc.integer({ min: -887_272, max: 887_272 }),
      width: fc.integer({ min: 1, max: 4_095 }),
    });
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: (1n << 48n) - 1n }),
        fc.integer({ min: 1, max: 32_767 }),
        fc.array(anyLeg, { minLength: 1, maxLength: 4 }),
        (poolPattern, tickSpacing, legs) => {
          const decoded = decodeTokenId(encode(poolPattern, tickSpacing, legs));
          expect(decoded).toMatchObject({ poolPattern, tickSpacing, legs });
        },
      ),
    );
  });

  it.each([
    ['without a leg', pool.poolId],
    ['with a leg behind a gap', pool.poolId + (encode(0n, 0, [leg()]) << 48n)],
    ['with a width of 0', encode(1n, 60, [leg({ width: 0 })])],
    ['with a risk partner that is no leg', encode(1n, 60, [leg({ riskPartner: 2 })])],
    ['without a tick spacing', encode(1n, 0, [leg()])],
    ['wider than a word', 1n << 256n],
  ])('%s is refused', (_, id) => {
    expect(() => decodeTokenId(id)).toThrow(expect.objectContaining({ code: 'CORRUPT_DATA' }));
  });

  it('ranges over its width in tick spacings around the strike, half ticks rounded up', () => {
    expect(legTicks(leg(), 60)).toEqual({ tickLower: 194_760, tickUpper: 195_360 });
    expect(legTicks(leg({ strike: 3, width: 7 }), 1)).toEqual({ tickLower: 0, tickUpper: 7 });
    expect(() => legTicks(leg({ strike: 195_061 }), 60)).toThrow(
      expect.objectContaining({ code: 'CORRUPT_DATA' }),
    );
  });
});

describe('a leg', () => {
  const inverted = { baseIsToken0: false, baseDecimals: 18, quoteDecimals: 6 };
  const straight = { baseIsToken0: true, baseDecimals: 18, quoteDecimals: 6 };
  const spots = [2_000, 3_300, 3_377, 3_450, 6_000];
  const minted = { tickSpacing: 60, positionSizeRaw: 5n * 10n ** 18n };

  it('lends exactly the liquidity of its range: value and delta differ by what was moved', () => {
    const { tickLower, tickUpper } = legTicks(leg(), 60);
    const lowerX96 = sqrtPriceAtTick(tickLower);
    const upperX96 = sqrtPriceAtTick(tickUpper);
    // WETH is token1: L = amount1 / (sqrt(upper) - sqrt(lower)).
    const liquidity = (minted.positionSizeRaw * Q96) / (upperX96 - lowerX96);
    const position = legPosition({ leg: leg(), ...minted }, inverted, 0);
    expect(position).toMatchObject({ type: 'call', size: -5 });
    for (const spot of spots) {
      const lent = liquidityExposure({ liquidity, tickLower, tickUpper, ...inverted, spot });
      const { delta, gamma, valueQuote } = panopticLegExposure({ ...position, spot });
      expect(delta).toBeCloseTo(lent.delta - 5, 6);
      expect(gamma).toBeCloseTo(lent.gamma, 9);
      expect(valueQuote).toBeCloseTo(lent.valueQuote - 5 * spot, 2);
    }
  });

  it('is the same position whichever token base is, and whichever token its size is counted in', () => {
    const mirrored = leg({ asset: 0, tokenType: 0, strike: -195_060 });
    const straightLeg = legPosition({ leg: mirrored, ...minted }, straight, 0);
    const invertedLeg = legPosition({ leg: leg(), ...minted }, inverted, 0);
    const strike = priceAtTick(195_060, inverted);
    const countedInQuote = legPosition(
      { leg: leg({ asset: 0 }), ...minted, positionSizeRaw: BigInt(Math.round(5e6 * strike)) },
      inverted,
      0,
    );
    for (const other of [straightLeg, countedInQuote]) {
      expect(other.type).toBe(invertedLeg.type);
      for (const field of ['size', 'strike', 'rangeRatio', 'mintPrice'] as const) {
        expect(other[field] / invertedLeg[field]).toBeCloseTo(1, 6);
      }
    }
  });

  it('of width one, odd in ticks, has its strike in the middle of the ticks that it ends at', () => {
    const position = legPosition(
      { leg: leg({ strike: 3, width: 7 }), ...minted, tickSpacing: 1 },
      straight,
      0,
    );
    expect(position.strike).toBeCloseTo(1.0001 ** 3.5 * 1e12, 0);
    expect(position.rangeRatio).toBeCloseTo(1.0001 ** 3.5, 12);
  });

  // What `CollateralTracker` of the commit takes and gives, commission apart: `takeCommissionAddData` when a leg is opened,
  // `exercise` when it is closed. Tokens are swapped for the one that the leg moves, or not.
  it.each([
    ['sold', false],
    ['bought', true],
  ])(
    'that was %s is worth, beside its collateral, what closing it pays, wherever it was opened',
    (_, isLong) => {
      const ticks = [188_000, 194_900, 195_060, 195_300, 201_000];
      for (const tokenType of [0, 1] as const)
        for (const isSwapped of [false, true])
          for (const mintTick of ticks)
            for (const tick of ticks) {
              const one = leg({ isLong, tokenType });
              const { tickLower, tickUpper } = legTicks(one, 60);
              const [low, high] = [1.0001 ** (tickLower / 2), 1.0001 ** (tickUpper / 2)];
              // Size is counted in token1, which is base.
              const liquidity = 5e18 / (high - low);
              const moved = tokenType === 0 ? liquidity * (1 / low - 1 / high) : 5e18;
              const held = (at: number) => {
                const root = Math.min(Math.max(1.0001 ** (at / 2), low), high);
                const [of0, of1] = [liquidity * (1 / root - 1 / high), liquidity * (root - low)];
                if (!isSwapped) return [of0, of1] as const;
                const price = 1.0001 ** at;
                return tokenType === 0
                  ? ([of0 + of1 / price, 0] as const)
                  : ([0, of1 + of0 * price] as const);
              };
              const isMoved = (token: 0 | 1) => (token === tokenType ? moved : 0);
              const paidAt = (at: number, sign: 1 | -1) =>
                ([0, 1] as const).map(
                  (token) => (isLong ? -sign : sign) * (held(at)[token] - isMoved(token)),
                );
              const opened = paidAt(mintTick, 1);
              const closed = paidAt(tick, -1);
              const spot = priceAtTick(tick, inverted);
              const quoteOf = ([of0 = 0, of1 = 0]: readonly number[]) => of0 / 1e6 + (of1 / 1e18) * spot;
              const collateral = -quoteOf(opened);
              const { valueQuote } = panopticLegExposure({
                ...legPosition({ leg: one, ...minted }, inverted, 0),
                spot,
              });
              expect(collateral + valueQuote).toBeCloseTo(-quoteOf(opened) - quoteOf(closed), 4);
            }
    },
  );

  it('that was bought is the opposite of one that was sold; ratio multiplies', () => {
    const sold = legPosition({ leg: leg(), ...minted }, inverted, 0);
    const bought = legPosition({ leg: leg({ isLong: true, optionRatio: 3 }), ...minted }, inverted, 0);
    expect(bought.size).toBe(-3 * sold.size);
    expect(legPosition({ leg: leg({ tokenType: 0 }), ...minted }, inverted, 0).type).toBe('put');
  });
});

describe('an account', () => {
  const panopticPool: Address = `0x${'9a'.repeat(20)}`;
  const uniswapPool: Address = '0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8';
  const [tracker0, tracker1]: readonly Address[] = [`0x${'7a'.repeat(20)}`, `0x${'7b'.repeat(20)}`] as const;
  const sold = 12691244328680761102002202845439n;
  const closed = encode(0x8ad599c3a0ffn, 60, [leg({ strike: 194_400 })]);
  const ether = 10n ** 18n;

  function ledger(open: readonly bigint[], count = BigInt(open.length)): TableChain {
    const chain = new TableChain()
      .set(panopticPoolAbi, panopticPool, 'univ3pool', [], uniswapPool)
      .set(panopticPoolAbi, panopticPool, 'collateralToken0', [], tracker0!)
      .set(panopticPoolAbi, panopticPool, 'collateralToken1', [], tracker1!)
      .set(pairAbi, uniswapPool, 'token0', [], usdc.address)
      .set(pairAbi, uniswapPool, 'token1', [], weth.address)
      .set(panopticPoolAbi, panopticPool, 'numberOfPositions', [vaultAddress], count)
      .set(collateralTrackerAbi, tracker0!, 'balanceOf', [vaultAddress], 3_000n)
      .set(collateralTrackerAbi, tracker0!, 'totalSupply', [], 9_000n)
      .set(collateralTrackerAbi, tracker0!, 'totalAssets', [], 10_000_000_000n)
      .set(collateralTrackerAbi, tracker1!, 'balanceOf', [vaultAddress], 0n)
      .set(collateralTrackerAbi, tracker1!, 'totalSupply', [], 0n)
      .set(collateralTrackerAbi, tracker1!, 'totalAssets', [], 0n);
    for (const id of [sold, closed]) {
      const size = open.includes(id) ? 5n * ether : 0n;
      chain.set(
        panopticPoolAbi,
        panopticPool,
        'positionData',
        [vaultAddress, id],
        [196_256, 0, 0, 0, 0n, 0n, size],
      );
    }
    return chain.set(
      panopticPoolAbi,
      panopticPool,
      'getAccumulatedFeesAndPositionsData',
      [vaultAddress, false, open],
      [(2n << 128n) + 7_000_000n, 1n << 128n, open.map((id) => [id, 5n * ether] as const)],
    );
  }
  const config = { pool: panopticPool, tokenIds: [String(sold), `0x${closed.toString(16)}`] };
  const read = (chain: TableChain, memory?: unknown, settings = config) =>
    chain.run(panoptic.read(settings, contextAt({ memory })));

  it('has its legs, its premium and its collateral; a named position that is closed does no harm', () => {
    expect(read(ledger([sold])).value.value).toMatchObject([
      { kind: 'panopticLeg', type: 'call', size: -5 },
      { kind: 'spot', label: 'panoptic premium earned', asset: 'quote', amountRaw: 7_000_000n },
      { kind: 'spot', label: 'panoptic premium earned', asset: 'base', amountRaw: 2n },
      { kind: 'debt', label: 'panoptic premium owed', asset: 'base', owedRaw: 1n },
      { kind: 'spot', label: 'panoptic collateral', asset: 'quote', amountRaw: 3_333_333_333n, locked: true },
    ]);
  });

  it('is one round once it is remembered', () => {
    const first = read(ledger([sold]));
    const again = read(ledger([sold]), JSON.parse(JSON.stringify(first.value.memory)));
    expect(again).toMatchObject({ rounds: 1, value: first.value });
  });

  it('with a position that the config does not name is refused', () => {
    expect(() => read(ledger([sold], 2n))).toThrow(
      expect.objectContaining({
        code: 'POSITION_LIST_INCOMPLETE',
        facts: { pool: panopticPool, found: 1, open: 2n },
      }),
    );
  });

  it('of another pair, or with an id of another pool, is refused', () => {
    const foreign = ledger([sold]).set(pairAbi, uniswapPool, 'token0', [], tracker0!);
    expect(() => read(foreign)).toThrow(expect.objectContaining({ code: 'MARKET_UNSUPPORTED' }));
    const stray = encode(0x1234n, 60, [leg()]);
    const chain = ledger([sold])
      .set(panopticPoolAbi, panopticPool, 'positionData', [vaultAddress, stray], [0, 0, 0, 0, 0n, 0n, 1n])
      .set(
        panopticPoolAbi,
        panopticPool,
        'getAccumulatedFeesAndPositionsData',
        [vaultAddress, false, [stray]],
        [0n, 0n, []],
      );
    expect(() => read(chain, undefined, { ...config, tokenIds: [String(stray)] })).toThrow(
      expect.objectContaining({ code: 'CORRUPT_DATA' }),
    );
  });

  it('names each token id once, decimal or hexadecimal', () => {
    const twice = { pool: panopticPool, tokenIds: ['16', '0x10'] };
    expect(panoptic.config.safeParse(twice).success).toBe(false);
  });
});
