import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  await writeFile(file, text.replace(/url: "http:[^"]*"/, `url: "http://127.0.0.1:${port}/relay"`));
});
afterAll(async () => {
  await open?.close();
  await new Promise((resolve) => server.close(resolve));
});

const rehearse = (...args: readonly string[]) =>
  ballast(['rehearse', '-c', file, ...args], { cwd: open.folder });

describe('ballast rehearse', () => {
  it('handles a stuck nonce, a dead relay, a reorg and a kill on a fork, touching nothing that is configured', async () => {
    const { devnet } = open.session;
    const keeper = devnet.accounts.keeper.address;
    const nonce = () => devnet.node.request('eth_getTransactionCount', [keeper, 'latest']);
    const before = await nonce();
    const faults = 'nonce-stuck,relay-500,reorg-2,kill-after-signed';
    const { code, stdout, stderr, leftOver } = await rehearse('--faults', faults);
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/^REHEARSAL +fork of 1 at [\d,]+ · throw-away key and relay · loopback only/);
    for (const fault of faults.split(',')) {
      expect(stdout).toMatch(new RegExp(`^${fault} +1 +1 +0 +0 +\\d+$`, 'm'));
    }
    expect(stdout).toMatch(/every run came to rest, journal and chain agree/);
    expect(visits).toBe(0);
    expect(await nonce()).toBe(before);
    expect(leftOver).toEqual([]);
  });

  it('gives a vault that has nothing to hedge something, and says so; as one document with --json', async () => {
    const wide = join(open.folder, 'wide.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(wide, text.replace('halfWidth: { base: 4 }', 'halfWidth: { base: 400 }'));
    const { code, stdout } = await ballast(['rehearse', '--json', '--faults', 'relay-drops', '-c', wide], {
      cwd: open.folder,
    });
    const document = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(document.faults).toMatchObject([
      { fault: 'relay-drops', runs: 1, reached: 1, doubleHedges: 0, lostOrders: 0, failures: [] },
    ]);
    expect(document.faults[0].hedges).toBeGreaterThan(0);
  });

  it('lists the faults, and refuses one that there is not before anything is started', async () => {
    const listed = await rehearse('--list');
    expect(listed.stdout).toMatch(/^relay-drops +\* +relay says accepted, and nothing happens$/m);
    const refused = await rehearse('--faults', 'reorg-9');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/FAULT_UNKNOWN[\s\S]*did you mean reorg-\d\?/);
  });
});
