import { describe, expect, it } from 'vitest';
import { opynControllerStandInAbi } from '../../abis/opynControllerStandIn.ts';
import { opynOracleStandInAbi } from '../../abis/opynOracleStandIn.ts';
import { otokenStandInAbi } from '../../abis/otokenStandIn.ts';
import { premiaOracleAdapterStandInAbi } from '../../abis/premiaOracleAdapterStandIn.ts';
import { premiaPoolStandInAbi } from '../../abis/premiaPoolStandIn.ts';
import * as protocols from '../../src/adapters/protocols/index.ts';
import { totalExposure } from '../../src/core/exposure/exposure.ts';
import type { Position } from '../../src/core/position.ts';
import { all } from '../../src/core/read.ts';
import { callOf, nextExpiry, placeStandIns, standIns } from '../../src/devnet/index.ts';
import type { ChainProtocol, Memory } from '../../src/ports/protocol.ts';
import { useDevnet } from '../support/devnet.ts';
import { giveStandInPositions } from '../support/standInPositions.ts';
import { contextOf, openReadChain, readOne } from '../support/vaultOnDevnet.ts';

const kinds = ['balances', 'opyn', 'ribbon', 'squeeth', 'panoptic', 'premia', 'gmx', 'synthetix'] as const;

const lab = useDevnet({}, async (devnet) => {
  const { weth, usdc } = devnet.tokens;
  const safe = await devnet.createSafe({
    holdings: [
      { token: weth, amount: 40 },
      { token: usdc, amount: 100_000 },
    ],
  });
  const expirySeconds = nextExpiry((await devnet.node.head()).timestampSeconds, 14);
  const [otoken] = await safe.writeOptions([{ type: 'call', strike: 3_500, expirySeconds, amount: 12.5 }]);
  await giveStandInPositions(devnet, safe, otoken!);
  return { safe, expirySeconds, chain: await openReadChain(devnet) };
});

/** Everything that the Safe holds, in the order of the kinds. */
async function readAll(memories: readonly Memory[] = []) {
  const { devnet, prepared } = lab();
  const at = await prepared.chain.head();
  const reads = kinds.map((kind, index) => {
    const protocol = (protocols as unknown as Record<string, ChainProtocol>)[kind]!;
    const context = contextOf(devnet, prepared.safe.address, at, memories[index]);
    return protocol.read(protocol.sample, context);
  });
  const { value, rounds } = await readOne(prepared.chain, all(reads), at);
  return {
    positions: value.flatMap((one) => one.value),
    memories: value.map(({ memory }) => memory),
    rounds,
    at,
  };
}

const exposureAt = (positions: readonly Position[], spot: number, nowSeconds: number) =>
  totalExposure(positions, {
    spot,
    volatility: 0.65,
    rate: 0,
    nowSeconds,
    baseDecimals: 18,
    quoteDecimals: 6,
  });

describe('a Safe that holds something of every protocol', () => {
  it('is read in one round once it is known', async () => {
    const first = await readAll();
    expect(new Set(first.positions.map(({ kind }) => kind))).toEqual(
      new Set(['spot', 'option', 'powerPerp', 'panopticLeg', 'perp', 'debt']),
    );
    const second = await readAll(first.memories);
    expect(second.rounds).toBe(1);
    expect(second.positions).toEqual(first.positions);
  });

  it('has as delta the central difference of its value when market and feed move together', async () => {
    const { devnet } = lab();
    const price = devnet.market.price;
    const middle = await readAll();
    const { delta } = exposureAt(middle.positions, price, middle.at.timestampSeconds);
    const gross = middle.positions.reduce(
      (sum, position) => sum + Math.abs(exposureAt([position], price, middle.at.timestampSeconds).delta),
      0,
    );
    const valueAt = async (spot: number) => {
      const restore = await devnet.snapshot();
      await devnet.mineBlock({ price: spot });
      const { positions } = await readAll();
      await restore();
      return exposureAt(positions, spot, middle.at.timestampSeconds).valueQuote;
    };
    const [up, down] = [await valueAt(price * 1.001), await valueAt(price * 0.999)];
    expect(Math.abs((up - down) / (0.002 * price) - delta)).toBeLessThan(0.001 * gross);
  });
});

