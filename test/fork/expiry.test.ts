import { expect, it } from 'vitest';
import { opynOracleStandInAbi } from '../../abis/opynOracleStandIn.ts';
import type { Decision } from '../../src/core/decision.ts';
import type { OptionPosition } from '../../src/core/position.ts';
import { callOf, nextExpiry } from '../../src/devnet/index.ts';
import { tickFleet } from '../../src/engine/tick.ts';
import { parseConfig } from '../../src/runtime/config/load.ts';
import { openLook } from '../../src/runtime/worlds/look.ts';
import { type KeeperOnDevnet, useKeeper } from '../support/keeperOnDevnet.ts';

const get = useKeeper();

/** One read and one decision of `optimalBand`, nothing sent. */
async function look(keeper: KeeperOnDevnet) {
  const text = keeper.configText
    // The week until expiry passes in one block, in which no feed is heard.
    .replaceAll(/heartbeatSeconds: \d+/g, 'heartbeatSeconds: 1000000')
    .replace(/policy: \{.*\}/, 'policy: { kind: optimalBand, riskAversion: 1.0e-4 }');
  const { world, vaults, close } = await openLook(parseConfig('test.yaml', text, keeper.tools), keeper.tools);
  try {
    const [result] = await tickFleet(world, vaults);
    const options = result!.snapshot!.chain.positions.filter(
      (position): position is OptionPosition => position.kind === 'option',
    );
    return { decision: result!.decision, options };
  } finally {
    await close();
  }
}

const netDelta = ({ numbers }: Decision): number => numbers.netDelta ?? Number.NaN;

it('a book pinned at its strike and a put that settles in cash, from half an hour before expiry to after the fixing', async () => {
  const keeper = get();
  const { devnet, safe } = keeper;
  const expirySeconds = nextExpiry((await devnet.node.head()).timestampSeconds, 7);
  await safe.writeOptions([
    { type: 'call', strike: 3_000, expirySeconds, amount: 10 },
    { type: 'put', strike: 3_300, expirySeconds, amount: 8 },
  ]);

  await devnet.mineBlock({ timestampSeconds: expirySeconds - 1_800, price: 3_000 });
  const pinned = await look(keeper);
  const { explanation, numbers } = pinned.decision;
  // At the strike, half an hour before the end: gamma is counted by its average, the band is finite.
  expect(Math.abs(explanation!.gamma)).toBeLessThan(0.95 * Math.abs(numbers.exposure!.gamma));
  expect(Number.isFinite(numbers.band!.sell.act)).toBe(true);
  expect(explanation!.horizonYears).toBeCloseTo(1_800 / 31_536_000, 9);
  // The put is cash-settled: the 8 WETH sold short against it have to be bought back, at a price told now. The call is
  // paid in WETH, so that what hedges it is what is delivered.
  const [settlement, ...others] = explanation!.settlements;
  expect(others).toEqual([]);
  expect(settlement!.hedgeBase).toBeCloseTo(-8, 2);
  expect(settlement!.unwindCostQuote).toBeGreaterThan(0);

  await devnet.mineBlock({ timestampSeconds: expirySeconds + 60, price: 3_000 });
  const open = await look(keeper);
  expect(open.options.map(({ settlementPrice, fixingPrice }) => [settlementPrice, fixingPrice])).toEqual([
    [null, undefined],
    [null, undefined],
  ]);

  const args = [devnet.addresses.weth, BigInt(expirySeconds), 3_000n * 10n ** 8n] as const;
  const fixing = callOf(devnet.addresses.opynOracle, opynOracleStandInAbi, 'setExpiryPrice', args);
  await devnet.transact(devnet.accounts.user, [fixing]);
  const fixed = await look(keeper);
  // The put no longer moves: its delta of 8 is gone from one block to the next, and so must its hedge be.
  expect(fixed.options.map(({ settlementPrice }) => settlementPrice)).toEqual([3_000, 3_000]);
  expect(netDelta(pinned.decision) - netDelta(fixed.decision)).toBeGreaterThan(2);
  expect(fixed.decision.explanation!.settlements).toEqual([]);
  expect(fixed.decision.explanation!.gamma).toBe(0);
});
