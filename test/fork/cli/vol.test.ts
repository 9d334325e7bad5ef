import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ballast } from '../../support/cli.ts';
import { type CliSession, openCliSession } from './session.ts';

let open: CliSession;
let exchange: Server;
/** What the exchange on this machine says next. */
let markIv: number | null = 63.4;
const instrument = 'ETH-25DEC26-3000-C';

beforeAll(async () => {
  open = await openCliSession();
  exchange = createServer((request, response) => {
    const asked = new URL(request.url ?? '', 'http://exchange').searchParams.get('instrument_name');
    if (markIv === null) response.statusCode = 503;
    const result = {
      timestamp: Date.now(),
      state: 'open',
      instrument_name: asked,
      mark_iv: markIv,
      bid_iv: 62.4,
      ask_iv: 64.4,
    };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ jsonrpc: '2.0', result, testnet: false }));
  });
  await new Promise<void>((resolve) => exchange.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  exchange.closeAllConnections();
  exchange.close();
  await open.close();
});

const pool = '0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640';

/** The session's config with a list of volatilities in the place of its one. */
async function configWith(name: string, ...sources: readonly string[]): Promise<string> {
  const file = join(open.folder, name);
  const text = await readFile(open.configFile, 'utf8');
  const list = sources.map((source) => `\n      - ${source}`).join('');
  await writeFile(file, text.replace(/volatility: \{ kind: fixedVolatility[^}]*\}/, `volatility:${list}`));
  return file;
}

const uniswap = `{ kind: uniswapVolatility, pool: "${pool}", windowSeconds: 86400, intervalSeconds: 600, method: { kind: realized } }`;
// The devnet's clock runs ahead of this machine's: its blocks come faster than they say.
const ticker = () => {
  const { port } = exchange.address() as AddressInfo;
  return `{ kind: deribitTicker, url: "http://127.0.0.1:${port}/api/v2/public/ticker", instrument: ${instrument}, staleAfterSeconds: 1000000 }`;
};
const fixed = '{ kind: fixedVolatility, volatility: 0.7 }';
const run = (args: readonly string[]) => ballast(args, { cwd: open.folder, env: open.env });

describe('volatility from a list of sources', () => {
  it('vol shows all of them, in order, and which one is used', async () => {
    const file = await configWith('three.yaml', uniswap, ticker(), fixed);
    const { code, stdout } = await run(['vol', '-c', file]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/uniswapVolatility 0x88e6…5640 +–/);
    expect(stdout).toMatch(/deribitTicker ETH-25DEC26-3000-C +63\.4 % ± 1\.0 % .* used/);
    expect(stdout).toMatch(/fixedVolatility +70\.0 %/);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /not used uniswapVolatility 0x88e6…5640: the pool remembers less than 86400 s/,
    );
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('plan prices with it, says where it comes from and how exactly net delta is known', async () => {
    const file = await configWith('plan.yaml', uniswap, ticker(), fixed);
    const { stdout } = await run(['plan', '-c', file]);
    const words = stdout.replace(/\s+/g, ' ');
    expect(words).toMatch(
      /volatility 63\.4 % ± 1\.0 % deribitTicker ETH-25DEC26-3000-C, .* old; passed over: uniswapVolatility 0x88e6…5640/,
    );
    expect(words).toMatch(/known to ±[\d.]+ WETH, one standard error of net delta/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const json = JSON.parse((await run(['plan', '-c', file, '--json'])).stdout);
    expect(json.vaults[0].observed.volatility).toMatchObject({
      source: `deribitTicker ${instrument}`,
      volatility: 0.634,
      stdError: expect.closeTo(0.01, 12),
    });
    expect(json.vaults[0].decision.numbers.exposure.deltaStdError).toBeGreaterThan(0);
  });

  it('doctor names the one in use and warns of what was passed over', async () => {
    const file = await configWith('doctor.yaml', uniswap, ticker(), fixed);
    const { findings } = JSON.parse((await run(['doctor', '-c', file, '--json'])).stdout);
    const volatility = findings.filter(({ check }: { check: string }) => check === 'volatility');
    expect(volatility).toMatchObject([
      { verdict: 'warn', found: expect.stringContaining('remembers less than 86400 s') },
      { verdict: 'ok', found: expect.stringContaining('63.4 % by deribitTicker') },
    ]);
  });

  it('the next one takes over when the exchange does not answer', async () => {
    markIv = null;
    const file = await configWith('down.yaml', ticker(), fixed);
    const { vaults } = JSON.parse((await run(['vol', '-c', file, '--json'])).stdout);
    expect(vaults[0].used).toBe('fixedVolatility');
    expect(vaults[0].readings[0].fault).toBe('the ticker answers with status 503');
    markIv = 63.4;
  });

  it('none that can be used is exit code 3, and a halt with the reason', async () => {
    const file = await configWith('none.yaml', uniswap);
    expect((await run(['vol', '-c', file])).code).toBe(3);
    const { code, stdout } = await run(['plan', '-c', file]);
    expect(code).toBe(3);
    expect(stdout).toContain('halt: volatilityInvalid');
  });
});
