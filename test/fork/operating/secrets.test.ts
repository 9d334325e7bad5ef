import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDashboard } from '../../../src/dashboard/configured.ts';
import { loadConfig } from '../../../src/runtime/config/load.ts';
import { writeKeystore } from '../../../src/runtime/keys/keystores.ts';
import { createRedactor } from '../../../src/runtime/log/redact.ts';
import { systemTools } from '../../../src/runtime/worlds/tools.ts';
import { ballast, type CliResult } from '../../support/cli.ts';
import { type LocalServer, startLocalServer } from '../../support/localServer.ts';
import { type CliSession, openCliSession } from '../cli/session.ts';

/** A secret that can be looked for; long enough that nothing has it by chance. */
const marker = (what: string) => `marker-${what}-5f0c2a9e7b31d846`;

const secrets = {
  passphrase: `four words ${marker('passphrase')} more`,
  rpcToken: marker('rpctoken'),
  relayAuthorization: marker('relayauth'),
  hook: marker('hookpath'),
  hookAuthorization: `Bearer ${marker('hookauth')}`,
  slack: marker('slackpath'),
  telegram: `42:${marker('telegram')}`,
  heartbeat: marker('heartbeat'),
  metrics: marker('metricstoken'),
  unrelated: marker('unrelated'),
};

let open: CliSession;
let people: LocalServer;
let relay: LocalServer;
let env: Readonly<Record<string, string>>;
let config: string;
/** Everything that left the program, by where. */
const outputs = new Map<string, string>();
const keep = (name: string, { stdout, stderr }: CliResult) => outputs.set(name, `${stdout}\n${stderr}`);

beforeAll(async () => {
  open = await openCliSession();
  people = await startLocalServer();
  relay = await startLocalServer();
  // A relay that says in its refusal what it was sent.
  relay.manner = 'echo';
  const { keeper, identity } = open.session.keys;
  const keystoreFile = join(open.folder, 'keeper.json');
  await writeKeystore(keystoreFile, keeper, secrets.passphrase, 'the test', 1_024);
  env = {
    PASSPHRASE: secrets.passphrase,
    IDENTITY: identity,
    RPC_TOKEN: secrets.rpcToken,
    RELAY_AUTHORIZATION: secrets.relayAuthorization,
    HOOK: `${people.url}/${secrets.hook}`,
    HOOK_AUTHORIZATION: secrets.hookAuthorization,
    SLACK: `${people.url}/${secrets.slack}`,
    TELEGRAM: secrets.telegram,
    HEARTBEAT: `${people.url}/${secrets.heartbeat}`,
    METRICS: secrets.metrics,
    UNRELATED: secrets.unrelated,
  };
  const text = await readFile(open.configFile, 'utf8');
  config = join(open.folder, 'secret.yaml');
  const edited = text
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the config's own placeholder
    .replace(/rpc: "([^"]*)"/, 'rpc: "$1/?token=${RPC_TOKEN}"')
    .replace(
      /signer: .*/,
      `signer: { kind: keystore, path: "${keystoreFile}", passwordVariable: PASSPHRASE }`,
    )
    .replace(/identity: .*/, 'identity: { kind: env, variable: IDENTITY }')
    .replace(
      /relays:\n/,
      `relays:\n  echo: { kind: bloxroute, url: "${relay.url}", authorizationVariable: RELAY_AUTHORIZATION, retries: 0 }\n`,
    );
  await writeFile(
    config,
    `${edited}
alerts:
  - { name: hook, kind: webhook, urlVariable: HOOK, authorizationVariable: HOOK_AUTHORIZATION, atLeast: info }
  - { name: team, kind: slack, webhookVariable: SLACK, atLeast: info }
  - { name: chat, kind: telegram, tokenVariable: TELEGRAM, chatId: "1", apiUrl: "${people.url}", atLeast: info }
heartbeat: { urlVariable: HEARTBEAT, everySeconds: 5 }
metrics: { listen: "127.0.0.1:0", tokenVariable: METRICS }
arming: { always: true }
`,
  );
});
afterAll(async () => {
  await people.stop();
  await relay.stop();
  await open.close();
});

const run = (args: readonly string[], changes: Readonly<Record<string, string>> = {}, file = config) =>
  ballast([...args, '-c', file], { cwd: open.folder, env: { ...env, ...changes } });

