/**
 * Writes `docs/ballast.schema.json`: the JSON Schema of the config, for editors.
 *
 *   tsx scripts/configSchema.ts            write
 *   tsx scripts/configSchema.ts --check    fail when what is committed differs
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { toJsonSchema } from '../src/runtime/config/jsonSchema.ts';
import { configSchema } from '../src/runtime/config/schema.ts';
import { registry } from '../src/runtime/registry.ts';

const file = new URL('../docs/ballast.schema.json', import.meta.url);
const { schema, families } = configSchema(registry);
const wanted: unknown = JSON.parse(
  JSON.stringify({ title: 'Ballast config', ...toJsonSchema(schema, families) }),
);

if (process.argv.includes('--check')) {
  if (!isDeepStrictEqual(JSON.parse(readFileSync(file, 'utf8')), wanted)) {
    process.stderr.write(
      'docs/ballast.schema.json differs from the config schema: run tsx scripts/configSchema.ts\n',
    );
    process.exitCode = 1;
  }
} else {
  writeFileSync(file, `${JSON.stringify(wanted, null, 2)}\n`);
}
