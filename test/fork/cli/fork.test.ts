// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is how a config asks for a variable
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tickFleet } from '../../../src/engine/tick.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { loadConfig } from '../../../src/runtime/config/load.ts';
import { OUTSIDE_PARTS } from '../../../src/runtime/config/schema.ts';
import { registry } from '../../../src/runtime/registry.ts';
import { openFork } from '../../../src/runtime/worlds/fork.ts';
import type { WorldTools } from '../../../src/runtime/worlds/tools.ts';
import { ballast } from '../../support/cli.ts';
import { type CliSession, openCliSession } from './session.ts';

/** A relay that only counts who comes: nobody should. */
let server: Server;
let visits = 0;
let open: CliSession;
let file: string;

beforeAll(async () => {
  server = createServer((_, response) => {
    visits += 1;
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  open = await openCliSession();
  file = join(open.folder, 'planted.yaml');
  const text = await readFile(open.configFile, 'utf8');
  const planted = text
    .replace(/url: "http:[^"]*"/, `url: "http://127.0.0.1:${port}/\${RELAY_TOKEN}"`)
    .replace(/rpc: "[^"]*"/, 'rpc: "${RPC_URL}"');
  await writeFile(file, planted);
});
afterAll(async () => {
  await open.close();
  await new Promise((resolve) => server.close(resolve));
});

describe('a fork never touches what the config has for the real chain', () => {
  it('asks for no key, no secret and no variable of those parts, and sends with a key of its own', async () => {
    const asked: string[] = [];
    const secretsAsked: string[] = [];
    const tools: WorldTools = {
      registry,
      environment: (name) => {
        asked.push(name);
        return name === 'RPC_URL' ? open.session.devnet.url : undefined;
      },
      secrets: {
        environment: (name) => {
          secretsAsked.push(name);
          return undefined;
        },
        readFile: (path) => {
          secretsAsked.push(path);
          return Promise.reject(new Error('no'));
        },
      },
      clock: systemClock,
      log: { debug() {}, info() {}, warn() {}, error() {} },
      fetch: globalThis.fetch,
      stop: null,
    };
    const config = await loadConfig(file, { ...tools, without: OUTSIDE_PARTS });
    const fork = await openFork(config, tools, { journalPath: null });
    try {
      await fork.builder.build();
      const [result] = await tickFleet(fork.world, fork.vaults);
      await fork.builder.build();
      const [next] = await tickFleet(fork.world, fork.vaults);
      expect(result?.decision.kind).toBe('hedge');
      expect(next?.settled.map(({ event }) => event.kind)).toEqual(['filled']);
      expect(result?.order?.record.signer).toBe(fork.keeper);
      expect(fork.keeper).not.toBe(open.session.devnet.accounts.keeper.address);
    } finally {
      await fork.close();
    }
    expect(asked).toEqual(['RPC_URL']);
    expect(secretsAsked).toEqual([]);
    expect(visits).toBe(0);
  });

  it('leaves the chain that it forked as it was', async () => {
    const { devnet } = open.session;
    const keeper = devnet.accounts.keeper.address;
    const nonce = () => devnet.node.request('eth_getTransactionCount', [keeper, 'latest']);
    const before = await nonce();
    const env = { RPC_URL: devnet.url };
    const { code, stdout, leftOver } = await ballast(
      ['fork', '--blocks', '4', '--every', '0.1', '-c', file],
      { cwd: open.folder, env },
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^FORK of 1 at [\d,]+ · throw-away key · loopback only/);
    expect(stdout).toMatch(/filled #0/);
    expect(await nonce()).toBe(before);
    expect(visits).toBe(0);
    expect(leftOver).toEqual([]);
  });

  it('forks at a block, and moves the market along a path', async () => {
    const path = join(open.folder, 'path.csv');
    await writeFile(
      path,
      [
        'block,price',
        ...[2990, 2980, 2970, 2960, 2950, 2940].map((price, index) => `${index},${price}`),
      ].join('\n'),
    );
    const head = Number((await open.session.devnet.node.head()).number);
    const args = ['fork', '--json', '--block', String(head - 1), '--path', path, '-c', file];
    const { code, stdout } = await ballast(args, {
      cwd: open.folder,
      env: { RPC_URL: open.session.devnet.url },
    });
    expect(code).toBe(0);
    const document = JSON.parse(stdout);
    expect(document.forkedAt).toBe(String(head - 1));
    const [vault] = document.vaults;
    expect(vault.decision.numbers.spot).toBeCloseTo(2940, 0);
    expect(Math.abs(vault.decision.numbers.netDelta)).toBeLessThan(10);
  });

  it('serves the page over its own journal, says that it is a fork, and takes it down when it ends', async () => {
    const { devnet } = open.session;
    let isAsked = false;
    let answered: Record<string, unknown> | null = null;
    const get = async (url: string, path: string) => (await fetch(`${url}/api/${path}`)).json();
    const args = ['fork', '--every', '0.2', '--dashboard-port', '0', '-c', file];
    const { code, stdout } = await ballast(args, {
      cwd: open.folder,
      env: { RPC_URL: devnet.url },
      lookAgainEveryMs: 100,
      interruptWhen: (printed) => {
        const url = /dashboard\s+(http:\/\/127\.0\.0\.1:\d+)/.exec(printed)?.[1];
        if (url !== undefined && !isAsked && /filled #0/.test(printed)) {
          isAsked = true;
          void Promise.all([get(url, 'state'), get(url, 'system')]).then(([fleet, system]) => {
            answered = { fleet, system };
          });
        }
        return answered !== null;
      },
    });
    expect(code).toBe(0);
    expect(answered).toMatchObject({
      fleet: { mode: 'fork', vaults: [{ decision: { kind: expect.any(String) } }] },
      system: {
        chain: { why: null },
        endpoints: [{ name: 'fork', url: expect.stringContaining('127.0.0.1') }],
      },
    });
    const url = /dashboard\s+(http:\S+)/.exec(stdout)?.[1] ?? '';
    await expect(fetch(`${url}/api/state`)).rejects.toThrow();
  });

  it('serves no page where told not to', async () => {
    const args = ['fork', '--blocks', '1', '--every', '0.1', '--no-dashboard', '-c', file];
    const { stdout } = await ballast(args, { cwd: open.folder, env: { RPC_URL: open.session.devnet.url } });
    expect(stdout).not.toContain('dashboard');
  });

  it('gives an account without a module the mandate that the config asks for', async () => {
    const { devnet, vault } = open.session;
    const bare = await devnet.createSafe({
      mandate: null,
      holdings: [{ token: devnet.tokens.weth, amount: 20 }],
    });
    const bareFile = join(open.folder, 'bare.yaml');
    await writeFile(bareFile, (await readFile(file, 'utf8')).replace(vault ?? '', bare.address));
    const args = ['fork', '--json', '--blocks', '3', '--every', '0.1', '-c', bareFile];
    const { code, stdout } = await ballast(args, { cwd: open.folder, env: { RPC_URL: devnet.url } });
    expect(code).toBe(0);
    const [result] = JSON.parse(stdout).vaults;
    expect(Math.abs(result.decision.numbers.netDelta)).toBeLessThan(0.01);
  });

  it('says what is wrong with a path', async () => {
    const path = join(open.folder, 'bad.csv');
    await writeFile(path, 'price\n3000\n-1\n');
    const { code, stderr } = await ballast(['fork', '--path', path, '-c', file], {
      cwd: open.folder,
      env: { RPC_URL: open.session.devnet.url },
    });
    expect(code).toBe(2);
    expect(stderr).toContain('price 2 is -1');
  });
});
