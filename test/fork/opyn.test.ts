import { describe, expect, it } from 'vitest';
import { opynControllerStandInAbi } from '../../abis/opynControllerStandIn.ts';
import { opynOracleStandInAbi } from '../../abis/opynOracleStandIn.ts';
import { openChain } from '../../src/adapters/chain/openChain.ts';
import { opyn } from '../../src/adapters/protocols/index.ts';
import { exposureOf } from '../../src/core/exposure/exposure.ts';
import type { OptionPosition } from '../../src/core/position.ts';
import { toWhole } from '../../src/core/units.ts';
import { callOf, type Devnet, nextExpiry } from '../../src/devnet/index.ts';
import type { Memory } from '../../src/ports/protocol.ts';
import { useDevnet } from '../support/devnet.ts';
import { contextOf, readOne } from '../support/vaultOnDevnet.ts';

const lab = useDevnet({}, async (devnet: Devnet) => {
  const safe = await devnet.createSafe();
  const expirySeconds = nextExpiry((await devnet.node.head()).timestampSeconds, 7);
  const [callToken, putToken] = await safe.writeOptions([
    { type: 'call', strike: 2_900, expirySeconds, amount: 12.5 },
    { type: 'put', strike: 3_300, expirySeconds, amount: 8 },
  ]);
  await safe.holdOptions([{ type: 'call', strike: 2_900, expirySeconds, amount: 2 }]);
  const chain = await openChain({ url: devnet.url });
  return { safe, chain, expirySeconds, callToken: callToken!, putToken: putToken! };
});

async function read(memory?: Memory) {
  const { devnet, prepared } = lab();
  const at = await prepared.chain.head();
  const context = contextOf(devnet, prepared.safe.address, at, memory);
  const config = { controller: devnet.addresses.opynController, otokens: [] };
  const { value, rounds } = await readOne(prepared.chain, opyn.read(config, context), at);
  const options = value.value.filter((position): position is OptionPosition => position.kind === 'option');
  const collateral = value.value.filter((position) => position.kind === 'spot');
  return { options, collateral, memory: value.memory, rounds, nowSeconds: at.timestampSeconds };
}

/** Lets the options expire and the oracle know the price of ether then. */
async function expire(price: number | null) {
  const { devnet, prepared } = lab();
  const { expirySeconds } = prepared;
  await devnet.mineBlock({ timestampSeconds: expirySeconds + 60 });
  if (price === null) return;
  const args = [devnet.addresses.weth, BigInt(expirySeconds), BigInt(price) * 10n ** 8n] as const;
  const set = callOf(devnet.addresses.opynOracle, opynOracleStandInAbi, 'setExpiryPrice', args);
  await devnet.transact(devnet.accounts.user, [set]);
}

describe('options on the ledger', () => {
  it('are read with their sizes, strikes and collateral', async () => {
    const { expirySeconds } = lab().prepared;
    const { options, collateral } = await read();
    const terms = options.map(({ type, strike, size, settlementPrice }) => ({
      type,
      strike,
      size,
      settlementPrice,
    }));
    expect(terms).toEqual([
      { type: 'call', strike: 2_900, size: -12.5, settlementPrice: null },
      { type: 'put', strike: 3_300, size: -8, settlementPrice: null },
      { type: 'call', strike: 2_900, size: 2, settlementPrice: null },
    ]);
    expect(options.every((option) => option.expirySeconds === expirySeconds)).toBe(true);
    expect(collateral).toMatchObject([
      { asset: 'base', amountRaw: 12_500_000_000_000_000_000n, locked: true },
      { asset: 'quote', amountRaw: 26_400_000_000n, locked: true },
    ]);
  });

  it('wait for the oracle after expiry', async () => {
    await expire(null);
    expect((await read()).options.map(({ settlementPrice }) => settlementPrice)).toEqual([null, null, null]);
  });

  it('are worth after settlement what the ledger pays out', async () => {
    const { devnet, prepared } = lab();
    const { memory } = await read();
    await expire(3_100);
    const { options, nowSeconds, memory: later } = await read(memory);
    const controller = devnet.addresses.opynController;
    const payout = (otoken: `0x${string}`, amount: bigint) =>
      devnet.node.read(controller, opynControllerStandInAbi, 'getPayout', [otoken, amount]);
    const view = { spot: 3_100, volatility: 0.6, rate: 0, nowSeconds, baseDecimals: 18, quoteDecimals: 6 };
    const values = options.map((option) => exposureOf(option, view).valueQuote);
    // Calls are paid in WETH, puts in USDC.
    expect(values[0]).toBeCloseTo(-toWhole(await payout(prepared.callToken, 12_50000000n), 18) * 3_100, 6);
    expect(values[1]).toBeCloseTo(-toWhole(await payout(prepared.putToken, 8_00000000n), 6), 6);
    expect(values[2]).toBeCloseTo(toWhole(await payout(prepared.callToken, 2_00000000n), 18) * 3_100, 6);
    expect(options.every(({ settlementPrice }) => settlementPrice === 3_100)).toBe(true);
    // What is owed in WETH moves with its price until it is paid; what is owed in USDC does not.
    const deltas = options.map((option) => exposureOf(option, view).delta);
    expect(deltas[0]).toBeCloseTo(-toWhole(await payout(prepared.callToken, 12_50000000n), 18), 6);
    expect(deltas[1]).toBe(0);
    expect((await read(later)).rounds).toBe(1);
  });

  it('are gone once the vaults are settled; what is held as tokens stays', async () => {
    const { devnet, prepared } = lab();
    const { safe } = prepared;
    const { memory } = await read();
    await expire(3_100);
    const controller = devnet.addresses.opynController;
    await safe.execute([
      callOf(controller, opynControllerStandInAbi, 'settleVault', [1n, safe.address]),
      callOf(controller, opynControllerStandInAbi, 'settleVault', [2n, safe.address]),
    ]);
    const { options, collateral } = await read(memory);
    expect(options.map(({ size }) => size)).toEqual([2]);
    expect(collateral).toEqual([]);
  });
});
