/**
 * Writes `docs/ballast.schema.json` and `docs/study.schema.json`: the JSON Schemas of the config and of a study file, for editors.
 *
 *   tsx scripts/configSchema.ts            write
 *   tsx scripts/configSchema.ts --check    fail when what is committed differs
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { studySchema } from '../src/runtime/backtest/studySchema.ts';
import { toJsonSchema } from '../src/runtime/config/jsonSchema.ts';
import { configSchema } from '../src/runtime/config/schema.ts';
import { registry } from '../src/runtime/registry.ts';

const documents = [
  { file: 'docs/ballast.schema.json', title: 'Ballast config', ...configSchema(registry) },
  { file: 'docs/study.schema.json', title: 'Ballast study', ...studySchema(registry) },
];

for (const { file, title, schema, families } of documents) {
  const path = new URL(`../${file}`, import.meta.url);
  const wanted: unknown = JSON.parse(JSON.stringify({ title, ...toJsonSchema(schema, families) }));
  if (!process.argv.includes('--check')) {
    writeFileSync(path, `${JSON.stringify(wanted, null, 2)}\n`);
  } else if (!isDeepStrictEqual(JSON.parse(readFileSync(path, 'utf8')), wanted)) {
    process.stderr.write(`${file} differs from its schema: run tsx scripts/configSchema.ts\n`);
    process.exitCode = 1;
  }
}
