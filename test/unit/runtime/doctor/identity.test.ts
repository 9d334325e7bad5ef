import { describe, expect, it } from 'vitest';
import * as signers from '../../../../src/adapters/signers/index.ts';
import type { Config } from '../../../../src/runtime/config/schema.ts';
import { identityCheck } from '../../../../src/runtime/doctor/endpointChecks.ts';
import type { Shared } from '../../../../src/runtime/doctor/shared.ts';
import { secretsOf } from '../../../support/secrets.ts';

const [first, second, third] = ['11', '22', '33'].map((byte) => `0x${byte.repeat(32)}`) as [
  string,
  string,
  string,
];
const key = (variable: string) => ({ kind: 'env', config: { variable } });

/** The doctor's line for a config with these keys in these variables. */
function lineOf(environment: Record<string, string>, keys: Pick<Config, 'signer' | 'signers' | 'identity'>) {
  const tools = { registry: { signers }, secrets: secretsOf(environment), fetch: globalThis.fetch };
  return identityCheck({ config: keys, tools } as unknown as Shared).look();
}

describe('the doctor on the relay identity', () => {
  it('passes a key of its own', async () => {
    const keys = { signer: key('A'), signers: [key('B')], identity: key('C') };
    expect(await lineOf({ A: first, B: second, C: third }, keys)).toMatchObject([{ verdict: 'ok' }]);
  });

  it.each([
    ['the signer', { A: first, B: second, C: first }],
    ['one of several signers', { A: first, B: second, C: second }],
  ])('fails where it is %s, and names both', async (_, environment) => {
    const keys = { signer: key('A'), signers: [key('B')], identity: key('C') };
    const [finding] = await lineOf(environment, keys);
    expect(finding).toMatchObject({ verdict: 'fail', action: expect.stringContaining('keys create') });
    expect(finding?.found).toMatch(/signer and identity are the same key, 0x/);
    expect(JSON.stringify(finding)).not.toMatch(/(11|22){16}/);
  });

  it('compares what is at hand where another key is not, and says so', async () => {
    const keys = { signer: key('A'), signers: [key('B')], identity: key('C') };
    expect(await lineOf({ A: first, C: first }, keys)).toMatchObject([{ verdict: 'fail' }]);
    const [finding] = await lineOf({ A: first, C: third }, keys);
    expect(finding).toMatchObject({ verdict: 'ok', found: expect.stringContaining('at hand') });
  });

  it('says nothing where there is none', async () => {
    expect(await lineOf({ A: first }, { signer: key('A'), signers: [], identity: null })).toEqual([]);
  });
});
