import { type Hex, hexToString, trim } from 'viem';

/** Status codes of Roles' `ConditionViolation`, by number, in words. */
const words: readonly string[] = [
  'nothing',
  'a delegatecall is not allowed',
  'the target is not allowed',
  'the function is not allowed',
  'sending ether is not allowed',
  'none of the alternatives fits',
  'one of what is ruled out fits',
  'a parameter is not the one that is allowed',
  'a parameter is less than what is allowed',
  'a parameter is more than what is allowed',
  'a parameter does not have the shape that is allowed',
  'one of several swaps is not what is allowed',
  'no item of a list is what is allowed',
  'a list holds more than what is allowed',
  'a call inside is too short',
  'a call inside is of another function than the one that is allowed',
  'a condition of its own contract fails',
  'more than what is left of the allowance',
  'no call is left of the allowance',
  'more ether than what is left of the allowance',
];

/**
 * A `ConditionViolation` of Zodiac Roles v2 in words.
 *
 * @param info the allowance's key, the target or the selector, where the status has one
 */
export function violationInWords(status: number, info: Hex): string {
  const what = words[status] ?? `status ${status}`;
  return BigInt(info) === 0n ? `the role refuses: ${what}` : `the role refuses: ${what} (${detailOf(info)})`;
}

/** Keys are text; the rest is told as it stands. */
function detailOf(info: Hex): string {
  const trimmed = trim(info, { dir: 'right' });
  const text = hexToString(trimmed);
  return /^[a-zA-Z0-9.-]+$/.test(text) && text.length > 4 ? text : trim(trimmed);
}
