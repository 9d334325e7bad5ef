import { describe, expect, it } from 'vitest';
import { devnetAggregatorAbi } from '../../../abis/devnetAggregator.ts';
import { devnetTokenAbi } from '../../../abis/devnetToken.ts';
import { wrappedTokenStandInAbi } from '../../../abis/wrappedTokenStandIn.ts';
import { wrappedTokens } from '../../../src/adapters/protocols/index.ts';
import {
  callOf,
  devnetAggregators,
  devnetShares,
  devnetTokens,
  placeWrappedEther,
} from '../../../src/devnet/index.ts';
import type { Memory } from '../../../src/ports/protocol.ts';
import { useDevnet } from '../../support/devnet.ts';
import { contextOf, openReadChain, readOne } from '../../support/vaultOnDevnet.ts';

const { usdt } = devnetTokens;
const { wstEth } = devnetShares;

describe('tokens that count as another at a rate', () => {
  const given = useDevnet({ price: 3_000 }, async (devnet) => {
    await placeWrappedEther(devnet, 1.18);
    return { safe: await devnet.createSafe({ mandate: null }), chain: await openReadChain(devnet) };
  });
  const staked = (rate: (typeof wrappedTokens.sample.tokens)[number]['rate']) => ({
    tokens: [{ token: wstEth, as: 'base' as const, rate }],
  });

  async function read(config = wrappedTokens.sample, memory?: Memory) {
    const { devnet, prepared } = given();
    const at = await prepared.chain.head();
    const context = contextOf(devnet, prepared.safe.address, at, memory);
    const { value, rounds } = await readOne(prepared.chain, wrappedTokens.read(config, context), at);
    return { ...value, rounds };
  }
  async function hold(amountRaw: bigint) {
    const { devnet, prepared } = given();
    await devnet.transact(devnet.accounts.user, [
      callOf(wstEth, devnetTokenAbi, 'mint', [prepared.safe.address, amountRaw]),
    ]);
  }
  async function answer(aggregator: `0x${string}`, dollars: number, ageSeconds = 0) {
    const { devnet } = given();
    const at = (await devnet.node.head()).timestampSeconds - ageSeconds;
    const round = [BigInt(Math.round(dollars * 1e8)), at, at] as const;
    await devnet.transact(devnet.accounts.reporter, [
      callOf(aggregator, devnetAggregatorAbi, 'transmitAt', round),
    ]);
  }

  it.each(['stEthPerToken', 'exchangeRate', 'getExchangeRate'] as const)(
    'are so much base as their contract says by %s, and follow it',
    async (rate) => {
      await hold(10n * 10n ** 18n);
      const first = await read(staked(rate));
      expect(first.value).toEqual([
        {
          kind: 'spot',
          label: 'wstETH as WETH',
          asset: 'base',
          amountRaw: 11_800_000_000_000_000_000n,
          locked: true,
        },
      ]);
      const { devnet } = given();
      await devnet.transact(devnet.accounts.user, [
        callOf(wstEth, wrappedTokenStandInAbi, 'setRate', [1_200_000_000_000_000_000n]),
      ]);
      const second = await read(staked(rate), JSON.parse(JSON.stringify(first.memory)));
      expect(second).toMatchObject({ rounds: 1, value: [{ amountRaw: 12n * 10n ** 18n }] });
    },
  );

  it('that rebase are their balance', async () => {
    await hold(7n);
    expect((await read(staked('one'))).value).toMatchObject([{ amountRaw: 7n }]);
  });

  it('another dollar is worth what the feeds of both say', async () => {
    const { devnet, prepared } = given();
    await devnet.fund(prepared.safe.address, [{ token: usdt, amount: 1_000 }]);
    await answer(devnetAggregators.usdtUsd, 0.98);
    await answer(devnetAggregators.usdcUsd, 1.01);
    const { value } = await read();
    expect(value).toMatchObject([{ label: 'USDT as USDC', asset: 'quote', amountRaw: 970_297_029n }]);
  });

  it('are refused where their feed is late, or says nothing that could be', async () => {
    await answer(devnetAggregators.usdtUsd, 0.98, 90_013);
    await expect(read()).rejects.toMatchObject({ code: 'RATE_STALE' });
    await answer(devnetAggregators.usdtUsd, 0);
    await expect(read()).rejects.toThrow(/an answer above 0/);
  });
});
