import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ballast, type CliOptions, type CliResult } from '../../support/cli.ts';
import { type CliSession, openCliSession } from './session.ts';

let open: CliSession;
beforeAll(async () => {
  open = await openCliSession();
});
afterAll(() => open.close());

const run = (args: readonly string[], more: CliOptions = {}) =>
  ballast(args, { cwd: open.folder, env: open.env, ...more });
const journal = () => join(open.folder, 'ballast.sqlite');

async function withConfig(name: string, change: (text: string) => string): Promise<string> {
  const file = join(open.folder, name);
  await writeFile(file, change(await readFile(open.configFile, 'utf8')));
  return file;
}

describe('before the first run', () => {
  it('doctor finds nothing wrong, and says what a crash would use up', async () => {
    const { code, stdout, stderr } = await run(['doctor', '--json']);
    expect(stderr).toBe('');
    const { findings } = JSON.parse(stdout);
    expect(findings.filter(({ verdict }: { verdict: string }) => verdict !== 'ok')).toEqual([
      expect.objectContaining({ check: 'crash', verdict: 'warn' }),
    ]);
    expect(findings.map(({ check }: { check: string }) => check)).toEqual(
      expect.arrayContaining([
        'config',
        'chain',
        'contracts',
        'signer',
        'relay devRelay',
        'journal',
        'keeper role',
        'oracle age',
      ]),
    );
    expect(code).toBe(0);
  });

  it('status says that there is no journal, and does not make one', async () => {
    const { code, stdout } = await run(['status']);
    expect(stdout).toContain('no journal yet');
    expect(code).toBe(0);
    expect(existsSync(journal())).toBe(false);
  });

  it('plan decides with its reasons, sends nothing and writes nothing', async () => {
    const nonce = () =>
      open.session.devnet.node.request('eth_getTransactionCount', [
        open.session.devnet.accounts.keeper.address,
        'latest',
      ]);
    const before = await nonce();
    const { code, stdout } = await run(['plan']);
    expect(code).toBe(0);
    expect(stdout).toContain('NOTHING SENT');
    expect(stdout).toMatch(/hedge: sell [\d.]+ WETH, receive at least [\d,.]+ USDC/);
    for (const label of ['net delta', 'why', 'cost', 'legs', 'limits'])
      expect(stdout).toContain(`\n${label}`);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(await nonce()).toBe(before);
    expect(existsSync(journal())).toBe(false);
  });

  it('plan needs no key', async () => {
    const { code, stdout } = await run(['plan', '--json'], { env: {} });
    expect(code).toBe(0);
    const document = JSON.parse(stdout);
    expect(document.withoutKeeper).toContain('BALLAST_KEY');
    expect(document.vaults[0].decision.kind).toBe('hedge');
  });
});

