// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is how a config asks for a variable
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ballast, type CliResult } from '../../support/cli.ts';
import { type PostgresServer, startPostgres } from '../../support/postgresServer.ts';
import { type CliSession, openCliSession } from '../cli/session.ts';

let open: CliSession;
let server: PostgresServer;
let env: Readonly<Record<string, string>>;
let password: string;

beforeAll(async () => {
  server = await startPostgres();
  open = await openCliSession();
  password = new URL(server.url).password;
  env = { ...open.env, BALLAST_JOURNAL_URL: server.url };
  const text = await readFile(open.configFile, 'utf8');
  const journal = 'journal: { kind: postgres, url: "${BALLAST_JOURNAL_URL}", schema: keeper_one }';
  const edited = text.replace(/^journal:.*$/m, journal);
  expect(edited).toContain(journal);
  await writeFile(join(open.folder, 'postgres.yaml'), edited);
});
afterAll(async () => {
  await open?.close();
  await server?.remove();
});

const run = (args: readonly string[], more: Partial<Parameters<typeof ballast>[1]> = {}) =>
  ballast([...args, '-c', 'postgres.yaml'], { cwd: open.folder, env, ...more });

describe('a keeper whose journal is in PostgreSQL', () => {
  it('hedges, is alone, can be looked at meanwhile and afterwards, and never says its password', async () => {
    const meanwhile: Promise<unknown>[] = [];
    let status: CliResult | undefined;
    let rival: CliResult | undefined;
    const kept = await run(['run', '--debug'], {
      lookAgainEveryMs: 100,
      interruptWhen: (stdout) => {
        if (stdout.includes('filled') && meanwhile.length === 0) {
          meanwhile.push(
            run(['status', '--json']).then((result) => {
              status = result;
            }),
            run(['run']).then((result) => {
              rival = result;
            }),
          );
        }
        return status !== undefined && rival !== undefined;
      },
    });
    await Promise.all(meanwhile);
    expect(kept.code, kept.stderr).toBe(0);
    expect(kept.stdout).toContain('filled');
    expect(JSON.parse(status?.stdout ?? '')).toMatchObject({ journal: 'postgres' });
    expect(rival?.code).toBe(1);
    expect(rival?.stderr).toContain('another keeper has it open');
    const explained = await run(['explain', 'd-1']);
    expect(explained.code, explained.stderr).toBe(0);
    expect(explained.stdout).toContain('d-1');
    const info = await run(['journal', 'info']);
    expect(info.code, info.stderr).toBe(0);
    expect(info.stdout).toMatch(
      /^journal +schema keeper_one +[\d.]+ MB +version \d+, up to date\nkeeper +none holds it/,
    );
    const pruned = await run(['journal', 'prune', '--older-than', '1', '--dry-run']);
    expect(pruned.code, pruned.stderr).toBe(0);
    expect(pruned.stdout).toMatch(/^would remove +0 decisions older than 1 d/);
    const wrong = { ...env, BALLAST_JOURNAL_URL: server.url.replace('open', 'shut') };
    const refused = await run(['status'], { env: wrong });
    expect(refused.code).not.toBe(0);
    const results = [kept, status!, rival!, explained, info, pruned, refused];
    for (const { stdout, stderr } of results) {
      expect(`${stdout}${stderr}`).not.toContain(password.slice(4));
    }
  });
});
