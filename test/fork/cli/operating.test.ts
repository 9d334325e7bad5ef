import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { interview, type Question } from '../../../src/runtime/init/interview.ts';
import { journalUpkeep, migrateJournal, restoreJournal } from '../../../src/runtime/journal/upkeep.ts';
import { registry } from '../../../src/runtime/registry.ts';
import { ballast, ballastCommand } from '../../support/cli.ts';
import { type CliSession, openCliSession } from './session.ts';

let open: CliSession;
beforeAll(async () => {
  open = await openCliSession();
});
afterAll(() => open.close());

const run = (args: readonly string[], env = open.env) => ballast(args, { cwd: open.folder, env });
const wide = (text: string) => text.split('\n').filter((line) => line.length > 80);

it('finds pools, feeds, positions and the mandate of a vault, and writes a config that passes doctor', async () => {
  const { devnet, vault } = open.session;
  const found = ['init', '--rpc', devnet.url, '--vault', String(vault), '--out', 'mine.yaml'];
  const written = await run(found);
  expect({ code: written.code, stderr: written.stderr }).toEqual({ code: 0, stderr: '' });
  expect(written.stdout).toMatch(/found +2 pools, 1 price, \d+ positions, its mandate/);
  expect(written.stdout).toMatch(/next {2}ballast doctor -c mine\.yaml\n$/);
  expect(wide(written.stdout)).toEqual([]);
  const text = await readFile(join(open.folder, 'mine.yaml'), 'utf8');
  for (const { address } of devnet.pools.slice(0, 2))
    expect(text.toLowerCase()).toContain(address.toLowerCase());
  expect(text).toMatch(/kind: opyn.*# CHECK/);

  const doctor = await run(['doctor', '-c', 'mine.yaml']);
  expect(doctor.stdout).toMatch(/^0 fail/m);
  expect(doctor.code).toBe(0);

  const again = await run(found);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('FILE_EXISTS');
  expect(await readFile(join(open.folder, 'mine.yaml'), 'utf8')).toBe(text);
});

it('asks at most six questions, each with what was found as its answer', async () => {
  const asked: Question[] = [];
  const { devnet, vault } = open.session;
  const { text } = await interview(
    { journal: 'ballast.sqlite' },
    {
      registry,
      environment: (name) => (name === 'RPC_URL' ? devnet.url : undefined),
      keystores: [],
      onProgress: () => {},
      ask: async (question) => {
        asked.push(question);
        return question.flag === '--vault' ? String(vault) : '';
      },
    },
  );
  expect(asked.length).toBeLessThanOrEqual(6);
  expect(asked.filter(({ proposed }) => proposed === null).map(({ flag }) => flag)).toEqual(['--vault']);
  const nobody = { registry, environment: () => undefined, keystores: [], onProgress: () => {}, ask: null };
  const unasked = interview({ rpc: devnet.url, journal: 'ballast.sqlite' }, nobody);
  await expect(unasked).rejects.toMatchObject({ code: 'INPUT_MISSING', action: 'name it with --vault' });
  // An address that may carry a provider's key stays where it was.
  expect(text).toMatch(/rpc: \S*\$\{RPC_URL\}/);
  expect(text).not.toMatch(/rpc: .*127\.0\.0\.1/);
});

it('explains a hedge and reports on the day', async () => {
  expect((await run(['run', '--once'])).code).toBe(0);
  const order = await run(['explain', 'eth-strangle#0']);
  expect(order.code).toBe(0);
  expect(order.stdout).toMatch(/^d-\d+ {2}hedge: beyond band/);
  for (const words of [
    /cost +fee/,
    /changed by +net delta between/,
    /price +[\d,.]+ +chainlink .* old/,
    /devRelay: accepted/,
    /included and filled: block/,
    /slippage against the plan/,
    /docs\/runbook\.md, beyondBand/,
  ])
    expect(order.stdout).toMatch(words);
  expect(wide(order.stdout)).toEqual([]);
  const report = await run(['report', '--html', 'day.html']);
  expect({ code: report.code, stderr: report.stderr }).toEqual({ code: 0, stderr: '' });
  expect(report.stdout).toMatch(/1 hedge, [\d.]+\s+bps of/);
  expect(wide(report.stdout)).toEqual([]);
  const page = await readFile(join(open.folder, 'day.html'), 'utf8');
  expect(page).toContain('What other policies would have done');
  const { vaults } = JSON.parse(await readFile(join(open.folder, 'day.json'), 'utf8'));
  expect(vaults[0]).toMatchObject({ vault: 'eth-strangle', cost: { hedges: 1 }, hedges: { length: 1 } });
});

it('backs a journal up beside the keeper, restores it once nobody holds it, prunes and migrates it', async () => {
  const path = join(open.folder, 'ballast.sqlite');
  const upkeep = journalUpkeep({ kind: 'sqlite', config: { path } });
  const keeper = spawn(process.execPath, [...ballastCommand, 'run'], {
    cwd: open.folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...open.env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => keeper.once('close', resolve));
  try {
    await new Promise((resolve) => keeper.stdout.once('data', resolve));
    for (let tries = 0; tries < 100 && !(await upkeep.info()).isHeld; tries += 1) await sleep(100);
    expect((await upkeep.info()).isHeld).toBe(true);
    const backup = await run(['journal', 'backup', 'copy.sqlite']);
    expect({ code: backup.code, stderr: backup.stderr }).toEqual({ code: 0, stderr: '' });
    const refused = await run(['journal', 'restore', 'copy.sqlite', '--force']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('another keeper has it open');
  } finally {
    keeper.kill('SIGINT');
    await ended;
  }
  const copy = join(open.folder, 'copy.sqlite');
  expect(() => restoreJournal(copy, path, false, 'x')).toThrow(/a journal is there already/);
  const { info } = restoreJournal(copy, path, true, 'x');
  expect(info.orders).toBe(1);
  const pruned = await upkeep.prune(Date.now() / 1_000 + 1_000_000, false);
  expect(pruned.kept).toBeGreaterThanOrEqual(1);
  expect(await upkeep.info()).toMatchObject({ orders: info.orders, openOrders: info.openOrders });
  expect(migrateJournal(path)).toMatchObject({ steps: [] });
  expect((await run(['explain', 'eth-strangle#0'])).stdout).toMatch(/^d-\d+ {2}hedge/);
});
