import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Violation, violationsOf } from './rules.ts';

const root = join(import.meta.dirname, '../..');
const planted: string[] = [];

/** Writes a source tree with the given files and gives its root. */
function plant(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-architecture-'));
  planted.push(folder);
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, 'src', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

const documented = '/** A value. */\nexport const value = 1;\n';

afterEach(() => {
  for (const folder of planted.splice(0)) rmSync(folder, { recursive: true });
});

describe('the house', () => {
  it('keeps every rule', () => {
    expect(violationsOf(root)).toEqual([]);
  });
});

describe('each rule, on a planted bad tree, fails', () => {
  const cases: readonly [rule: Violation['rule'], what: string, files: Readonly<Record<string, string>>][] = [
    [
      'layers',
      'core importing the engine',
      { 'core/a.ts': "import '../engine/b.ts';\n", 'engine/b.ts': documented },
    ],
    [
      'layers',
      'the engine importing an adapter',
      { 'engine/a.ts': "export * from '../adapters/relays/b.ts';\n" },
    ],
    ['layers', 'the command line reaching the devnet', { 'cli/a.ts': "import '../devnet/b.ts';\n" }],
    ['layers', 'a folder that is no layer', { 'helpers/a.ts': documented }],
    ['packages', 'core importing viem', { 'core/a.ts': "import { keccak256 } from 'viem';\n" }],
    [
      'packages',
      'the engine importing a Node module',
      { 'engine/a.ts': "import { readFileSync } from 'node:fs';\n" },
    ],
    [
      'packages',
      'a dynamic import',
      { 'core/a.ts': "/** Loads. */\nexport const load = () => import('viem');\n" },
    ],
    [
      'siblings',
      'one relay importing another',
      {
        'adapters/relays/a.ts': "import './b.ts';\n",
        'adapters/relays/b.ts': documented,
        'adapters/relays/index.ts': "export * from './a.ts';\nexport * from './b.ts';\n",
      },
    ],
    [
      'siblings',
      'one policy importing another',
      { 'policies/a.ts': "import './b.ts';\n", 'policies/b.ts': documented },
    ],
    ['purity', 'a clock in core', { 'core/a.ts': '/** Now. */\nexport const now = () => Date.now();\n' }],
    [
      'purity',
      'chance in a policy',
      { 'policies/a.ts': '/** Dice. */\nexport const dice = () => Math.random();\n' },
    ],
    [
      'purity',
      'a timer in the engine',
      { 'engine/a.ts': '/** Later. */\nexport const later = () => setTimeout(() => 1);\n' },
    ],
    [
      'purity',
      'the environment in core',
      { 'core/a.ts': '/** Key. */\nexport const key = process.env.KEY;\n' },
    ],
    ['size', 'a file of 301 lines', { 'core/a.ts': `${documented}${'\n'.repeat(299)}` }],
    ['documentation', 'an export without a word', { 'core/a.ts': 'export const value = 1;\n' }],
    [
      'registration',
      'a relay that no index names',
      { 'adapters/relays/a.ts': documented, 'adapters/relays/index.ts': '' },
    ],
    [
      'cycles',
      'two files importing each other',
      { 'core/a.ts': "import './b.ts';\n", 'core/b.ts': "import './a.ts';\n" },
    ],
  ];

  it.each(cases)('%s: %s', (rule, _what, files) => {
    expect(violationsOf(plant(files)).map((violation) => violation.rule)).toContain(rule);
  });

  it('and a tree without fault passes', () => {
    const tree = plant({
      'core/a.ts': `// Date.now() in a comment is no clock\n${documented}`,
      'engine/b.ts':
        "import { value } from '../core/a.ts';\n/** Twice. */\nexport const twice = value * 2;\n",
      'adapters/relays/internal/shared.ts': documented,
      'adapters/relays/c.ts': "import './internal/shared.ts';\n/** A relay. */\nexport const c = 1;\n",
      'adapters/relays/index.ts': "export { c } from './c.ts';\n",
    });
    expect(violationsOf(tree)).toEqual([]);
  });
});
