/**
 * Writes `docs/reference`: commands, config keys and the API, from the code itself.
 *
 *   tsx scripts/docs.ts            write
 *   tsx scripts/docs.ts --check    fail when what is committed differs
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiPage } from './docs/api.ts';
import { commandsPage } from './docs/commands.ts';
import { configPage } from './docs/config.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'docs/reference');
const pages = { 'commands.md': await commandsPage(), 'config.md': configPage(), 'api.md': apiPage(root) };

mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(pages)) {
  const path = join(folder, name);
  const wanted = `${text.trimEnd()}\n`;
  if (!process.argv.includes('--check')) {
    writeFileSync(path, wanted);
  } else if (!existsSync(path) || readFileSync(path, 'utf8') !== wanted) {
    process.stderr.write(`docs/reference/${name} differs from the code: run tsx scripts/docs.ts\n`);
    process.exitCode = 1;
  }
}
