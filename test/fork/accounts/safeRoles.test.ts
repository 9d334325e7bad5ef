import { afterEach, describe, expect, it } from 'vitest';
import { erc20Abi } from '../../../abis/erc20.ts';
import { armingLines } from '../../../src/cli/output/arming.ts';
import { toWhole } from '../../../src/core/units.ts';
import { bindingOf } from '../../../src/runtime/arm/binding.ts';
import { armingTerms } from '../../../src/runtime/arm/terms.ts';
import { executeAs } from '../../../src/runtime/fork/impersonate.ts';
import { prepareRole, worstRoleCaseQuote } from '../../../src/runtime/mandate/rolesMandate.ts';
import { verifyRole } from '../../../src/runtime/mandate/verifyRole.ts';
import { type AccountKeeper, openAccountKeeper } from '../../support/accountKeeper.ts';
import { useDevnet } from '../../support/devnet.ts';
import { toolsWith } from '../../support/keeperOnDevnet.ts';

const lab = useDevnet({}, (devnet) =>
  devnet.createRolesSafe({
    holdings: [
      { token: devnet.tokens.weth, amount: 30 },
      { token: devnet.tokens.usdc, amount: 100_000 },
    ],
  }),
);

let keepers: AccountKeeper[] = [];

async function openKeeper(targetDelta: number, role = 'ballast'): Promise<AccountKeeper> {
  const { devnet, prepared } = lab();
  const account = `kind: safeRoles, roles: "${prepared.terms.roles}", role: ${role}, sellPerDay: 50, spendPerDay: 150000, minPrice: 2000, maxPrice: 4000, maxSlippageBps: 150`;
  const keeper = await openAccountKeeper(devnet, prepared.address, account, targetDelta);
  keepers.push(keeper);
  return keeper;
}

afterEach(async () => {
  for (const keeper of keepers) await keeper.end();
  keepers = [];
});

async function baseHeld(): Promise<number> {
  const { devnet, prepared } = lab();
  const raw = await devnet.node.read(devnet.tokens.weth.address, erc20Abi, 'balanceOf', [prepared.address]);
  return toWhole(raw, 18);
}

describe('a keeper hedges a Safe by a role', () => {
  it('sells and buys through SwapRouter02, and counts its orders as the chain does', async () => {
    const selling = await openKeeper(10);
    expect((await selling.hedge()).decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
    expect(await baseHeld()).toBeCloseTo(10, 6);
    const buying = await openKeeper(20);
    const settled = await buying.hedge();
    expect(await baseHeld()).toBeCloseTo(20, 2);
    expect(settled.snapshot?.chain.guard.nextSequence).toBe(2n);
  });

  it('gets nothing from a role that was not given to it', async () => {
    const keeper = await openKeeper(10, 'other');
    expect((await keeper.tick()).decision).toMatchObject({ kind: 'halt', code: 'moduleNotEnabled' });
  });
});

describe('ballast mandate for a Safe with a role', () => {
  it('writes a batch that gives the role, takes it from others, and lets the key do nothing more', async () => {
    const { devnet, prepared: safe } = lab();
    const { config } = await openKeeper(10, 'second');
    const [vault] = config.vaults;
    const { address: newKeeper } = devnet.accounts.guardian;
    const prepared = await prepareRole(
      config,
      vault!,
      [newKeeper],
      toolsWith(devnet.accounts.keeper.privateKey),
    );
    const titles = prepared.calls.map(({ title }) => title);
    expect(titles.slice(0, 2)).toEqual([
      `take the role from ${devnet.accounts.keeper.address}`,
      `shut ${devnet.accounts.keeper.address} out of the modifier`,
    ]);
    expect(titles).toContain(`give ${newKeeper} the role`);
    expect(prepared.calls.at(-1)?.words.join(' ')).toMatch(
      /no oracle is asked.*an order is bound to the keeper key's nonce/,
    );

    const trials = await verifyRole({ rpcUrl: devnet.url, chainId: devnet.chainId }, prepared);
    expect(trials.filter(({ isAsExpected }) => !isAsExpected)).toEqual([]);
    const tried = Object.fromEntries(trials.map(({ name, found }) => [name, found]));
    expect(tried['an order within the role']).toMatch(/^goes through/);
    expect(tried['paid out to somebody else']).toMatch(/a parameter is not the one that is allowed/);
    expect(tried['beyond the allowance']).toMatch(/what is left of the allowance \(second.sell\)/);

    // In force on the devnet itself, the former keeper is out.
    for (const { to, data } of prepared.calls) await executeAs(devnet.node, { from: safe.address, to, data });
    const former = await openKeeper(10, 'second');
    expect((await former.tick()).decision).toMatchObject({ kind: 'halt', code: 'keeperNotAllowed' });
  });

  it('does not count orders anew when it is run again', async () => {
    const { devnet } = lab();
    const keeper = await openKeeper(10);
    await keeper.hedge();
    const { address } = devnet.accounts.keeper;
    const tools = toolsWith(devnet.accounts.keeper.privateKey);
    const again = await prepareRole(keeper.config, keeper.config.vaults[0]!, [address], tools);
    expect(again.calls.map(({ title }) => title)).not.toContain('count the orders');
    for (const { to, data } of again.calls)
      await executeAs(devnet.node, { from: lab().prepared.address, to, data });
    expect((await keeper.tick()).snapshot?.chain.guard.nextSequence).toBe(1n);
  });

  it('says what a stolen key costs at most: all that it may trade, both ways, at the worse of the two prices and the fee', () => {
    const { terms } = lab().prepared;
    const fee = 0.003;
    const sales = 2 * 1_000 * (6_000 - 1_500 * (1 - fee));
    const purchases = 2 * 3_000_000 * (1 - (1_500 * (1 - fee)) / 6_000);
    expect(worstRoleCaseQuote(terms, 1)).toBeCloseTo(sales + purchases, 3);
    expect(worstRoleCaseQuote(terms, 6)).toBeCloseTo((7 / 2) * (sales + purchases), 3);
  });

  it('says so too before it is armed, and promises no inventory that nothing holds', async () => {
    const keeper = await openKeeper(10);
    const tools = toolsWith(lab().devnet.accounts.keeper.privateKey);
    const [terms] = await armingTerms(keeper.config, tools);
    const fee = 0.003;
    const sales = 2 * 50 * (4_000 - 2_000 * (1 - fee));
    const purchases = 2 * 150_000 * (1 - (2_000 * (1 - fee)) / 4_000);
    expect(terms?.worstDayQuote).toBeCloseTo(sales + purchases, 3);
    const binding = bindingOf(keeper.config, { version: '1.0.0', fingerprint: 'abc' }, []);
    const text = armingLines(terms!, binding).join(' ').replaceAll(/\s+/g, ' ');
    expect(text).toContain("stolen key, 1 day: 351,050.00 USDC in a market between the role's two prices;");
    expect(text).toContain('any mix of WETH and USDC that the allowances reach');
  });
});
