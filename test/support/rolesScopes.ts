import { encodeAbiParameters, type Hex, pad, parseAbiParameters, toHex } from 'viem';
import type { Address } from '../../src/core/units.ts';
import type { Call, Devnet } from '../../src/devnet/index.ts';
import { approveCall } from '../../src/devnet/seed.ts';
import { feeOf, type LegKind, permit2Approval, v3Path, v4Input } from './routerCalls.ts';

/** A node of Zodiac Roles' tree of conditions: parent, encoding, operator, what is compared with. */
export type Condition = readonly [parent: number, type: number, operator: number, compValue: Hex];

/** The one function that a role may call, and what its arguments are held to. */
export interface RoleScope {
  readonly target: Address;
  readonly selector: Hex;
  readonly conditions: readonly Condition[];
  /** What lets the target spend the Safe's WETH. */
  readonly approvals: readonly Call[];
}

/** Under what name the daily allowance of WETH stands. */
export const ALLOWANCE = pad(toHex('weth-a-day'), { dir: 'right' });
const TYPE = { none: 0, static: 1, dynamic: 2, tuple: 3, array: 4, calldata: 5 } as const;
const IS = {
  anything: 0,
  matching: 5,
  theAvatar: 15,
  equalTo: 16,
  withinAllowance: 28,
  callWithinAllowance: 30,
} as const;

/** Tokens, fees and pools are fixed, the recipient is the Safe, the amount comes out of the allowance. */
export function roleScope(devnet: Devnet, leg: LegKind): RoleScope {
  const { addresses, tokens } = devnet;
  const router = {
    target: addresses.swapRouter02,
    approvals: [approveCall(tokens.weth.address, addresses.swapRouter02)],
  };
  if (leg === 'v2') return { ...router, selector: '0x472b43f3', conditions: v2Conditions(devnet) };
  if (leg === 'v3>v3') return { ...router, selector: '0xb858183f', conditions: pathConditions(devnet) };
  if (leg === 'v3' || leg === 'v3b') {
    return { ...router, selector: '0x04e45aaf', conditions: v3Conditions(devnet, feeOf(leg)) };
  }
  return {
    target: addresses.universalRouter,
    selector: '0x3593564c',
    conditions: v4Conditions(devnet),
    approvals: [approveCall(tokens.weth.address, addresses.permit2), permit2Approval(devnet)],
  };
}

const matching = (parent: number, type: number): Condition => [parent, type, IS.matching, '0x'];
const equalTo = (parent: number, value: Hex): Condition => [parent, TYPE.static, IS.equalTo, pad(value)];
const anything = (parent: number): Condition => [parent, TYPE.static, IS.anything, '0x'];
const theAvatar = (parent: number): Condition => [parent, TYPE.static, IS.theAvatar, '0x'];
const withinAllowance = (parent: number): Condition => [parent, TYPE.static, IS.withinAllowance, ALLOWANCE];
/** Bytes are compared as they stand in calldata: where they begin, their length, then they, filled up. */
const bytesEqualTo = (parent: number, value: Hex): Condition => [
  parent,
  TYPE.dynamic,
  IS.equalTo,
  encodeAbiParameters(parseAbiParameters('bytes'), [value]),
];

/** `exactInputSingle`: token, token, fee, recipient, amount, least, limit. */
function v3Conditions({ tokens }: Devnet, fee: number): readonly Condition[] {
  return [
    matching(0, TYPE.calldata),
    matching(0, TYPE.tuple),
    equalTo(1, tokens.weth.address),
    equalTo(1, tokens.usdc.address),
    equalTo(1, toHex(fee)),
    theAvatar(1),
    withinAllowance(1),
  ];
}

/** `swapExactTokensForTokens`: amount, least, path, recipient. */
function v2Conditions({ tokens }: Devnet): readonly Condition[] {
  const path = encodeAbiParameters(parseAbiParameters('address[]'), [
    [tokens.weth.address, tokens.usdc.address],
  ]);
  return [
    matching(0, TYPE.calldata),
    withinAllowance(0),
    anything(0),
    [0, TYPE.array, IS.equalTo, path],
    theAvatar(0),
    anything(3),
  ];
}

/** `exactInput`: path, recipient, amount, least. */
function pathConditions(devnet: Devnet): readonly Condition[] {
  return [
    matching(0, TYPE.calldata),
    matching(0, TYPE.tuple),
    bytesEqualTo(1, v3Path(devnet, 'v3>v3')),
    theAvatar(1),
    withinAllowance(1),
  ];
}

/**
 * `execute`: one command, a v4 swap, whose whole input is fixed, the amount with it; how often is what the allowance
 * counts. Roles reads every item of a list by the first one's type, so the amount among a v4 swap's steps is out of its
 * reach: this is the least that a role for v4 can cost, and the most that it can allow.
 */
function v4Conditions({ tokens }: Devnet): readonly Condition[] {
  return [
    matching(0, TYPE.calldata),
    bytesEqualTo(0, '0x10'),
    matching(0, TYPE.array),
    anything(0),
    [0, TYPE.none, IS.callWithinAllowance, ALLOWANCE],
    bytesEqualTo(2, v4Input(tokens.weth.address, tokens.usdc.address)),
  ];
}
