import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { erc20Abi } from '../../abis/erc20.ts';
import * as accounts from '../../src/adapters/accounts/index.ts';
import { uniswapV3 } from '../../src/adapters/venues/index.ts';
import { quoteExactIn, quoteExactOut } from '../../src/core/amm/swap.ts';
import type { Order, Side } from '../../src/core/decision.ts';
import type { Address } from '../../src/core/units.ts';
import type { Account } from '../../src/ports/account.ts';
import { type AccountStage, accountStages } from '../support/accountStages.ts';
import { useDevnet } from '../support/devnet.ts';
import { tradable } from '../support/tradable.ts';
import { contextOf, readOne, vaultOn } from '../support/vaultOnDevnet.ts';

const kinds: readonly (readonly [string, Account])[] = Object.entries(
  accounts as Readonly<Record<string, Account>>,
);
const nobody: Address = '0x00000000000000000000000000000000000E0002';

/** A devnet with an account of every kind. */
const lab = useDevnet({}, async (devnet) => {
  const vault = await vaultOn(devnet);
  const stages = new Map<string, AccountStage>();
  for (const [kind, account] of kinds) {
    const stage = accountStages[kind];
    if (stage === undefined) throw new Error(`test/support/accountStages.ts has no ${kind}`);
    stages.set(kind, await stage(devnet, vault, account));
  }
  return { ...vault, stages };
});

function stageOf(account: Account): AccountStage {
  const [kind] = kinds.find(([, one]) => one === account)!;
  return lab().prepared.stages.get(kind)!;
}

async function readAccount(account: Account, keeper: Address) {
  const { devnet, prepared } = lab();
  const at = await prepared.chain.head();
  const { address, config } = stageOf(account);
  const context = contextOf(devnet, address, at);
  const found = await readOne(prepared.chain, account.read(config, context, keeper), at);
  return { ...found, at, vault: context.vault };
}

/** An order over five base, with the pool's own quote and one percent of room. */
async function orderOf(account: Account, side: Side): Promise<Order> {
  const { devnet, prepared } = lab();
  const { value, at, vault } = await readAccount(account, devnet.accounts.keeper.address);
  const context = { vault, block: at, memory: undefined };
  const found = await readOne(prepared.chain, uniswapV3.read(uniswapV3.sample, context), at);
  const pool = tradable(found.value.value);
  const baseRaw = 5n * 10n ** 18n;
  const sell = side === 'sell';
  // Base is token1 of this pool.
  const expectedQuoteRaw = sell
    ? quoteExactIn(pool, { zeroForOne: false, amountRaw: baseRaw }).amountOutRaw
    : quoteExactOut(pool, { zeroForOne: true, amountRaw: baseRaw }).amountInRaw;
  return {
    side,
    baseRaw,
    expectedQuoteRaw,
    quoteLimitRaw: (expectedQuoteRaw * (sell ? 99n : 101n)) / 100n,
    minFillBps: 9_000,
    legs: [{ kind: 'swap', venue: 'uniswapV3', pool: pool.address, baseRaw, sqrtPriceLimitX96: 0n }],
    sequence: value.guard.nextSequence,
    deadlineSeconds: at.timestampSeconds + 120,
  };
}

async function balances(account: Account) {
  const { devnet } = lab();
  const { address } = stageOf(account);
  const of = (token: Address) => devnet.node.read(token, erc20Abi, 'balanceOf', [address]);
  return { base: await of(devnet.tokens.weth.address), quote: await of(devnet.tokens.usdc.address) };
}

