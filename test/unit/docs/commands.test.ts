import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unknownWords } from '../../support/commandWords.ts';

const root = join(import.meta.dirname, '../../..');
const below = (folder: string, pattern: RegExp) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name));
const files = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...below('docs', /\.md$/),
  ...below('examples', /\.(?:ts|yaml)$/),
  ...below('deploy', /\.(?:yaml|service)$/),
];

/** Every `ballast …` that stands in a line of its own or between backticks, as the words after it. */
function commandsIn(text: string): readonly (readonly string[])[] {
  const inLines = [...text.matchAll(/^(?:#|\$|;)?\s*(?:npx )?ballast ([a-z].*)$/gm)];
  const inWords = [...text.matchAll(/`(?:npx )?ballast ([a-z][^`]*)`/g)];
  return [...inLines, ...inWords].map(([, rest = '']) =>
    rest
      .split(/ {2,}| #|;|\n/)[0]!
      .split(/\s+/)
      .filter((word) => word !== '' && !/^[…[A-Z(]/.test(word)),
  );
}

describe('commands in the documents', () => {
  it.each(files)('%s names only those that there are, with options that they have', (file) => {
    const found = commandsIn(readFileSync(join(root, file), 'utf8'));
    for (const words of found) expect(unknownWords(words), `ballast ${words.join(' ')}`).toEqual([]);
  });

  it('are many', () => {
    const all = files.flatMap((file) => commandsIn(readFileSync(join(root, file), 'utf8')));
    expect(all.length).toBeGreaterThan(100);
    expect(unknownWords(['plot'])).toEqual(['plot']);
    expect(unknownWords(['run', '--fast'])).toEqual(['--fast']);
  });
});

describe('links in the documents', () => {
  it.each(files.filter((file) => file.endsWith('.md')))('%s points at files that are there', (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      expect(existsSync(join(root, file, '..', target)), target).toBe(true);
    }
  });
});
