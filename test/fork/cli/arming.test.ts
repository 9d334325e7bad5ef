import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ballast } from '../../support/cli.ts';
import { type CliSession, openCliSession } from './session.ts';

let open: CliSession;
let config: string;
beforeAll(async () => {
  open = await openCliSession();
  config = join(open.folder, 'armed.yaml');
  await writeFile(config, `${await readFile(open.configFile, 'utf8')}arming: { always: true }\n`);
});
afterAll(() => open.close());

const run = (args: readonly string[], env = open.env) =>
  ballast([...args, '-c', config], { cwd: open.folder, env });

it('leads from not armed to a hedge, and back', async () => {
  const refused = await run(['run', '--once']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/NOT_ARMED[\s\S]*eth-strangle was never armed[\s\S]*ballast arm/);

  const unasked = await run(['arm']);
  expect(unasked.code).toBe(2);
  expect(unasked.stderr).toMatch(/INPUT_MISSING[\s\S]*--agree eth-strangle/);
  for (const label of ['will be allowed', 'cannot', 'worst case', 'bound to'])
    expect(unasked.stdout).toContain(`\n${label}`.trimStart());
  // (5,000,000 at once and 5,000,000 more a day) at 150 bps.
  expect(unasked.stdout).toMatch(/stolen key, 1 day: 150,000\.00 USDC/);
  expect(unasked.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);

  const misspelt = await run(['arm', '--agree', 'eth-strangel']);
  expect(misspelt.code).toBe(2);
  expect(misspelt.stderr).toMatch(
    /VAULT_UNKNOWN[\s\S]*no vault called eth-strangel[\s\S]*--agree eth-strangle/,
  );

  const armed = await run(['arm', '--agree', 'eth-strangle']);
  expect(armed.code).toBe(0);
  const hedged = await run(['run', '--once']);
  expect({ code: hedged.code, stderr: hedged.stderr }).toEqual({ code: 0, stderr: '' });
  expect(hedged.stdout).toMatch(/LIVE {2}armed/);
  expect(hedged.stdout).toMatch(/filled #0 /);

  const disarmed = await run(['disarm', '--reason', 'end of the day', '--json']);
  expect(JSON.parse(disarmed.stdout)).toMatchObject({ disarmed: ['eth-strangle'] });
  const status = await run(['status']);
  expect(status.stdout).toMatch(
    /not armed {2}eth-strangle was disarmed by \S+ at \S+Z:\s+end\s+of\s+the\s+day/,
  );
  const nothing = await run(['resume', '--reason', 'none']);
  expect(nothing.code).toBe(2);
  expect(nothing.stderr).toContain('NOT_HALTED');
});

it('does not arm where a check of doctor fails', async () => {
  const { code, stdout } = await run(['arm', '--agree', 'eth-strangle'], {});
  expect(code).toBe(1);
  expect(stdout).toMatch(/fail {2}signer[\s\S]*not armed: correct what failed/);
});

it('says that it stops nobody where nobody asks for leave', async () => {
  const on = async (file: string) => ballast(['disarm', '-c', file], { cwd: open.folder, env: open.env });
  expect((await on(open.configFile)).stdout).toMatch(/^warn {2}nobody asks for leave here[\s\S]*\ndisarmed/);
  expect((await on(config)).stdout).toMatch(/^disarmed/);
});
