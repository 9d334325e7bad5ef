import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AnvilNode, AnvilStartError, startAnvil, startDevnet } from '../../../src/devnet/index.ts';

/** Whether a process exists; signal 0 only asks. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until a process is gone, at most five seconds. */
async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 250 && runs(pid); tries++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return !runs(pid);
}

describe('anvil', () => {
  it('answers as soon as it is started, with the chain id asked for', async () => {
    const anvil = await startAnvil({ chainId: 7 });
    try {
      expect(await new AnvilNode(anvil.url).request('eth_chainId')).toBe('0x7');
    } finally {
      await anvil.stop();
    }
  });

  it('keeps the states of the last 256 blocks, in memory alone, and every block', async () => {
    const anvil = await startAnvil();
    try {
      const node = new AnvilNode(anvil.url);
      await node.request('anvil_mine', ['0x140']);
      const balanceAt = (block: string) => node.request('eth_getBalance', [`0x${'00'.repeat(20)}`, block]);
      expect(await balanceAt('0x50')).toBe('0x0');
      await expect(balanceAt('0x20')).rejects.toThrow(/BlockOutOfRange/);
      expect(await node.request('eth_getBlockByNumber', ['0x20', false])).toMatchObject({ number: '0x20' });
    } finally {
      await anvil.stop();
    }
  });

  it('is gone when stop returns, and stop may be called again', async () => {
    const anvil = await startAnvil();
    await anvil.stop();
    expect(runs(anvil.pid)).toBe(false);
    await anvil.stop();
  });

  it('that hangs is killed', async () => {
    const anvil = await startAnvil();
    process.kill(anvil.pid, 'SIGSTOP');
    await anvil.stop();
    expect(runs(anvil.pid)).toBe(false);
  });

  it('tells its own words when it does not start', async () => {
    const failure = await startAnvil({ hardfork: 'nonsense' }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AnvilStartError);
    expect((failure as AnvilStartError).facts.output).toContain('nonsense');
  });

  it('that does not answer in time is an error, and leaves nothing', async () => {
    await expect(startAnvil({ startTimeoutMs: 1 })).rejects.toThrow(/within 1 ms/);
  });

  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('ends when its parent ends by %s', async (signal) => {
    const script = join(import.meta.dirname, '../../support/anvilParent.ts');
    const parent = spawn(process.execPath, ['--import', 'tsx', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(runs(pid)).toBe(true);
    parent.kill(signal);
    const ended = await gone(pid);
    if (!ended) process.kill(pid, 'SIGKILL');
    expect(ended).toBe(true);
  });
});

describe('a devnet', () => {
  it('leaves nothing running when it is stopped', async () => {
    const devnet = await startDevnet();
    const { pid } = devnet;
    await devnet.stop();
    expect(runs(pid)).toBe(false);
  });

  it('that cannot be set up stops what it started', async () => {
    const failure = await startDevnet({ price: 1e60, anvil: { port: 0 } }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    const children = () => process.getActiveResourcesInfo().filter((resource) => resource === 'ProcessWrap');
    await expect.poll(children).toHaveLength(0);
  });
});
