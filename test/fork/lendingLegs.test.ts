import { describe, expect, it } from 'vitest';
import { aavePoolAbi } from '../../abis/aavePool.ts';
import { erc20Abi } from '../../abis/erc20.ts';
import { hedgeModuleAbi } from '../../abis/hedgeModule.ts';
import { openChain } from '../../src/adapters/chain/index.ts';
import type { Address } from '../../src/core/units.ts';
import { callOf, type Devnet, type DevnetSafe, mainnet } from '../../src/devnet/index.ts';
import { useDevnet } from '../support/devnet.ts';

const WAD = 10n ** 18n;
const SUPPLY = 16;
const WITHDRAW = 17;
const BORROW = 18;
const REPAY = 19;
const OF_QUOTE = 4;
const ALL = (1n << 128n) - 1n;
const DOLLAR = 10n ** 6n;
const FLOOR_WAD = (3n * WAD) / 2n;

interface Step {
  readonly kind: number;
  readonly pool: Address;
  readonly baseAmount: bigint;
}

const step = (kind: number, baseAmount: bigint): Step => ({ kind, pool: mainnet.aavePool, baseAmount });
const swap = (baseAmount: bigint): Step => ({ kind: 0, pool: mainnet.usdcWeth500, baseAmount });

/** A vault with dollars and no ether, which may owe ether. */
const createVault = (devnet: Devnet, paysByAllowance = false) =>
  devnet.createSafe({
    mandate: {
      minBase: -50n * WAD,
      paysByAllowance,
      lending: {
        pool: mainnet.aavePool,
        minHealthFactorWad: FLOOR_WAD,
        maxBaseDebt: 50n * WAD,
        maxQuoteDebt: 0n,
      },
    },
    holdings: [{ token: devnet.tokens.usdc, amount: 300_000 }],
  });

describe('lending legs of the HedgeModule on the real Aave v3 of a devnet', () => {
  const world = useDevnet({ lending: ['aaveV3'] }, (devnet) => createVault(devnet));

  async function hedgeCall(devnet: Devnet, safe: DevnetSafe, sellBase: boolean, legs: readonly Step[]) {
    const { addresses, node } = devnet;
    const sequence = await node.read(addresses.hedgeModule, hedgeModuleAbi, 'nextSequence', [safe.address]);
    const swapped = legs.filter(({ kind }) => kind === 0);
    return callOf(addresses.hedgeModule, hedgeModuleAbi, 'hedge', [
      {
        avatar: safe.address,
        sequence,
        deadline: BigInt((await node.head()).timestampSeconds + 120),
        sellBase,
        baseAmount: swapped.reduce((sum, { baseAmount }) => sum + baseAmount, 0n),
        quoteLimit: sellBase ? 0n : 1n << 200n,
        minFillBps: 10_000,
        legs: legs.map((leg) => ({ ...leg, sqrtPriceLimitX96: 0n, fee: 0, tickSpacing: 0 })),
      },
    ]);
  }

  async function order(devnet: Devnet, safe: DevnetSafe, sellBase: boolean, legs: readonly Step[]) {
    await devnet.transact(devnet.accounts.keeper, [await hedgeCall(devnet, safe, sellBase, legs)]);
  }

  /** Why the module refuses an order of steps alone. */
  async function refusal(devnet: Devnet, safe: DevnetSafe, only: Step) {
    const { to, data } = await hedgeCall(devnet, safe, true, [only]);
    const chain = await openChain({ url: devnet.url, chainId: devnet.chainId });
    const transaction = { from: devnet.accounts.keeper.address, to, data, valueWei: 0n };
    const simulation = await chain.simulate(transaction, await chain.head());
    return simulation.ok ? null : simulation.reason;
  }

  const balance = ({ node }: Devnet, token: Address, owner: Address) =>
    node.read(token, erc20Abi, 'balanceOf', [owner]);
  const owed = (devnet: Devnet, safe: DevnetSafe) =>
    balance(devnet, mainnet.aaveWethVariableDebt, safe.address);

  it.each([false, true])(
    'go short and cover again without any ether of its own, paying by allowance: %s',
    async (paysByAllowance) => {
      const { devnet } = world();
      const safe = await createVault(devnet, paysByAllowance);
      await order(devnet, safe, true, [
        step(SUPPLY + OF_QUOTE, 200_000n * DOLLAR),
        step(BORROW, 20n * WAD),
        swap(20n * WAD),
      ]);
      expect(await owed(devnet, safe)).toBeGreaterThanOrEqual(20n * WAD);
      expect(await balance(devnet, mainnet.weth, safe.address)).toBe(0n);
      const health = (
        await devnet.node.read(mainnet.aavePool, aavePoolAbi, 'getUserAccountData', [safe.address])
      )[5];
      expect(health).toBeGreaterThan(FLOOR_WAD);

      // A little more than is owed: the interest of the blocks since.
      await order(devnet, safe, false, [swap(20n * WAD + WAD / 1_000n), step(REPAY, ALL)]);
      expect(await owed(devnet, safe)).toBe(0n);
      await order(devnet, safe, true, [step(WITHDRAW + OF_QUOTE, ALL)]);
      expect(await balance(devnet, mainnet.aaveUsdc, safe.address)).toBe(0n);
      expect(await balance(devnet, mainnet.usdc, safe.address)).toBeGreaterThan(299_000n * DOLLAR);
    },
  );

  it('leave no health factor below the floor and no debt above its cap', async () => {
    const { devnet, prepared: safe } = world();
    await order(devnet, safe, true, [step(SUPPLY + OF_QUOTE, 300_000n * DOLLAR)]);
    expect(await refusal(devnet, safe, step(BORROW, 51n * WAD))).toContain('debt above maximum');
    await order(devnet, safe, true, [step(BORROW, 40n * WAD)]);
    const most = step(WITHDRAW + OF_QUOTE, 100_000n * DOLLAR);
    expect(await refusal(devnet, safe, most)).toContain('health factor too low');
    expect(await refusal(devnet, safe, step(WITHDRAW + OF_QUOTE, DOLLAR))).toBeNull();
  });

  it('are repaid by the guardian while the vault is paused', async () => {
    const { devnet, prepared: safe } = world();
    const { guardian } = devnet.accounts;
    const { hedgeModule } = devnet.addresses;
    await order(devnet, safe, true, [step(SUPPLY + OF_QUOTE, 200_000n * DOLLAR), step(BORROW, 20n * WAD)]);
    await devnet.transact(guardian, [
      callOf(hedgeModule, hedgeModuleAbi, 'pause', [safe.address]),
      callOf(hedgeModule, hedgeModuleAbi, 'rescue', [safe.address, 15n * WAD, 0n]),
    ]);
    expect(await owed(devnet, safe)).toBeLessThan(5n * WAD + WAD / 1_000n);
    expect(await balance(devnet, mainnet.weth, safe.address)).toBe(5n * WAD);
  });
});
