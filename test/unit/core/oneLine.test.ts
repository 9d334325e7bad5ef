import { describe, expect, it } from 'vitest';
import { CorruptDataError } from '../../../src/core/errors.ts';
import { oneLine } from '../../../src/core/oneLine.ts';

describe('foreign words', () => {
  it.each([
    ['as they are', 'max fee per gas < base fee', 'max fee per gas < base fee'],
    ['on one line', ' first\r\n\tsecond ', 'first second'],
    ['without what moves a cursor or colours it', 'a\u001b[2Jb\u0000c', 'a [2Jb c'],
    ['without what turns the reading direction', 'safe\u202egnihton', 'safe gnihton'],
  ])('are told %s', (_, text, expected) => {
    expect(oneLine(text)).toBe(expected);
  });

  it('are cut where they are long, whatever they are made of', () => {
    expect(oneLine('x'.repeat(1_000_000), 10)).toBe('xxxxxxxxxx…');
    expect(oneLine(' '.repeat(1_000_000))).toBe('');
  });
});

describe('corrupt data', () => {
  it('is told in a few words, however much of it came', () => {
    const { message, facts } = new CorruptDataError(
      'block.number',
      `\u001b[31m${'7'.repeat(500_000)}`,
      'one',
    );
    expect(message.length).toBeLessThan(300);
    expect(`${message}${String(facts.found)}`).not.toContain('\u001b');
  });
});
