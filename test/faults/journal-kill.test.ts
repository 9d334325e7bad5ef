import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { sqlite } from '../../src/adapters/stores/index.ts';
import type { Store } from '../../src/ports/store.ts';
import { sampleAttempt, sampleDecision, sampleOrder } from '../support/journalSamples.ts';

const writer = fileURLToPath(new URL('../support/journalWriter.ts', import.meta.url));

/** Starts a writer, kills it without warning some milliseconds after it began, and gives what it had acknowledged. */
async function writeUntilKilled(path: string, start: number, milliseconds: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', writer, path, String(start)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<NodeJS.Signals | null>((resolve) =>
    child.on('exit', (_, signal) => resolve(signal)),
  );
  const acknowledged: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'ready') timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
    else acknowledged.push(line);
  }
  clearTimeout(timer);
  expect(await exited).toBe('SIGKILL');
  return acknowledged;
}

async function expectKept(store: Store, line: string): Promise<void> {
  const [kind, id = '', n = ''] = line.split(' ');
  if (kind === 'decision') {
    expect(await store.decision(id)).toEqual({ ...sampleDecision(BigInt(n)), id });
  } else if (kind === 'memory') {
    expect(Number(await store.recall('eth-strangle', id))).toBeGreaterThanOrEqual(Number(n));
  } else {
    const history = await store.order(id);
    expect(history?.record).toEqual(sampleOrder(BigInt(n)));
    const signed = {
      event: { kind: 'signed', attempt: sampleAttempt(Number(n)) },
      recordedAtSeconds: Number(n),
    };
    if (kind === 'signed') expect(history?.events).toEqual([signed]);
  }
}

describe('a journal whose keeper is killed while it writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-kill-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('still holds everything that was acknowledged, and lets the next keeper in at once', async () => {
    const path = join(folder, 'journal.sqlite');
    const everything: string[] = [];
    for (const [round, milliseconds] of [0, 7, 19, 47, 131, 211].entries()) {
      const acknowledged = await writeUntilKilled(path, round * 100_000, milliseconds);
      everything.push(...acknowledged);
      const store = await sqlite.open({ path, readOnly: false });
      for (const line of acknowledged) await expectKept(store, line);
      await store.close();
    }
    expect(everything.length).toBeGreaterThan(20);
    const store = await sqlite.open({ path, readOnly: true });
    for (const line of everything.filter((line) => !line.startsWith('memory'))) await expectKept(store, line);
    await store.close();
  });
});
