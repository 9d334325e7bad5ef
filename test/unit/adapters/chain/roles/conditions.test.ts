import { describe, expect, it } from 'vitest';
import {
  anything,
  calldataOf,
  flatten,
  theAvatar,
  tupleOf,
} from '../../../../../src/adapters/chain/roles/conditions.ts';
import { violationInWords } from '../../../../../src/adapters/chain/roles/violations.ts';

describe('conditions of Roles', () => {
  it('come level by level, each with the index of its parent', () => {
    const tree = calldataOf([anything, tupleOf([theAvatar, anything]), anything]);
    expect(flatten(tree).map(({ parent, paramType, operator }) => [parent, paramType, operator])).toEqual([
      [0, 5, 5],
      [0, 1, 0],
      [0, 3, 5],
      [0, 1, 0],
      [2, 1, 15],
      [2, 1, 0],
    ]);
  });
});

describe('a violation in words', () => {
  it('names the allowance or the function that it is about', () => {
    const key = `0x${Buffer.from('ballast.sell').toString('hex').padEnd(64, '0')}` as const;
    expect(violationInWords(17, key)).toBe(
      'the role refuses: more than what is left of the allowance (ballast.sell)',
    );
    expect(violationInWords(3, `0x04e45aaf${'0'.repeat(56)}`)).toBe(
      'the role refuses: the function is not allowed (0x04e45aaf)',
    );
    expect(violationInWords(2, `0x${'0'.repeat(64)}`)).toBe('the role refuses: the target is not allowed');
    expect(violationInWords(99, `0x${'0'.repeat(64)}`)).toBe('the role refuses: status 99');
  });
});
