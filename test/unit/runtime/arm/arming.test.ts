import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Binding, changesSince } from '../../../../src/runtime/arm/binding.ts';
import {
  actsReader,
  appendAct,
  OperatorFileError,
  readActs,
} from '../../../../src/runtime/arm/operatorFile.ts';
import { permissionFrom, refusalOf, standingOf } from '../../../../src/runtime/arm/standing.ts';

const binding: Binding = {
  configHash: 'aa'.repeat(32),
  version: '1.0.0',
  build: 'abcdefabcdef',
  chainId: 1,
  vaults: ['eth-calls', 'btc-puts'],
  keepers: ['0x00000000000000000000000000000000000c0ffe'],
};
const armed = { kind: 'armed', atSeconds: 1_770_000_000, by: 'ann', binding } as const;
const disarmed = (vaults: readonly string[], reason: string | null = null) =>
  ({ kind: 'disarmed', atSeconds: 1_770_000_060, by: 'bob', vaults, reason }) as const;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-arm-'));
  file = join(folder, 'ballast.sqlite-operator');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('leave to trade', () => {
  it('is there only after it was given', () => {
    expect(refusalOf([], 'eth-calls', binding, 'compared')).toBe('eth-calls was never armed');
    expect(refusalOf([armed], 'eth-calls', binding, 'compared')).toBeNull();
    expect(refusalOf([armed], 'another', binding, 'compared')).toBe('another was never armed');
  });

  it('is taken away from one vault, with the reason, and given back by arming again', () => {
    const acts = [armed, disarmed(['eth-calls'], 'the feed looks odd')];
    expect(refusalOf(acts, 'eth-calls', binding, 'compared')).toBe(
      'eth-calls was disarmed by bob at 2026-02-02T02:41:00Z: the feed looks odd',
    );
    expect(refusalOf(acts, 'btc-puts', binding, 'compared')).toBeNull();
    expect(refusalOf([...acts, armed], 'eth-calls', binding, 'compared')).toBeNull();
  });

  it.each<[string, Partial<Binding>, RegExp]>([
    ['config', { configHash: 'bb'.repeat(32) }, /the config is bbbbbbbb…, armed was aaaaaaaa…/],
    ['version', { version: '1.0.1' }, /this is ballast 1\.0\.1, armed was 1\.0\.0/],
    ['build', { build: '000000000000' }, /this is build 000000000000, armed was abcdefabcdef/],
    ['chain', { chainId: 10 }, /the chain is 10, armed was 1/],
    ['keys', { keepers: ['0x00000000000000000000000000000000000000ff'] }, /the keys that sign are others/],
  ])('ends with another %s', (_, change, words) => {
    expect(refusalOf([armed], 'eth-calls', { ...binding, ...change }, 'compared')).toMatch(words);
  });

  it('names every change at once', () => {
    const now = { ...binding, chainId: 5, configHash: 'cc'.repeat(32), version: '2.0.0' };
    expect(changesSince(binding, now, 'compared')).toHaveLength(3);
  });

  it('is refused for what serves all vaults only where every vault is refused', () => {
    const one = permissionFrom(() => [armed, disarmed(['eth-calls'])], binding);
    expect(one.refusal(null)).toBeNull();
    const all = permissionFrom(() => [armed, disarmed(['eth-calls', 'btc-puts'])], binding);
    expect(all.refusal(null)).toMatch(/was disarmed/);
  });

  it('is not given by a file that cannot be read', () => {
    const permission = permissionFrom(() => {
      throw new OperatorFileError('the operator’s file cannot be read', file, new Error('EACCES'));
    }, binding);
    expect(permission.refusal('eth-calls')).toMatch(/cannot be read/);
  });
});

describe("the operator's file", () => {
  it('keeps every act, in order, for its owner alone', () => {
    appendAct(file, armed);
    appendAct(file, disarmed(['eth-calls']));
    expect(readActs(file)).toEqual([armed, disarmed(['eth-calls'])]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('holds nothing where it is not there', () => expect(readActs(file)).toEqual([]));

  it.each([1, 5, 20, 60])('cut off %i bytes before its end, counts as disarmed', (bytes) => {
    appendAct(file, armed);
    truncateSync(file, statSync(file).size - bytes);
    expect(standingOf(readActs(file), 'eth-calls').status).toBe(bytes === 1 ? 'armed' : 'damaged');
    appendAct(file, armed);
    expect(standingOf(readActs(file), 'eth-calls').status).toBe('armed');
  });

  it('with one character changed, or a foreign line, counts as disarmed', () => {
    appendAct(file, armed);
    const text = readFileSync(file, 'utf8');
    rmSync(file);
    appendFileSync(file, text.replace('"chainId":1', '"chainId":2'));
    expect(standingOf(readActs(file), 'btc-puts')).toEqual({ status: 'damaged', line: 1 });
    rmSync(file);
    appendFileSync(file, `${text}hello\n`);
    expect(refusalOf(readActs(file), 'btc-puts', binding, 'compared')).toMatch(/line 2 .* damaged/);
  });

  it('is seen changed by a reader that looked before, and gone', () => {
    const read = actsReader(file);
    expect(read()).toEqual([]);
    appendAct(file, armed);
    expect(read()).toEqual([armed]);
    appendAct(file, disarmed(['eth-calls']));
    expect(read()).toHaveLength(2);
    rmSync(file);
    expect(read()).toEqual([]);
  });
});
