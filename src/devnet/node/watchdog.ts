import { type ChildProcess, spawn } from 'node:child_process';

/** Waits on its stdin, which ends when the process that holds the other end is gone, however that happened. */
const WATCH = 'read -r _; kill -9 "$1" 2>/dev/null';

/**
 * Kills a child of this process should this process die without a chance to do so (SIGKILL, a crash, an interrupt
 * nobody handles): a shell that waits for our end of a pipe to close. Does nothing on Windows, which has no such shell.
 *
 * @returns a function that calls the watch off, and resolves when nothing of it is left; to be called when the child has
 * ended, since its id may be used again
 */
export function killWithParent(pid: number): () => Promise<void> {
  if (process.platform === 'win32') return async () => {};
  const watchdog: ChildProcess = spawn('/bin/sh', ['-c', WATCH, 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    watchdog.once('exit', () => resolve());
    watchdog.once('error', () => resolve());
  });
  watchdog.stdin?.on('error', () => {});
  watchdog.unref();
  (watchdog.stdin as { unref?: () => void } | null)?.unref?.();
  return () => {
    watchdog.kill('SIGKILL');
    watchdog.stdin?.destroy();
    return ended;
  };
}
