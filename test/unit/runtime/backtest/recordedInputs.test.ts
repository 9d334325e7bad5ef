import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  readBaseFees,
  readNetSwaps,
  readPoolMinutes,
} from '../../../../src/runtime/backtest/recordedInputs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-recorded-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(name: string, lines: readonly string[]): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, lines.join('\n'));
  return file;
}

const at = (minute: number) => 1_704_067_200 + 60 * minute;

describe('recorded base fees', () => {
  it('are kept as far as they can be, and what cannot is counted with its first line', async () => {
    const file = await fileOf('fees.csv', [
      'time,gwei',
      `${at(0)},20`,
      `${at(1)},0x14`,
      `${at(2)},1,020.5`,
      `${at(3)},-1`,
      'noon,20',
      '12,20',
      `${at(5)},22`,
      `${at(4)},21`,
      `${at(4)},99`,
    ]);
    const { series, findings } = await readBaseFees(file);
    expect(series).toEqual({ timestampSeconds: [at(0), at(4), at(5)], value: [20, 21, 22] });
    expect(findings.map(({ kind, text, line }) => [kind, text.split(' ')[0], line])).toEqual([
      ['badTime', '2', 6],
      ['badValue', '3', 3],
      ['unsorted', '1', 9],
      ['duplicate', '1', 10],
    ]);
  });
});

describe('a pool by the minute', () => {
  it('has the tick and the liquidity of the same row, the first where one minute is told twice', async () => {
    const file = await fileOf('minutes.csv', [
      'timestamp,closeTick,currentLiquidity',
      `${at(0)},200,1000`,
      `${at(1)},,1100`,
      `${at(2)},202,1200`,
      `${at(2)},999,1300`,
    ]);
    const { ticks, liquidity, findings } = await readPoolMinutes([file]);
    expect(ticks).toEqual({ timestampSeconds: [at(0), at(2)], value: [200, 202] });
    expect(liquidity).toEqual([1_000, 1_200]);
    expect(findings.map(({ kind, line }) => [kind, line])).toEqual([
      ['badValue', 3],
      ['duplicate', 5],
    ]);
  });

  it('has swaps either way, and none in a minute of 0', async () => {
    const file = await fileOf('swaps.csv', [
      'timestamp,netAmount0',
      `${at(0)},-5`,
      `${at(1)},0`,
      `${at(2)},7`,
      `${at(2)},-8`,
      `${at(3)},many`,
    ]);
    const { series, findings } = await readNetSwaps([file], true);
    expect(series).toEqual({ timestampSeconds: [at(0), at(2)], value: [-5, 7] });
    expect(findings.map(({ kind }) => kind)).toEqual(['badValue', 'duplicate']);
  });
});
