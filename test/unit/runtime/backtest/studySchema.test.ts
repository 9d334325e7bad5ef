import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { studySchema } from '../../../../src/runtime/backtest/studySchema.ts';
import { toJsonSchema } from '../../../../src/runtime/config/jsonSchema.ts';
import { registry } from '../../../../src/runtime/registry.ts';

const committed = new URL('../../../../docs/study.schema.json', import.meta.url);
const { schema, families } = studySchema(registry);
const generated = JSON.parse(JSON.stringify(toJsonSchema(schema, families)));

describe('the JSON Schema of a study', () => {
  it('is the one that is committed', () => {
    const { title: _, ...found } = JSON.parse(readFileSync(committed, 'utf8'));
    expect(found).toEqual(generated);
  });

  it('spells out every policy and every kind of prices', () => {
    const kindsOf = ({ oneOf }: { oneOf: { properties: { kind: { const: string } } }[] }) =>
      oneOf.map(({ properties }) => properties.kind.const).sort();
    expect(kindsOf(generated.properties.policies.items)).toEqual(Object.keys(registry.policies).sort());
    expect(kindsOf(generated.properties.prices)).toEqual([
      'garchBootstrap',
      'gbm',
      'heston',
      'merton',
      'recorded',
    ]);
  });
});
