import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/runtime/clock.ts';
import {
  DEVNET_VARIABLES,
  type DevnetSession,
  startDevnetSession,
} from '../../../src/runtime/devnetSession.ts';

/** A devnet that mines, with a vault, a config in a folder of its own, and the environment that the config asks for. */
export interface CliSession {
  readonly session: DevnetSession;
  readonly folder: string;
  readonly configFile: string;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function openCliSession(): Promise<CliSession> {
  const folder = await mkdtemp(join(tmpdir(), 'ballast-cli-'));
  const configFile = join(folder, 'ballast.yaml');
  const session = await startDevnetSession({
    price: 3_000,
    poolFiles: [],
    port: 0,
    everySeconds: 0.5,
    configFile,
    journalPath: 'ballast.sqlite',
  });
  const stop = new AbortController();
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const mining = session.mine(stop.signal, systemClock, silent);
  return {
    session,
    folder,
    configFile,
    env: {
      [DEVNET_VARIABLES.keeper]: session.keys.keeper,
      [DEVNET_VARIABLES.identity]: session.keys.identity,
    },
    async close() {
      stop.abort();
      await mining;
      await session.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
