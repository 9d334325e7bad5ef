import { spawn } from 'node:child_process';
import { ballastCommand } from './cli.ts';

/** `ballast run` as a process of its own, to be ended in any way. */
export interface KeeperProcess {
  /** Everything that it printed so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when the output holds this, or the process has ended, or so many milliseconds have passed. */
  until(words: RegExp, milliseconds: number): Promise<boolean>;
  /** Sends a signal and waits for the end. @returns the exit code, null where the signal ended it */
  end(signal: 'SIGKILL' | 'SIGINT'): Promise<number | null>;
}

/** Starts the keeper over the `ballast.yaml` of a folder. */
export function startKeeperProcess(cwd: string, env: Readonly<Record<string, string>>): KeeperProcess {
  const child = spawn(process.execPath, [...ballastCommand, 'run'], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let look = () => {};
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    look();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return {
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
    async until(words, milliseconds) {
      let timer: NodeJS.Timeout | undefined;
      const said = new Promise<void>((resolve) => {
        look = () => words.test(stdout) && resolve();
        look();
      });
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, milliseconds);
      });
      await Promise.race([said, late, ended]);
      clearTimeout(timer);
      look = () => {};
      return words.test(stdout);
    },
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
