import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDevnetSession } from '../../../src/runtime/devnetSession.ts';
import { UsageError } from '../../../src/runtime/errors.ts';

const options = { price: 3_000, poolFiles: [], port: 0, everySeconds: 2, configFile: null, journalPath: 'x' };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-session-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a devnet is refused before it starts', () => {
  it("where it would overwrite a config of the user's own", async () => {
    const configFile = join(folder, 'ballast.yaml');
    await writeFile(configFile, 'chain: { id: 1 }\n');
    const started = startDevnetSession({ ...options, configFile });
    await expect(started).rejects.toMatchObject({
      code: 'FILE_EXISTS',
      action: 'name another file with --write-config',
    });
    await expect(started).rejects.toBeInstanceOf(UsageError);
    expect(await readFile(configFile, 'utf8')).toBe('chain: { id: 1 }\n');
  });

  it('where its config cannot be written', async () => {
    const started = startDevnetSession({ ...options, configFile: folder });
    await expect(started).rejects.toMatchObject({ code: 'FILE_UNUSABLE' });
    await expect(started).rejects.toBeInstanceOf(UsageError);
  });

  it('where a recorded pool cannot be read', async () => {
    const started = startDevnetSession({ ...options, poolFiles: [join(folder, 'missing.json')] });
    await expect(started).rejects.toMatchObject({ code: 'RECORD_UNUSABLE' });
    await expect(started).rejects.toBeInstanceOf(UsageError);
  });
});