describe('run', () => {
  it('--shadow fills on paper without a key, and does not decide the same hedge again', async () => {
    const file = await withConfig('shadow.yaml', (text) => text.replace('ballast.sqlite', 'shadow.sqlite'));
    const first = await run(['run', '--shadow', '--once', '--json', '-c', file], { env: {} });
    expect(first.code).toBe(0);
    expect(JSON.parse(first.stdout).vaults[0].order.status).toBe('paper');
    const second = await run(['run', '--shadow', '--once', '--json', '-c', file], { env: {} });
    expect(JSON.parse(second.stdout).vaults[0].decision.kind).toBe('hold');
  });

  it('--once sends one hedge through the relay, follows it, and status knows it', async () => {
    const { code, stdout } = await run(['run', '--once']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/LIVE {2}not armed: loopback only/);
    expect(stdout).toMatch(/hedge .* accepted by 1 of 1 relay/);
    expect(stdout).toMatch(/filled #0 /);
    expect(await open.session.relay.sightings()).toEqual([]);
    const status = await run(['status', '--json']);
    const [vault] = JSON.parse(status.stdout).vaults;
    expect(vault).toMatchObject({ name: 'eth-strangle', state: 'ok', openOrders: [] });
    expect(vault.lastHedge.orderId).toBe('eth-strangle#0.1');
    expect(status.code).toBe(0);
  });

  it('ends in good order on Ctrl-C', async () => {
    const { code, stdout, leftOver } = await run(['run'], {
      interruptWhen: (text) => text.includes('inside band'),
    });
    expect(code).toBe(0);
    expect(stdout).toContain('ended  no order is open');
    expect(leftOver).toEqual([]);
  });

  it('refuses to send where a relay is elsewhere', async () => {
    const file = await withConfig('remote.yaml', (text) =>
      text.replace(/url: "http:[^"]*"/, 'url: "https://relay.example"'),
    );
    const { code, stderr, stdout } = await run(['run', '-c', file]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('NOT_ARMED');
    expect(stderr).toContain('relays.devRelay');
  });

  it('refuses to send where the chain is elsewhere', async () => {
    const file = await withConfig('chain.yaml', (text) =>
      text.replace(/rpc: "http:[^"]*"/, 'rpc: "https://node.example/token"'),
    );
    const { code, stderr } = await run(['run', '-c', file]);
    expect(code).toBe(2);
    expect(stderr).toContain('chain.rpc');
    expect(stderr).not.toContain('token');
  });
});

describe('who else is there', () => {
  it('a second keeper on the same journal is refused while the first one runs', async () => {
    let second: Promise<CliResult> | null = null;
    let isSecondDone = false;
    const first = await run(['run'], {
      interruptWhen: (text) => {
        if (!text.includes('inside band')) return false;
        second ??= run(['run', '--once']);
        void second.then(() => {
          isSecondDone = true;
        });
        return isSecondDone;
      },
      lookAgainEveryMs: 200,
    });
    const refused = await (second as Promise<CliResult> | null);
    expect(refused?.code).toBe(1);
    expect(refused?.stderr).toContain('JOURNAL');
    expect(first.code).toBe(0);
  });

  it('refuses a node of another chain than the config says', async () => {
    const file = await withConfig('other.yaml', (text) =>
      text
        .replace('chain: { id: 1,', 'chain: { id: 10,')
        .replace('base: WETH', 'base: "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"')
        .replace('quote: USDC', 'quote: "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"'),
    );
    const { code, stderr } = await run(['plan', '-c', file]);
    expect(code).toBe(2);
    expect(stderr).toContain('WRONG_CHAIN');
  });
});

describe('doctor', () => {
  it('names a key that is no keeper, and what to do', async () => {
    const env = { ...open.env, BALLAST_KEY: open.session.devnet.accounts.user.privateKey };
    const { code, stdout } = await run(['doctor'], { env });
    expect(code).toBe(1);
    const { address } = open.session.devnet.accounts.user;
    expect(stdout.startsWith('fail')).toBe(true);
    expect(stdout).toContain(`${address} is not a keeper`);
    expect(stdout.replace(/\s+/g, ' ')).toContain(`do: ballast mandate --keeper ${address}`);
  });

  it('completes every check when the chain does not answer', async () => {
    const file = await withConfig('dead.yaml', (text) =>
      text.replace(/rpc: "http:[^"]*"/, 'rpc: "http://127.0.0.1:9"'),
    );
    const { code, stdout } = await run(['doctor', '--json', '-c', file]);
    expect(code).toBe(1);
    const { findings } = JSON.parse(stdout);
    expect(findings.filter(({ check }: { check: string }) => check === 'chain')).toHaveLength(1);
    const verdicts = findings.map(({ verdict }: { verdict: string }) =>
      ['fail', 'warn', 'ok'].indexOf(verdict),
    );
    expect(verdicts).toEqual(verdicts.toSorted());
    expect(findings.find(({ check }: { check: string }) => check === 'relay devRelay').verdict).toBe('ok');
  });
});

describe('mandate', () => {
  it('explains the batch, tries it on a fork and writes it for the Safe', async () => {
    const { code, stdout } = await run(['mandate', '--out', 'batch.json']);
    expect(code).toBe(0);
    expect(stdout).toContain('worst case');
    expect(stdout).toContain('150,000.00 USDC in a day');
    expect(stdout).toMatch(/ok {4}a hedge within the mandate +goes through/);
    expect(stdout).toMatch(/ok {4}the same by another key +refused/);
    expect(stdout).not.toMatch(/^fail/m);
    const batch = JSON.parse(await readFile(join(open.folder, 'batch.json'), 'utf8'));
    expect(batch).toMatchObject({ version: '1.0', chainId: '1' });
    expect(batch.meta.createdFromSafeAddress).toBe(open.session.vault);
    expect(batch.transactions).toHaveLength(1);
    expect(batch.transactions[0].to).toBe(open.session.devnet.addresses.hedgeModule);
  });

  it('enables the module first where the account has none', async () => {
    const bare = await open.session.devnet.createSafe({ mandate: null });
    const file = await withConfig('bare.yaml', (text) =>
      text.replace(open.session.vault ?? '', bare.address),
    );
    const { code, stdout } = await run(['mandate', '--json', '-c', file]);
    expect(code).toBe(0);
    const { batch, trials } = JSON.parse(stdout);
    expect(batch.transactions.map(({ to }: { to: string }) => to)).toEqual([
      bare.address,
      open.session.devnet.addresses.hedgeModule,
    ]);
    expect(batch.transactions[1].data.length).toBeGreaterThan(1_000);
    expect(trials.every(({ isAsExpected }: { isAsExpected: boolean }) => isAsExpected)).toBe(true);
  });
});

describe('wrong use', () => {
  it.each([
    [['staus'], 'did you mean status?'],
    [['plan', '--vault', 'eth-strangel'], '--vault eth-strangle'],
    [['plan', '-c', 'nowhere.yaml'], 'no such file'],
    [['demo', '--seed', 'x'], 'Expected a whole'],
  ])('%j exits 2 and says what to do', async (args, words) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(words);
  });

  it('tells a bad config with its line, and as one JSON document with --json', async () => {
    const file = await withConfig('bad.yaml', (text) =>
      text.replace('halfWidth: { base: 4 }', 'halfWidth: { base: "4 %" }'),
    );
    const { code, stdout, stderr } = await run(['plan', '--json', '-c', file]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/CONFIG_INVALID {2}\S+bad\.yaml:\d+ {2}vaults\[0\]\.policy\.halfWidth\.base/);
    expect(JSON.parse(stdout).error.issues[0]).toMatchObject({
      path: 'vaults[0].policy.halfWidth.base',
      found: '"4 %"  (text)',
    });
  });

  it('a halted vault exits 3', async () => {
    await rm(join(open.folder, 'halt.sqlite'), { force: true });
    const file = await withConfig('halt.yaml', (text) =>
      text.replace('heartbeatSeconds: 3900', 'heartbeatSeconds: 1').replace('ballast.sqlite', 'halt.sqlite'),
    );
    const { code, stdout } = await run(['plan', '-c', file]);
    expect(code).toBe(3);
    expect(stdout).toContain('halt: oracleStale');
  });
});
