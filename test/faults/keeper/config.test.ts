import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ballast } from '../../support/cli.ts';
import { useKeeper } from '../../support/keeperOnDevnet.ts';

const get = useKeeper();

describe('a config with keys that nothing knows', () => {
  it('run lists every one with its line and ends with 2, before anything is opened or sent', async () => {
    const keeper = get();
    const before = await keeper.traces();
    const text = keeper.configText
      .replace('limits: { maxSlippageBps: 150,', 'limits: { maxSlipageBps: 150,')
      .replace('schedule: block', 'schedule: block\ndryRun: true')
      .replace('{ kind: balances }', '{ kind: balances, tokens: [WETH] }');
    await writeFile(join(keeper.folder, 'ballast.yaml'), text);
    const { code, stdout, stderr } = await ballast(['run', '--once'], { cwd: keeper.folder });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    const lineOf = (part: string) => text.slice(0, text.indexOf(part)).split('\n').length;
    for (const [key, place] of [
      ['dryRun', lineOf('dryRun')],
      ['vaults[0].limits.maxSlipageBps', lineOf('maxSlipageBps')],
      ['vaults[0].positions[0].tokens', lineOf('tokens: [WETH]')],
    ] as const) {
      expect(stderr).toContain(`ballast.yaml:${place}  ${key}`);
    }
    expect(stderr).toContain('maxSlippageBps');
    expect(existsSync(keeper.journalPath)).toBe(false);
    expect(await keeper.traces()).toEqual(before);
    await keeper.expectHedgesOnce();
  });
});
