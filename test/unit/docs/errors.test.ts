import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');

it('docs/errors.md explains every error code, and no other', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const source = files
    .map((name) => readFileSync(join(root, 'src', name), 'utf8').replace(/^\s*(?:\*|\/\/).*$/gm, ''))
    .join('\n');
  const thrown = /(?:super|new BallastError|new UsageError)\(\s*'([A-Z][A-Z_]+)'|code: '([A-Z][A-Z_]+)'/g;
  const codes = new Set([...source.matchAll(thrown)].map((match) => match[1] ?? match[2]));
  const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
  const explained = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
  expect(codes.size).toBeGreaterThan(20);
  expect([...explained].sort()).toEqual([...codes].sort());
});
