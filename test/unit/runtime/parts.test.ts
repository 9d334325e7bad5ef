import { describe, expect, it } from 'vitest';
import { isLoopbackUrl } from '../../../src/adapters/chain/loopback.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { editDistance, nearest } from '../../../src/runtime/config/nearest.ts';
import { demoPath, PATH_BLOCKS, seededRandom } from '../../../src/runtime/demo/path.ts';
import { fail, ok, runChecks, warn } from '../../../src/runtime/doctor/checks.ts';

describe('what stays on this machine', () => {
  it.each([
    ['http://127.0.0.1:8545', true],
    ['http://127.9.9.9', true],
    ['http://localhost:1', true],
    ['http://[::1]:8545', true],
    ['https://relay.flashbots.net', false],
    ['http://127.0.0.1.example', false],
    ['http://localhost.example', false],
    ['http://0.0.0.0:8545', false],
    ['http://10.0.0.1', false],
    ['http://user@127.0.0.1@node.example', false],
    ['no url', false],
  ])('%s: %s', (url, expected) => {
    expect(isLoopbackUrl(url)).toBe(expected);
  });
});

describe('the nearest word', () => {
  it.each([
    ['halfWdith', ['halfWidth', 'tradeTo'], 'halfWidth'],
    ['KIND', ['kind'], 'kind'],
    ['colour', ['chain', 'journal'], null],
    ['', ['a'], 'a'],
  ])('%s of %j is %s', (word, known, expected) => {
    expect(nearest(word, known)).toBe(expected);
  });
  it('counts a swap of neighbours as one edit', () => expect(editDistance('rcp', 'rpc')).toBe(1));
});

describe("the demo's market", () => {
  const path = demoPath(3_000, 7);
  it('falls 12 % and ends 9 % below its start', () => {
    expect(path).toHaveLength(PATH_BLOCKS);
    expect(Math.min(...path) / 3_000).toBeLessThanOrEqual(0.88);
    expect((path.at(-1) ?? 0) / 3_000).toBeCloseTo(0.91, 3);
  });
  it('moves less than 1 % a block, so that the oracle can follow', () => {
    const steps = path.slice(1).map((price, index) => Math.abs(price / (path[index] ?? price) - 1));
    expect(Math.max(...steps)).toBeLessThan(0.01);
  });
  it('is the same for the same seed and another for another', () => {
    expect(demoPath(3_000, 7)).toEqual(path);
    expect(demoPath(3_000, 8)).not.toEqual(path);
  });
  it('has noise that is spread over its range', () => {
    const random = seededRandom(1);
    const values = Array.from({ length: 1_000 }, random);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean).toBeGreaterThan(0.45);
    expect(mean).toBeLessThan(0.55);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
  });
});

describe("the doctor's checks", () => {
  it('all complete, failures first, whatever one of them does', async () => {
    const findings = await runChecks(
      [
        { name: 'good', look: async () => [ok('good', 'is')] },
        { name: 'late', look: () => new Promise(() => {}) },
        { name: 'broken', look: () => Promise.reject(new Error('no\nstack')) },
        { name: 'so-so', look: async () => [warn('so-so', 'is', 'look'), fail('bad', 'is', 'act')] },
      ],
      systemClock,
      0.05,
    );
    expect(findings.map(({ verdict, check }) => `${verdict} ${check}`)).toEqual([
      'fail late',
      'fail broken',
      'fail bad',
      'warn so-so',
      'ok good',
    ]);
    expect(findings[1]?.found).toBe('no');
  });
});
