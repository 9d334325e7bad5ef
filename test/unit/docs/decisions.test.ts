import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');

it('docs/decisions.md explains every reason code, and no other', () => {
  const source = readFileSync(join(root, 'src/core/decision.ts'), 'utf8');
  const union = /export type ReasonCode =([\s\S]*?);/.exec(source)?.[1] ?? '';
  const codes = [...union.matchAll(/'(\w+)'/g)].map((match) => match[1]);
  const page = readFileSync(join(root, 'docs/decisions.md'), 'utf8');
  const explained = [...page.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
  expect(codes.length).toBeGreaterThan(10);
  expect(explained.sort()).toEqual(codes.sort());
});
