import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** The project's folder. */
export const root = join(import.meta.dirname, '../..');

/** Path of an installed package's command. */
export const commandOf = (name: string): string => join(root, 'node_modules/.bin', name);

/** Where and how a command runs. */
export interface RunOptions {
  /** The project's folder unless told. */
  readonly folder?: string;
  /** Added to this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** It is ended then; without it, never. */
  readonly timeoutMs?: number;
  /** false = kept quiet, for whoever shows it later. */
  readonly isShown?: boolean;
}

/**
 * Runs a command to its end.
 *
 * @returns its exit code (1 where it had to be ended), and what it printed to stdout
 * @throws Error when it cannot be started
 */
export function run(
  command: string,
  args: readonly string[],
  { folder = root, environment = {}, timeoutMs, isShown = true }: RunOptions = {},
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (isShown) process.stdout.write(chunk);
      output += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