describe('no secret leaves by', () => {
  it('what commands print, a keeper from arming to disarming among them', async () => {
    keep('plan', await run(['plan', '--json', '--debug']));
    const armed = await run(['arm', '--agree', 'eth-strangle', '--debug']);
    keep('arm', armed);
    expect(armed.code).toBe(0);
    let isScraped = false;
    const kept = await ballast(['run', '--debug', '-c', config], {
      cwd: open.folder,
      env,
      lookAgainEveryMs: 100,
      interruptWhen: (stdout) => {
        const url = /http:\S+\/metrics/.exec(stdout)?.[0];
        if (url !== undefined && stdout.includes('filled') && !isScraped) {
          isScraped = true;
          const headers = { authorization: `Bearer ${secrets.metrics}` };
          void fetch(url, { headers })
            .then((response) => response.text())
            .then((text) => outputs.set('metrics', text));
          void fetch(url)
            .then((response) => response.text())
            .then((text) => outputs.set('metrics without token', text));
          void run(['disarm', '--reason', 'the test is over']).then((result) => keep('disarm', result));
        }
        const isAsked = ['disarm', 'metrics', 'metrics without token'].every((name) => outputs.has(name));
        // The next look tells people that the vault may not trade any more.
        return isAsked && people.asked.some(({ path }) => path.includes(secrets.hook));
      },
    });
    keep('run', kept);
    expect(kept.code).toBe(0);
    expect(kept.stdout).toContain('filled');
    for (const command of ['status', 'doctor'])
      keep(`${command} --json`, await run([command, '--json', '--debug']));
    expect(outputs.get('metrics')).toContain('ballast_decisions_total');
    expect(outputs.get('metrics without token')).not.toContain('ballast_decisions_total');
  });

  it('errors', async () => {
    keep(
      'wrong passphrase',
      await run(['run', '--once', '--debug'], { PASSPHRASE: `${secrets.passphrase} not` }),
    );
    const dead = join(open.folder, 'dead.yaml');
    await writeFile(
      dead,
      (await readFile(config, 'utf8')).replace(/rpc: "http:\/\/127\.0\.0\.1:\d+/, 'rpc: "http://127.0.0.1:9'),
    );
    keep('dead node', await run(['plan', '--debug'], {}, dead));
    keep('no secret', await run(['run', '--once', '--debug'], { TELEGRAM: '' }));
    expect(outputs.get('no secret')).toContain('ALERT_SECRET_MISSING');
    expect(outputs.get('dead node')).toContain('error');
  });

  it("the journal, the operator's file and the public mempool", async () => {
    for (const name of ['ballast.sqlite', 'ballast.sqlite-wal', 'ballast.sqlite-operator'])
      outputs.set(name, await readFile(join(open.folder, name), 'latin1').catch(() => ''));
    expect(outputs.get('ballast.sqlite')).toContain('insideBand');
    expect(await open.session.relay.sightings()).toEqual([]);
  });

  it('alerts', async () => {
    expect(people.asked.length).toBeGreaterThan(2);
    expect(people.asked.some(({ path }) => path.includes(secrets.heartbeat))).toBe(true);
    outputs.set('alerts', people.asked.map(({ body }) => body).join('\n'));
  });

  it('the dashboard', async () => {
    const redactor = createRedactor();
    const silent = { debug() {}, info() {}, warn() {}, error() {} };
    const own = systemTools(silent, redactor, null);
    const tools = {
      ...own,
      environment: (name: string) => env[name],
      secrets: { ...own.secrets, environment: (name: string) => env[name] },
    };
    const loaded = await loadConfig(config, tools);
    const journal = {
      ...loaded.journal,
      config: { ...(loaded.journal.config as object), path: join(open.folder, 'ballast.sqlite') },
    };
    const dashboard = await openDashboard(
      { journal, config: loaded, configFile: config, tools, redactor },
      { host: '127.0.0.1', port: 0, token: null, allowedHosts: [] },
    );
    try {
      for (const path of [
        '/',
        '/api/state',
        '/api/system',
        '/api/vaults/eth-strangle',
        '/api/decisions?vault=eth-strangle',
        '/api/orders?vault=eth-strangle',
        '/api/research',
      ]) {
        const response = await fetch(`${dashboard.url.replace(/\/$/, '')}${path}`);
        outputs.set(`dashboard ${path}`, await response.text());
      }
    } finally {
      await dashboard.close();
    }
    expect(outputs.get('dashboard /api/state')).toContain('eth-strangle');
  });

  it('any of them: no marker, no key and no passphrase is anywhere', () => {
    const { keeper, identity } = open.session.keys;
    const planted = [...Object.values(secrets), keeper.slice(2), identity.slice(2)];
    const found = [...outputs].flatMap(([place, text]) =>
      planted
        .filter((secret) => text.toLowerCase().includes(secret.toLowerCase()))
        .map((secret) => `${place}: ${secret.slice(0, 20)}`),
    );
    expect(outputs.size).toBeGreaterThan(18);
    expect(found).toEqual([]);
    // They were really in use: the relay and the people were shown theirs.
    expect(relay.asked.some(({ headers }) => headers.authorization === secrets.relayAuthorization)).toBe(
      true,
    );
    expect(people.asked.some(({ headers }) => headers.authorization === secrets.hookAuthorization)).toBe(
      true,
    );
  });
});
