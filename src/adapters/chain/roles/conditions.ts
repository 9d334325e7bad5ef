import { concatHex, type Hex, pad, toHex } from 'viem';
import type { Address } from '../../../core/units.ts';

/** A condition as Zodiac Roles v2 takes it: the index of its parent, how the value is encoded, what is asked of it. */
export interface FlatCondition {
  readonly parent: number;
  readonly paramType: number;
  readonly operator: number;
  readonly compValue: Hex;
}

/** A condition with those below it. */
export interface Condition extends Omit<FlatCondition, 'parent'> {
  readonly children: readonly Condition[];
}

const TYPE = { none: 0, static: 1, dynamic: 2, tuple: 3, array: 4, calldata: 5 } as const;
const IS = {
  anything: 0,
  and: 1,
  or: 2,
  matching: 5,
  arrayOfSuch: 7,
  theAvatar: 15,
  equalTo: 16,
  greaterThan: 17,
  lessThan: 18,
  bitmask: 21,
  withinAllowance: 28,
  callWithinAllowance: 30,
} as const;
const SELECTOR_MASK: Hex = '0xffffffff';
const BITMASK_BYTES = 15;

type Kind = keyof typeof TYPE;

function condition(
  type: Kind,
  operator: number,
  compValue: Hex,
  children: readonly Condition[] = [],
): Condition {
  return { paramType: TYPE[type], operator, compValue, children };
}

/** Whatever it is. */
export const anything = condition('static', IS.anything, '0x');
/** The account that the role acts for. */
export const theAvatar = condition('static', IS.theAvatar, '0x');
/** Exactly this address or number. */
export const equalTo = (value: Address | number): Condition =>
  condition('static', IS.equalTo, pad(typeof value === 'number' ? toHex(value) : value));
/** An unsigned number above a bound. */
export const greaterThan = (bound: bigint): Condition =>
  condition('static', IS.greaterThan, toHex(bound, { size: 32 }));
/** An unsigned number below a bound. */
export const lessThan = (bound: bigint): Condition =>
  condition('static', IS.lessThan, toHex(bound, { size: 32 }));
/** What is left of an allowance, which it uses up. */
export const withinAllowance = (key: Hex): Condition => condition('static', IS.withinAllowance, key);
/** One of the calls that are left of an allowance; stands beside the arguments. */
export const callWithinAllowance = (key: Hex): Condition => condition('none', IS.callWithinAllowance, key);

/** One of several; just the one where there is one. */
export function anyOf(conditions: readonly Condition[]): Condition {
  return conditions.length === 1 ? (conditions[0] as Condition) : condition('none', IS.or, '0x', conditions);
}

/** All of several. */
export const allOf = (conditions: readonly Condition[]): Condition =>
  condition('none', IS.and, '0x', conditions);
/** Calldata whose arguments are as said, one by one; of which function is for the role's scope to say. */
export const calldataOf = (fields: readonly Condition[]): Condition =>
  condition('calldata', IS.matching, '0x', fields);
/** A struct whose fields are as said. */
export const tupleOf = (fields: readonly Condition[]): Condition =>
  condition('tuple', IS.matching, '0x', fields);
/** A list of one item, which is as said: Roles then tells what is wrong with it. */
export const listOfOne = (item: Condition): Condition => condition('array', IS.matching, '0x', [item]);
/** A list of which every item is as said. */
export const listOf = (item: Condition): Condition => condition('array', IS.arrayOfSuch, '0x', [item]);

/** Calldata among the arguments: of this function, with its arguments as said. */
export function callOf(selector: Hex, fields: readonly Condition[]): Condition {
  const fill = (value: Hex) => pad(value, { dir: 'right', size: BITMASK_BYTES });
  const compValue = concatHex(['0x0000', fill(SELECTOR_MASK), fill(selector)]);
  return allOf([calldataOf(fields), condition('dynamic', IS.bitmask, compValue)]);
}

/** As Roles takes a tree: level by level, each with the index of its parent. */
export function flatten(root: Condition): readonly FlatCondition[] {
  const flat: FlatCondition[] = [];
  const queue: { readonly node: Condition; readonly parent: number }[] = [{ node: root, parent: 0 }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { children, ...own } = next.node;
    const index = flat.push({ ...own, parent: next.parent }) - 1;
    queue.push(...children.map((node) => ({ node, parent: index })));
  }
  return flat;
}
