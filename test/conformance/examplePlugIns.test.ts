import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { erc20Abi } from '../../abis/erc20.ts';
import { heldToken } from '../../examples/plug-ins/heldToken.ts';
import { poolAverage } from '../../examples/plug-ins/poolAverage.ts';
import { reservingSafe } from '../../examples/plug-ins/reservingSafe.ts';
import { sushiSwap } from '../../examples/plug-ins/sushiSwap.ts';
import { safe } from '../../src/adapters/accounts/index.ts';
import { uniswapV2 } from '../../src/adapters/venues/index.ts';
import { toRawUp } from '../../src/core/units.ts';
import { useDevnet } from '../support/devnet.ts';
import { growHistory } from '../support/priceHistory.ts';
import { tradable } from '../support/tradable.ts';
import { contextOf, readOne, vaultOn } from '../support/vaultOnDevnet.ts';

const lab = useDevnet({ venues: ['uniswapV2'] }, vaultOn);

async function stage() {
  const { devnet, prepared } = lab();
  const at = await prepared.chain.head();
  return { ...prepared, at, context: contextOf(devnet, prepared.safe.address, at) };
}

describe('the plug-ins of examples/plug-ins that read a chain', () => {
  it('heldToken counts the balance as base that is not for sale', async () => {
    const { devnet, safe: account, chain, at, context } = await stage();
    const { value, rounds } = await readOne(chain, heldToken.read(heldToken.sample, context), at);
    const held = await devnet.node.read(heldToken.sample.token, erc20Abi, 'balanceOf', [account.address]);
    expect(held).toBeGreaterThan(0n);
    expect(rounds).toBe(1);
    expect(value.value).toMatchObject([{ kind: 'spot', asset: 'base', amountRaw: held, locked: true }]);
  });

  it('sushiSwap reads a pair as the plug-in for Uniswap v2 does', async () => {
    const { chain, at, context } = await stage();
    const { value, rounds } = await readOne(chain, sushiSwap.read(sushiSwap.sample, context), at);
    const own = await readOne(chain, uniswapV2.read({ pool: sushiSwap.sample.pool }, context), at);
    expect(rounds).toBe(1);
    expect(tradable(value.value)).toEqual(tradable(own.value.value));
  });

  it('sushiSwap refuses a pair of other tokens', async () => {
    const { devnet, chain, at, context } = await stage();
    const { weth, usdt } = devnet.tokens;
    const other = { ...context, vault: { ...context.vault, base: weth, quote: usdt } };
    const [outcome] = await chain.read([sushiSwap.read(sushiSwap.sample, other)], at);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'POOL_MISMATCH' } });
  });

  it('reservingSafe offers all but its reserve, and never less than nothing', async () => {
    const { devnet, chain, at, context } = await stage();
    const keeper = devnet.accounts.keeper.address;
    const plain = await readOne(chain, safe.read(safe.sample, context, keeper), at);
    const reserved = async (reserveQuote: number) =>
      (await readOne(chain, reservingSafe.read({ reserveQuote }, context, keeper), at)).value;
    const { holdings, guard } = await reserved(100_000);
    expect(guard).toEqual(plain.value.guard);
    expect(holdings).toEqual({
      baseRaw: plain.value.holdings.baseRaw,
      quoteRaw: plain.value.holdings.quoteRaw - toRawUp(100_000, 6),
    });
    expect((await reserved(1e12)).holdings.quoteRaw).toBe(0n);
  });

  it('poolAverage gives the pool’s mean price over the window, exact in raw units', async () => {
    const { devnet } = lab();
    await growHistory(devnet, poolAverage.sample.pool, 50);
    for (const price of [2_800, 2_800, 2_800]) {
      const { timestampSeconds } = await devnet.node.head();
      await devnet.mineBlock({ price, timestampSeconds: timestampSeconds + 60 });
    }
    const { chain, at, context } = await stage();
    const { value, rounds } = await readOne(chain, poolAverage.read(poolAverage.sample, context), at);
    expect(rounds).toBe(1);
    // A tick is a hundredth of a per cent; the pool's own fee keeps it a little off the market.
    expect(Math.abs(value.price / 2_800 - 1)).toBeLessThan(0.01);
    expect(Number((10n ** 24n * value.numerator) / value.denominator) / 1e12 / value.price).toBeCloseTo(1, 9);
  });
});

describe('examples/plug-ins/keeper.ts', () => {
  it('decides on the devnet with all of them, and keeps it', async () => {
    const { devnet, safe: account } = await stage();
    const folder = await mkdtemp(join(tmpdir(), 'ballast-own-keeper-'));
    const config = join(folder, 'ballast.yaml');
    const example = await readFile(join(import.meta.dirname, '../../examples/plug-ins/ballast.yaml'), 'utf8');
    const onDevnet: readonly (readonly [string, string])[] = [
      ['0x0000000000000000000000000000000000000001', account.address],
      ['0x397FF1542f962076d0BFE58eA045FfA2d347ACa0', sushiSwap.sample.pool],
      ['0xae7ab96520DE3A18E5e111B5EaAb095312D7fE84', devnet.tokens.usdt.address],
      ['https://desk.example.org', 'http://127.0.0.1:1'],
      ['windowSeconds: 600', 'windowSeconds: 60'],
      ['path: ballast.sqlite', `path: ${join(folder, 'ballast.sqlite')}`],
      ['decisions.jsonl', join(folder, 'decisions.jsonl')],
    ];
    for (const [text] of onDevnet) expect(example).toContain(text);
    await writeFile(
      config,
      onDevnet.reduce((text, [from, to]) => text.replace(from, to), example),
    );
    const { argv } = process;
    const said = vi.spyOn(console, 'log').mockImplementation(() => {});
    try {
      process.argv = [process.execPath, 'keeper.ts', config, '--once'];
      vi.stubEnv('RPC_URL', devnet.url);
      await import('../../examples/plug-ins/keeper.ts');
      expect(said.mock.calls).toEqual([
        ['eth-strangle', 'hedge', 'beyondBand', expect.stringMatching(/against a band of ±2$/)],
      ]);
      const [line] = (await readFile(join(folder, 'decisions.jsonl'), 'utf8')).split('\n');
      expect(JSON.parse(line ?? '')).toMatchObject({ vault: 'eth-strangle', kind: 'hedge' });
    } finally {
      process.argv = argv;
      said.mockRestore();
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true });
    }
  });
});
