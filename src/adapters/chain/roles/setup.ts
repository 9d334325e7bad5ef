import { encodeFunctionData, getAddress, type Hex, maxUint256 } from 'viem';
import { erc20Abi } from '../../../../abis/erc20.ts';
import { rolesAbi } from '../../../../abis/roles.ts';
import { safeAbi } from '../../../../abis/safe.ts';
import { type Address, sameAddress } from '../../../core/units.ts';
import { HEDGER_SELECTOR, hedgerConditions } from './hedgerRole.ts';
import {
  allowanceKeys,
  DAY_SECONDS,
  ORDERS_AT_START,
  type OrderShape,
  orderShapes,
  type RoleTerms,
  roleKey,
} from './terms.ts';

/** What the chain has already of what the role needs. */
export interface RoleFacts {
  readonly isEnabled: boolean;
  /** What the router may take of base and quote, in their smallest units. */
  readonly approvedBaseRaw: bigint;
  readonly approvedQuoteRaw: bigint;
  /** Whether the counting allowance was made before: it is never made again, or orders would be counted anew. */
  readonly isCounting: boolean;
  /** Everybody who has, or had, any role in the modifier, in its own order. */
  readonly members: readonly Address[];
}

/** One call of the account. */
export interface RoleCall {
  readonly title: string;
  readonly to: Address;
  readonly data: Hex;
}

const NO_OPTIONS = 0;
const MODULES_END: Address = '0x0000000000000000000000000000000000000001';

/**
 * The calls by which an account that owns a Roles modifier gives keepers the role, and takes it from everybody else.
 * Approvals come last: what the router may take, it takes for whoever calls it as the account.
 */
export function roleCalls(
  terms: RoleTerms,
  keepers: readonly Address[],
  facts: RoleFacts,
): readonly RoleCall[] {
  const { account, roles, role, router, base, quote } = terms;
  const shapes = orderShapes.map((shape) => ({ shape, key: roleKey(role, shape) }));
  const roleKeys = shapes.map(({ key }) => key);
  const call = (title: string, to: Address, data: Hex): RoleCall => ({ title, to, data });
  const ofRoles = (title: string, data: Hex) => call(title, roles, data);
  const keys = allowanceKeys(role);
  const daily = (allowance: Hex, amountRaw: bigint) =>
    encodeFunctionData({
      abi: rolesAbi,
      functionName: 'setAllowance',
      args: [allowance, amountRaw, amountRaw, amountRaw, DAY_SECONDS, 0n],
    });
  const count = encodeFunctionData({
    abi: rolesAbi,
    functionName: 'setAllowance',
    args: [keys.orders, ORDERS_AT_START, 0n, 0n, 0n, 0n],
  });
  const approve = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [router, maxUint256] });
  return [
    ...(facts.isEnabled
      ? []
      : [
          call(
            'enable the Roles modifier on the account',
            account,
            encodeFunctionData({ abi: safeAbi, functionName: 'enableModule', args: [roles] }),
          ),
        ]),
    ...leavers(keepers, facts).flatMap(([previous, member]) => [
      ofRoles(
        `take the role from ${member}`,
        encodeFunctionData({
          abi: rolesAbi,
          functionName: 'assignRoles',
          args: [member, roleKeys, shapes.map(() => false)],
        }),
      ),
      ofRoles(
        `shut ${member} out of the modifier`,
        encodeFunctionData({ abi: rolesAbi, functionName: 'disableModule', args: [previous, member] }),
      ),
    ]),
    ofRoles('allow so much base to be sold a day', daily(keys.sell, terms.sellPerDayRaw)),
    ofRoles('allow so much quote to be spent a day', daily(keys.spend, terms.spendPerDayRaw)),
    ...(facts.isCounting ? [] : [ofRoles('count the orders', count)]),
    ...shapes.flatMap(({ shape, key }) => [
      ofRoles(
        `let ${nameOf(shape)} call the router`,
        encodeFunctionData({ abi: rolesAbi, functionName: 'scopeTarget', args: [key, router] }),
      ),
      ofRoles(
        `hold ${nameOf(shape)} to tokens, pools, recipient, allowance and price`,
        encodeFunctionData({
          abi: rolesAbi,
          functionName: 'scopeFunction',
          args: [key, router, HEDGER_SELECTOR, [...hedgerConditions(terms, shape)], NO_OPTIONS],
        }),
      ),
    ]),
    ...keepers.map((keeper) =>
      ofRoles(
        `give ${keeper} the role`,
        encodeFunctionData({
          abi: rolesAbi,
          functionName: 'assignRoles',
          args: [keeper, roleKeys, shapes.map(() => true)],
        }),
      ),
    ),
    ...(facts.approvedBaseRaw > 0n
      ? []
      : [call(`approve the router for ${base.symbol}`, base.address, approve)]),
    ...(facts.approvedQuoteRaw > 0n
      ? []
      : [call(`approve the router for ${quote.symbol}`, quote.address, approve)]),
  ];
}

function nameOf({ side, isSplit }: OrderShape): string {
  return `${side === 'sell' ? 'sales' : 'purchases'} on ${isSplit ? 'several pools' : 'one pool'}`;
}

/** Who is to go, each with who stands before him once those before are gone. */
function leavers(
  keepers: readonly Address[],
  { members }: RoleFacts,
): readonly (readonly [Address, Address])[] {
  const leaving: [Address, Address][] = [];
  let previous = MODULES_END;
  for (const member of members) {
    if (keepers.some((keeper) => sameAddress(keeper, member))) previous = member;
    else leaving.push([previous, getAddress(member)]);
  }
  return leaving;
}
