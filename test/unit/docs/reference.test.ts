import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandsPage } from '../../../scripts/docs/commands.ts';
import { configPage } from '../../../scripts/docs/config.ts';
import { registry } from '../../../src/runtime/registry.ts';

const folder = join(import.meta.dirname, '../../../docs/reference');
const committed = (name: string) => readFileSync(join(folder, name), 'utf8').trimEnd();
const config = configPage();
const commands = await commandsPage();
const rows = config
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

describe('the reference', () => {
  it('of commands is what the program says', () => {
    expect(committed('commands.md')).toBe(commands.trimEnd());
  });

  it('of the config is what configs are checked with', () => {
    expect(committed('config.md')).toBe(config.trimEnd());
  });

  it('has type and meaning of every key', () => {
    expect(rows.length).toBeGreaterThan(300);
    const silent = rows.filter(([, , type = '', , meaning = '']) => type === '' || meaning === '');
    expect(silent.map(([, key]) => key)).toEqual([]);
  });

  it('has every kind of every plug-in', () => {
    for (const kinds of Object.values(registry))
      for (const kind of Object.keys(kinds)) expect(config).toMatch(new RegExp(`^### .*: ${kind}$`, 'm'));
  });
});
