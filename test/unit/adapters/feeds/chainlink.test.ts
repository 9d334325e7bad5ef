import fc from 'fast-check';
import { parseAbi } from 'viem';
import { describe, expect, it } from 'vitest';
import { chainlink } from '../../../../src/adapters/feeds/chainlink.ts';
import { toWhole } from '../../../../src/core/units.ts';
import type { ReadContext } from '../../../../src/ports/protocol.ts';
import { contextAt } from '../../../support/readContext.ts';
import { nowSeconds } from '../../../support/snapshot.ts';
import { TableChain } from '../../../support/tableChain.ts';

// Written out again here: what the plug-in calls is checked against the published interface.
const abi = parseAbi([
  'function decimals() view returns (uint8)',
  'function latestRoundData() view returns (uint80, int256, uint256, uint256, uint80)',
]);
const ethFeed = `0x${'e1'.repeat(20)}` as const;
const ratioFeed = `0x${'e2'.repeat(20)}` as const;
const usdcFeed = `0x${'e3'.repeat(20)}` as const;

interface Round {
  readonly answer: bigint;
  readonly decimals?: number;
  readonly updatedAt?: number;
  readonly roundId?: bigint;
  readonly answeredInRound?: bigint;
}

function feed(chain: TableChain, address: `0x${string}`, round: Round): TableChain {
  const {
    answer,
    decimals = 8,
    updatedAt = nowSeconds - 60,
    roundId = 5n,
    answeredInRound = roundId,
  } = round;
  const time = BigInt(updatedAt);
  return chain
    .set(abi, address, 'decimals', [], decimals)
    .set(abi, address, 'latestRoundData', [], [roundId, answer, time, time, answeredInRound]);
}

const context: ReadContext = contextAt();
const base = [{ feed: ethFeed, heartbeatSeconds: 3_600 }];
const quote = { feed: usdcFeed, heartbeatSeconds: 86_400 };

describe('a price from one feed', () => {
  it('is exact in raw units', () => {
    const chain = feed(new TableChain(), ethFeed, { answer: 3_000_12345678n });
    const { value, rounds } = chain.run(chainlink.read({ base }, context));
    expect(rounds).toBe(1);
    expect(value).toMatchObject({ price: 3000.12345678, fault: null, staleAfterSeconds: 3_600 });
    // One whole WETH (18 decimals) in USDC (6 decimals).
    expect((10n ** 18n * value.numerator) / value.denominator).toBe(3_000_123456n);
  });

  it.each<[string, Round, RegExp]>([
    ['zero', { answer: 0n }, /answers 0/],
    ['negative', { answer: -1n }, /answers -1/],
    ['of an unfinished round', { answer: 1n, updatedAt: 0 }, /has not finished round 5/],
    [
      'carried over from an older round',
      { answer: 1n, answeredInRound: 4n },
      /carries round 5 over from round 4/,
    ],
    ['from the future', { answer: 1n, updatedAt: nowSeconds + 1 }, /1 s after this block/],
  ])('is a fault, not a number, when it is %s', (_, round, words) => {
    const { value } = feed(new TableChain(), ethFeed, round).run(chainlink.read({ base }, context));
    expect(value.fault).toMatch(words);
    expect(value.fault).toContain(ethFeed);
  });

  it('is a fault when the feed has no answer at all', () => {
    const chain = new TableChain()
      .set(abi, ethFeed, 'decimals', [], 8)
      .revert(abi, ethFeed, 'latestRoundData', []);
    expect(chain.run(chainlink.read({ base }, context)).value.fault).toMatch(/it reverts/);
  });

  it('is a fault when the feed reports other decimals than the config expects', () => {
    const chain = feed(new TableChain(), ethFeed, { answer: 1n, decimals: 18 });
    const strict = [{ ...base[0]!, decimals: 8 }];
    expect(chain.run(chainlink.read({ base: strict }, context)).value.fault).toMatch(/has 18 decimals/);
  });

  it('carries its own age and heartbeat, whatever the wall clock says', () => {
    const chain = feed(new TableChain(), ethFeed, { answer: 1n, updatedAt: nowSeconds - 4_000 });
    const { value } = chain.run(chainlink.read({ base }, context));
    expect(value).toMatchObject({
      fault: null,
      updatedAtSeconds: nowSeconds - 4_000,
      staleAfterSeconds: 3_600,
    });
  });
});

describe('a price from several feeds', () => {
  it('is the product of the base feeds over the quote feed', () => {
    const answers = fc.bigInt(1n, 10n ** 20n);
    const decimals = fc.integer({ min: 0, max: 18 });
    fc.assert(
      fc.property(answers, answers, answers, decimals, decimals, decimals, (a, b, c, da, db, dc) => {
        const chain = new TableChain();
        feed(chain, ethFeed, { answer: a, decimals: da });
        feed(chain, ratioFeed, { answer: b, decimals: db });
        feed(chain, usdcFeed, { answer: c, decimals: dc });
        const two = [...base, { feed: ratioFeed, heartbeatSeconds: 86_400 }];
        const { value } = chain.run(chainlink.read({ base: two, quote }, context));
        const expected = (toWhole(a, da) * toWhole(b, db)) / toWhole(c, dc);
        expect(value.price / expected).toBeCloseTo(1, 10);
        // numerator/denominator = price x 10^quoteDecimals / 10^baseDecimals, as integers: cross-multiplied.
        const left = value.numerator * 10n ** 18n * 10n ** BigInt(da + db) * c;
        const right = value.denominator * 10n ** 6n * 10n ** BigInt(dc) * a * b;
        expect(left).toBe(right);
      }),
    );
  });

  it('goes stale with the feed that is nearest to the end of its heartbeat', () => {
    const chain = feed(new TableChain(), ethFeed, { answer: 1n, updatedAt: nowSeconds - 100 });
    feed(chain, usdcFeed, { answer: 1n, updatedAt: nowSeconds - 86_000 });
    const { value } = chain.run(chainlink.read({ base, quote }, context));
    expect(value).toMatchObject({ updatedAtSeconds: nowSeconds - 86_000, staleAfterSeconds: 86_400 });
    feed(chain, usdcFeed, { answer: 1n, updatedAt: nowSeconds - 4_000 });
    const sooner = chain.run(chainlink.read({ base, quote }, context)).value;
    expect(sooner).toMatchObject({ updatedAtSeconds: nowSeconds - 100, staleAfterSeconds: 3_600 });
  });

  it('may be as new as the block itself', () => {
    const chain = feed(new TableChain(), ethFeed, { answer: 1n, updatedAt: nowSeconds });
    expect(chain.run(chainlink.read({ base }, context)).value.fault).toBeNull();
  });

  it('names every feed at fault', () => {
    const chain = feed(new TableChain(), ethFeed, { answer: 0n });
    feed(chain, usdcFeed, { answer: -5n });
    const { fault } = chain.run(chainlink.read({ base, quote }, context)).value;
    expect(fault).toContain(ethFeed);
    expect(fault).toContain(usdcFeed);
  });
});