describe.each(kinds)('account %s', (_, account) => {
  it('takes its own sample as config, refuses unknown keys, and has a schema for editors', () => {
    expect(account.config.parse(account.sample)).toEqual(account.sample);
    expect(account.config.safeParse({ ...(account.sample as object), unknownKey: 1 }).success).toBe(false);
    expect(z.toJSONSchema(account.config, { io: 'input' })).toMatchObject({ type: 'object' });
  });

  it('tells in one round what it owns and what it is allowed', async () => {
    const { value, rounds } = await readAccount(account, lab().devnet.accounts.keeper.address);
    expect(rounds).toBe(1);
    const { base, quote } = await balances(account);
    expect(value.holdings).toEqual({ baseRaw: base, quoteRaw: quote });
    expect(value.guard).toMatchObject({
      enabled: true,
      paused: false,
      keeperAllowed: true,
      maxSlippageBps: 150,
    });
    expect(value.guard.turnoverAvailableRaw).toBeGreaterThan(0n);
    expect(value.guard.allowedPools.length).toBe(2);
  });

  it('allows no keeper that its owner did not name', async () => {
    expect((await readAccount(account, nobody)).value.guard.keeperAllowed).toBe(false);
  });

  it.each(['sell', 'buy'] as const)(
    'carries out an order to %s as simulated, and reads the fill that the balances show',
    async (side) => {
      const { devnet, prepared } = lab();
      const { keeper } = devnet.accounts;
      const { vault, at } = await readAccount(account, keeper.address);
      const order = await orderOf(account, side);
      const intent = account.encode(stageOf(account).config, vault, order, keeper.address);
      const simulation = await prepared.chain.simulate(intent, at);
      expect(simulation).toMatchObject({ ok: true });
      const before = await balances(account);
      const [hash] = await devnet.transact(keeper, [{ label: 'hedge', ...intent }]);
      const after = await balances(account);
      const receipt = (await prepared.chain.receipt(hash!))!;
      const fill = account.fill(stageOf(account).config, vault, order, receipt);
      const direction = side === 'sell' ? 1n : -1n;
      expect(fill).toMatchObject({
        side,
        transactionHash: hash,
        baseRaw: direction * (before.base - after.base),
        quoteRaw: direction * (after.quote - before.quote),
      });
      expect(fill.baseRaw).toBe(order.baseRaw);
      expect(fill.quoteRaw).toBe(order.expectedQuoteRaw);
      expect(fill.gasPaidWei).toBe(receipt.gasUsed * receipt.effectiveGasPriceWei);
      // The next block's bookkeeping comes on top of the simulated block's: well inside any sensible gas limit margin.
      if (simulation.ok) expect((simulation.gasUsed * 110n) / 100n).toBeGreaterThanOrEqual(receipt.gasUsed);
      const next = await readAccount(account, keeper.address);
      if (account.sequence === 'counted')
        expect(next.value.guard.nextSequence).toBeGreaterThan(order.sequence);
      else expect(next.value.guard.nextSequence).toBe(order.sequence + 1n);
      if (stageOf(account).hasTurnover)
        expect(next.value.guard.turnoverAvailableRaw).toBeLessThan(5_000_000n * 10n ** 6n);
    },
  );

  it.each<[keyof AccountStage['refusals'], (order: Order) => Order, 'keeper' | 'user']>([
    ['stranger', (order) => order, 'user'],
    ['usedSequence', (order) => ({ ...order, sequence: order.sequence - 1n }), 'keeper'],
    ['late', (order) => ({ ...order, deadlineSeconds: 1 }), 'keeper'],
    ['badPrice', (order) => ({ ...order, quoteLimitRaw: order.quoteLimitRaw * 2n }), 'keeper'],
  ])('says in words why an order would fail: %s', async (refusal, change, sender) => {
    const { devnet, prepared } = lab();
    const order = await orderOf(account, 'sell');
    const first = await readAccount(account, devnet.accounts.keeper.address);
    await devnet.transact(devnet.accounts.keeper, [
      {
        label: 'hedge',
        ...account.encode(stageOf(account).config, first.vault, order, devnet.accounts.keeper.address),
      },
    ]);
    const { vault, at, value } = await readAccount(account, devnet.accounts.keeper.address);
    const changed = change({ ...(await orderOf(account, 'sell')), sequence: value.guard.nextSequence });
    const intent = account.encode(stageOf(account).config, vault, changed, devnet.accounts[sender].address);
    const simulation = await prepared.chain.simulate(intent, at);
    const words = stageOf(account).refusals[refusal];
    expect(simulation.ok).toBe(words === null);
    if (!simulation.ok && words !== null) expect(simulation.reason).toMatch(words);
  });
});
