import { describe, expect, it } from 'vitest';
import { erc20Abi } from '../../abis/erc20.ts';
import { poolManagerAbi } from '../../abis/poolManager.ts';
import { safe } from '../../src/adapters/accounts/index.ts';
import type { Pool } from '../../src/core/amm/pool.ts';
import { quoteExactIn, quoteExactOut } from '../../src/core/amm/swap.ts';
import type { Order, Side } from '../../src/core/decision.ts';
import { route, v4KeyOf } from '../../src/core/hedge/route.ts';
import { type Address, sameAddress } from '../../src/core/units.ts';
import { callOf, defaultMandate, devnetPairs, devnetV4Pools } from '../../src/devnet/index.ts';
import { useDevnet } from '../support/devnet.ts';
import { type Question, type Subject, subjects } from '../support/quoters.ts';
import { seededUniform } from '../support/random.ts';
import { tradable } from '../support/tradable.ts';
import { contextOf, readOne, type VaultOnDevnet, vaultOn } from '../support/vaultOnDevnet.ts';

const lab = useDevnet({ venues: ['uniswapV2', 'uniswapV4'] }, vaultOn);

async function read({ venue, config }: Subject): Promise<Pool> {
  const { devnet, prepared } = lab();
  const at = await prepared.chain.head();
  const context = contextOf(devnet, prepared.safe.address, at);
  return tradable((await readOne(prepared.chain, venue.read(config, context), at)).value.value);
}

function answer(pool: Pool, { zeroForOne, exactIn, amountRaw }: Question): bigint {
  return exactIn
    ? quoteExactIn(pool, { zeroForOne, amountRaw }).amountOutRaw
    : quoteExactOut(pool, { zeroForOne, amountRaw }).amountInRaw;
}

/** Both directions, both kinds, from a millionth of a WETH or so to 2,000 of them and what they are worth. */
function* questions(pool: Pool, weth: Address, count: number): Generator<Question> {
  const uniform = seededUniform(7);
  for (let i = 0; i < count; i++) {
    const [zeroForOne, exactIn] = [uniform() < 0.5, uniform() < 0.5];
    const amountOf = zeroForOne === exactIn ? pool.token0 : pool.token1;
    const most = sameAddress(amountOf, weth) ? 2_000e18 : 4_000_000e6;
    yield { zeroForOne, exactIn, amountRaw: BigInt(Math.floor(most * 1e-9 ** uniform())) };
  }
}

async function compare(subject: Subject, count: number): Promise<void> {
  const { devnet } = lab();
  const pool = await read(subject);
  for (const question of questions(pool, devnet.tokens.weth.address, count)) {
    expect(
      answer(pool, question),
      JSON.stringify(question, (_, value) => `${value}`),
    ).toBe(await subject.ask(devnet, pool, question));
  }
}

describe.each(subjects)('$name', (subject) => {
  it('quotes 80 swaps of any size to the unit as its own quoter does', async () => {
    await compare(subject, 80);
  });

  it('quotes them after the market has moved', async () => {
    await lab().devnet.mineBlock({ price: 2_717 });
    await compare(subject, 20);
  });
});

it('counts a v4 pool’s protocol fee, which differs by direction', async () => {
  const { devnet } = lab();
  const { deployer } = devnet.accounts;
  const { poolManager } = devnet.addresses;
  const fee = (900 << 12) | 400;
  await devnet.transact(deployer, [
    callOf(poolManager, poolManagerAbi, 'setProtocolFeeController', [deployer.address]),
    callOf(poolManager, poolManagerAbi, 'setProtocolFee', [devnetV4Pools.ethUsdc500.key, fee]),
  ]);
  const subject = subjects[2]!;
  expect(await read(subject)).toMatchObject({ protocolFeePips: { zeroForOne: 400, oneForZero: 900 } });
  await compare(subject, 40);
});

/** A Safe whose mandate names a pool of each kind. */
function createVault() {
  const { devnet } = lab();
  const { addresses, accounts, tokens } = devnet;
  return devnet.createSafe({
    mandate: {
      ...defaultMandate(accounts),
      pools: [addresses.usdcWeth500, devnetPairs.usdcWeth.address],
      poolManager: addresses.poolManager,
      v4Pools: Object.values(devnetV4Pools).map(({ id }) => id),
    },
    holdings: [
      { token: tokens.weth, amount: 100 },
      { token: tokens.usdc, amount: 500_000 },
    ],
  });
}