describe('a spread on the ledger', () => {
  it('needs the collateral of its greatest loss, counts as both options, and pays what the ledger pays', async () => {
    const { devnet, prepared } = lab();
    const { safe, expirySeconds } = prepared;
    const { opynController, opynOracle, weth } = devnet.addresses;
    const [short] = await safe.holdOptions([{ type: 'call', strike: 3_200, expirySeconds, amount: 0.5 }]);
    const [long] = await safe.holdOptions([{ type: 'call', strike: 4_000, expirySeconds, amount: 10 }]);
    const amount = 10_00000000n;
    // (4,000 - 3,200) / 4,000 of ten ether.
    const collateral = 2n * 10n ** 18n;
    const open = (collateralRaw: bigint) =>
      safe.execute([
        callOf(opynController, opynControllerStandInAbi, 'openVault', []),
        callOf(weth, otokenStandInAbi, 'approve', [opynController, collateralRaw]),
        callOf(long!, otokenStandInAbi, 'approve', [opynController, amount]),
        callOf(opynController, opynControllerStandInAbi, 'depositCollateral', [2n, weth, collateralRaw]),
        callOf(opynController, opynControllerStandInAbi, 'depositLong', [2n, long!, amount]),
        callOf(opynController, opynControllerStandInAbi, 'mintShort', [
          2n,
          short!,
          amount,
          devnet.accounts.user.address,
        ]),
      ]);
    await expect(open(collateral - 1n)).rejects.toThrow(/reverted/);
    await open(collateral);

    const { positions } = await readAll();
    const ofVault = positions.filter(({ label }) => label.startsWith('opyn vault 2'));
    expect(ofVault).toMatchObject([
      { kind: 'option', strike: 3_200, size: -10 },
      { kind: 'option', strike: 4_000, size: 10 },
      { kind: 'spot', asset: 'base', amountRaw: collateral },
    ]);

    await devnet.mineBlock({ timestampSeconds: expirySeconds + 60 });
    const priceThen = callOf(opynOracle, opynOracleStandInAbi, 'setExpiryPrice', [
      weth,
      BigInt(expirySeconds),
      5_000n * 10n ** 8n,
    ]);
    await devnet.transact(devnet.accounts.user, [priceThen]);
    const { positions: settled, at } = await readAll();
    const worth = exposureAt(
      settled.filter(({ label }) => label.startsWith('opyn vault 2')),
      5_000,
      at.timestampSeconds,
    );
    const before = await devnet.node.read(weth, otokenStandInAbi, 'balanceOf', [safe.address]);
    await safe.execute([callOf(opynController, opynControllerStandInAbi, 'settleVault', [2n, safe.address])]);
    const paid = (await devnet.node.read(weth, otokenStandInAbi, 'balanceOf', [safe.address])) - before;
    expect(worth.delta).toBeCloseTo(Number(paid) / 1e18, 9);
    expect((await readAll()).positions.filter(({ label }) => label.startsWith('opyn vault 2'))).toEqual([]);
  });
});

describe('an option that has matured', () => {
  it('is fixed by the pool’s oracle, and final once the pool has kept the price', async () => {
    const { devnet, prepared } = lab();
    const { user } = devnet.accounts;
    const maturitySeconds = prepared.expirySeconds;
    await placeStandIns(devnet, ['premia'], { type: 'put', strike: 3_300, maturitySeconds });
    const hold = callOf(standIns.premiaPool, premiaPoolStandInAbi, 'setBalance', [
      prepared.safe.address,
      0n,
      4n * 10n ** 18n,
    ]);
    await devnet.transact(user, [hold]);
    await devnet.mineBlock({ timestampSeconds: maturitySeconds + 60 });
    const option = async () => (await readAll()).positions.find(({ label }) => /premia .* put$/.test(label));
    expect(await option()).toMatchObject({ kind: 'option', size: -4, settlementPrice: null });
    expect(await option()).not.toHaveProperty('fixingPrice');
    const set = callOf(standIns.premiaOracleAdapter, premiaOracleAdapterStandInAbi, 'setPriceAt', [
      BigInt(maturitySeconds),
      3_000n * 10n ** 18n,
    ]);
    await devnet.transact(user, [set]);
    expect(await option()).toMatchObject({ settlementPrice: null, fixingPrice: 3_000 });
    await devnet.transact(user, [
      callOf(standIns.premiaPool, premiaPoolStandInAbi, 'tryCacheSettlementPrice', []),
    ]);
    expect(await option()).toMatchObject({ settlementPrice: 3_000 });
  });
});
