import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const tsx = import.meta.resolve('tsx');

/**
 * Arguments for node that run the command line: the build where the test run has made one, which starts three times as
 * fast, otherwise from its sources.
 */
export const ballastCommand: readonly string[] =
  process.env.BALLAST_COMPILED === undefined ? ['--import', tsx, main] : [process.env.BALLAST_COMPILED];

/** What a run of the command line left behind. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Processes that carry this run's mark in their environment and are still there. */
  readonly leftOver: readonly number[];
}

export interface CliOptions {
  readonly cwd?: string;
  /** Added to a bare environment: nothing of the developer's own gets in. */
  readonly env?: Readonly<Record<string, string>>;
  /** Sends SIGINT when the output so far asks for it. */
  readonly interruptWhen?: (stdout: string) => boolean;
  /** Asks `interruptWhen` every so often too, not only when there is new output. */
  readonly lookAgainEveryMs?: number;
}

/** Runs `ballast` as a user would: a process of its own. */
export function ballast(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const mark = randomUUID();
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...options.env, BALLAST_TEST_MARK: mark };
  const child = spawn(process.execPath, [...ballastCommand, ...args], {
    cwd: options.cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let isInterrupted = false;
  const look = () => {
    if (isInterrupted || !options.interruptWhen?.(stdout)) return;
    isInterrupted = true;
    child.kill('SIGINT');
  };
  const looking = options.lookAgainEveryMs === undefined ? null : setInterval(look, options.lookAgainEveryMs);
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    look();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', async (code) => {
      if (looking !== null) clearInterval(looking);
      resolve({ code, stdout, stderr, leftOver: await stillMarked(mark) });
    });
  });
}

/** Gives what was started a moment to end, then looks for it. */
async function stillMarked(mark: string): Promise<readonly number[]> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const found = marked(mark);
    if (found.length === 0) return [];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return marked(mark);
}

/** Processes by a mark in their environment; where there is no /proc, nothing can be said and nothing is. */
function marked(mark: string): readonly number[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark);
      } catch {
        return false;
      }
    })
    .map(Number);
}