/** The same amount on every pool, at not a unit worse than quoted. */
async function orderOverAll(side: Side) {
  const { devnet, prepared } = lab();
  const { tokens } = devnet;
  const vault = await createVault();
  const pools = await Promise.all(subjects.map(read));
  const baseRaw = 3n * 10n ** 18n;
  const quoted = pools.map((pool) => {
    const wethIs0 = sameAddress(pool.token0, tokens.weth.address);
    return answer(pool, {
      zeroForOne: (side === 'sell') === wethIs0,
      exactIn: side === 'sell',
      amountRaw: baseRaw,
    });
  });
  const expectedQuoteRaw = quoted.reduce((sum, amount) => sum + amount, 0n);
  const at = await prepared.chain.head();
  const order: Order = {
    side,
    baseRaw: baseRaw * BigInt(pools.length),
    expectedQuoteRaw,
    quoteLimitRaw: expectedQuoteRaw,
    minFillBps: 10_000,
    legs: pools.map((pool) => ({
      kind: 'swap',
      venue: pool.venue,
      pool: pool.address,
      baseRaw,
      sqrtPriceLimitX96: 0n,
      ...v4KeyOf(pool),
    })),
    sequence: 0n,
    deadlineSeconds: at.timestampSeconds + 120,
  };
  return { vault, order };
}

async function execute(account: VaultOnDevnet['safe'], order: Order) {
  const { devnet } = lab();
  const { keeper } = devnet.accounts;
  const { vault: terms } = contextOf(devnet, account.address, await lab().prepared.chain.head());
  const intent = safe.encode(safe.sample, terms, order, keeper.address);
  await devnet.transact(keeper, [{ label: 'hedge', to: intent.to, data: intent.data }]);
}

describe.each<Side>(['sell', 'buy'])('an order over a pool of each kind, to %s', (side) => {
  it('is filled at exactly the quotes, in one transaction', async () => {
    const { devnet } = lab();
    const { vault, order } = await orderOverAll(side);
    const held = async (token: Address) => devnet.node.read(token, erc20Abi, 'balanceOf', [vault.address]);
    const { weth, usdc } = devnet.tokens;
    const before = [await held(weth.address), await held(usdc.address)] as const;
    await execute(vault, order);
    const sign = side === 'sell' ? 1n : -1n;
    expect((before[0] - (await held(weth.address))) * sign).toBe(order.baseRaw);
    expect(((await held(usdc.address)) - before[1]) * sign).toBe(order.expectedQuoteRaw);
    expect(await devnet.node.request('eth_getBalance', [vault.address, 'latest'])).toBe('0x0');
  });

  it.each([
    ['the pools at 0.05 %', [subjects[0]!, subjects[2]!], 0],
    ['the pools at 0.05 %', [subjects[0]!, subjects[2]!], 20],
    ['the pools at 0.3 %', [subjects[1]!, subjects[3]!], 0],
    ['the pools at 0.3 %', [subjects[1]!, subjects[3]!], 20],
    ['every pool', subjects, 20],
  ])('fills as it was routed over %s', async (_, among, toleranceBps) => {
    const { devnet, prepared } = lab();
    const { weth, usdc } = devnet.tokens;
    const vault = await createVault();
    const bps = side === 'sell' ? 9_900n : 10_100n;
    const routed = route({
      side,
      baseRaw: 60n * 10n ** 18n,
      base: weth.address,
      pools: await Promise.all(among.map(read)),
      bound: { numerator: 3_000n * 10n ** 6n * bps, denominator: 10n ** 22n },
      toleranceBps,
    })!;
    expect(new Set(routed.legs.map(({ venue }) => venue)).size).toBeGreaterThan(1);
    await execute(vault, {
      side,
      baseRaw: routed.baseRaw,
      // A limit at the very price that a swap ends at may cost its last units, of base and of quote.
      quoteLimitRaw: toleranceBps > 0 ? routed.quoteRaw : routed.quoteRaw + (side === 'sell' ? -9n : 9n),
      expectedQuoteRaw: routed.quoteRaw,
      minFillBps: toleranceBps > 0 ? 10_000 : 9_999,
      legs: routed.legs,
      sequence: 0n,
      deadlineSeconds: (await prepared.chain.head()).timestampSeconds + 120,
    });
    const sold =
      100n * 10n ** 18n - (await devnet.node.read(weth.address, erc20Abi, 'balanceOf', [vault.address]));
    const gained =
      (await devnet.node.read(usdc.address, erc20Abi, 'balanceOf', [vault.address])) - 500_000n * 10n ** 6n;
    if (toleranceBps > 0) {
      expect(sold).toBe(side === 'sell' ? routed.baseRaw : -routed.baseRaw);
      expect(gained).toBe(side === 'sell' ? routed.quoteRaw : -routed.quoteRaw);
    }
  });

  it('is filled nowhere when one leg cannot be', async () => {
    const { devnet } = lab();
    const { vault, order } = await orderOverAll(side);
    const legs = order.legs.map((leg, index) =>
      index === 3 ? { ...leg, v4Key: { fee: 1, tickSpacing: 1 } } : leg,
    );
    await expect(execute(vault, { ...order, legs })).rejects.toThrow(/revert/);
    const { weth } = devnet.tokens;
    expect(await devnet.node.read(weth.address, erc20Abi, 'balanceOf', [vault.address])).toBe(
      100n * 10n ** 18n,
    );
  });
});
