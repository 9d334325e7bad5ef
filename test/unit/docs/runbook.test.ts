import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const docs = join(import.meta.dirname, '../../../docs');
const page = (name: string) => readFileSync(join(docs, name), 'utf8');
const codesOf = (text: string) => [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, code = '']) => code);

/** The rows of the runbook: a code and what stands beside it. */
const rows = [...page('runbook.md').matchAll(/^\| `(\w+)` \|(.*)\|$/gm)].map(([, code = '', rest = '']) => ({
  code,
  cells: rest.split('|').map((cell) => cell.trim()),
}));

describe('docs/runbook.md', () => {
  it('has every reason of a decision and every error once, and no other', () => {
    const wanted = [...codesOf(page('decisions.md')), ...codesOf(page('errors.md'))];
    expect(wanted.length).toBeGreaterThan(100);
    expect(rows.map(({ code }) => code).sort()).toEqual(wanted.sort());
  });

  it.each(rows)('says of $code what it means, what to do first and second, and whom to call', ({ cells }) => {
    expect(cells).toHaveLength(4);
    for (const cell of cells) expect(cell).not.toBe('');
    expect(cells.at(-1)).toMatch(/^(?:operator|owner|risk|provider|project|nobody)\b/);
  });

  it('has every halt that waits for a person in the section that says so', () => {
    const waits = [...page('decisions.md').matchAll(/^\| `(\w+)` \|.*stays until resumed/gm)].map(
      ([, code]) => code,
    );
    const section =
      page('runbook.md')
        .split(/^## /m)
        .find((part) => part.startsWith('Halts that wait')) ?? '';
    expect(codesOf(section).sort()).toEqual(waits.sort());
  });
});
