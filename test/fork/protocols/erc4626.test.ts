import { describe, expect, it } from 'vitest';
import { devnetShareVaultAbi } from '../../../abis/devnetShareVault.ts';
import { erc4626 } from '../../../src/adapters/protocols/index.ts';
import { totalExposure } from '../../../src/core/exposure/exposure.ts';
import type { Token } from '../../../src/core/units.ts';
import {
  aaveBorrowCall,
  aaveSupplyCalls,
  asShareVault,
  callOf,
  type Devnet,
  depositSharesCalls,
  devnetShares,
  devnetTokens,
  mainnet,
  placeShareVault,
} from '../../../src/devnet/index.ts';
import type { Memory } from '../../../src/ports/protocol.ts';
import { useDevnet } from '../../support/devnet.ts';
import { contextOf, openReadChain, readOne } from '../../support/vaultOnDevnet.ts';

const { weth, usdc, usdt } = devnetTokens;
const { shareVault } = devnetShares;

describe('shares of an ERC-4626 vault', () => {
  const given = useDevnet({ lending: ['aaveV3'], price: 3_000 }, async (devnet) => ({
    safe: await devnet.createSafe({ mandate: null }),
    chain: await openReadChain(devnet),
  }));

  async function read(config: Partial<typeof erc4626.sample> = {}, memory?: Memory) {
    const { devnet, prepared } = given();
    const at = await prepared.chain.head();
    const context = contextOf(devnet, prepared.safe.address, at, memory);
    const settings = { ...erc4626.sample, ...config };
    const { value, rounds } = await readOne(prepared.chain, erc4626.read(settings, context), at);
    return { ...value, rounds };
  }
  /** The Safe puts in 30, somebody else 10. */
  async function deposits(devnet: Devnet, asset: Token) {
    await placeShareVault(devnet, asset);
    const { safe } = given().prepared;
    const { user } = devnet.accounts;
    await devnet.fund(safe.address, [{ token: asset, amount: 30 }]);
    await devnet.fund(user.address, [{ token: asset, amount: 10 }]);
    await safe.execute(depositSharesCalls(safe.address, asset, 30));
    await devnet.transact(user, depositSharesCalls(user.address, asset, 10));
  }
  const viewAt = (spot: number) => ({
    spot,
    volatility: 0.6,
    rate: 0,
    nowSeconds: 0,
    baseDecimals: 18,
    quoteDecimals: 6,
  });

  it.each([weth, usdc])(
    'count as what they convert to, which grows with what the vault earns: $symbol',
    async (asset) => {
      const { devnet } = given();
      await deposits(devnet, asset);
      const side = asset === weth ? 'base' : 'quote';
      const first = await read();
      const whole = 10n ** BigInt(asset.decimals);
      expect(first.value).toMatchObject([
        { kind: 'spot', asset: side, amountRaw: 30n * whole, locked: true },
      ]);
      expect((await read({}, JSON.parse(JSON.stringify(first.memory)))).rounds).toBe(1);
      await devnet.fund(shareVault, [{ token: asset, amount: 4 }]);
      const shares = await devnet.node.read(shareVault, devnetShareVaultAbi, 'balanceOf', [
        given().prepared.safe.address,
      ]);
      const worth = await devnet.node.read(shareVault, devnetShareVaultAbi, 'convertToAssets', [shares]);
      const second = await read({}, first.memory);
      expect(second).toMatchObject({ rounds: 1, value: [{ amountRaw: worth }] });
      expect(Number(worth) / Number(whole)).toBeCloseTo(33, 5);
    },
  );

  it('looked through are that share of what the vault holds and owes', async () => {
    const { devnet } = given();
    await deposits(devnet, weth);
    const { user } = devnet.accounts;
    await devnet.transact(user, [
      ...aaveSupplyCalls(shareVault, weth, 20).map(asShareVault),
      asShareVault(aaveBorrowCall(shareVault, usdc, 20_000)),
      callOf(shareVault, devnetShareVaultAbi, 'setElsewhere', [13_000_000_000_000_000_000n]),
    ]);
    const { value, memory } = await read({ lookThrough: { aavePool: mainnet.aavePool } });
    expect(value.map(({ kind, label }) => [kind, label])).toEqual([
      ['spot', 'shares: WETH'],
      ['spot', 'shares: USDC'],
      ['spot', 'shares: aave v3 WETH supplied'],
      ['debt', 'shares: aave v3 USDC debt'],
    ]);
    expect(totalExposure(value, viewAt(3_000)).delta).toBeCloseTo(30, 6);
    expect(totalExposure(value, viewAt(3_000)).valueQuote).toBeCloseTo(30 * 3_000, 1);
    // What the vault owes and the dollars that it got for it do not move: base alone does.
    expect(totalExposure(value, viewAt(3_300)).valueQuote).toBeCloseTo(30 * 3_300, 1);
    expect((await read({ lookThrough: { aavePool: mainnet.aavePool } }, memory)).rounds).toBe(1);
  });

  it('of another asset than the pair are refused, unless they are looked through', async () => {
    const { devnet } = given();
    await deposits(devnet, usdt);
    await expect(read()).rejects.toThrow(
      /a vault whose asset is base or quote, or one that is looked through/,
    );
    expect((await read({ lookThrough: {} })).value).toMatchObject([{ amountRaw: 0n }, { amountRaw: 0n }]);
  });
});
