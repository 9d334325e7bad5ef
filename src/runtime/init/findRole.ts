import { rolesAbi } from '../../../abis/roles.ts';
import { safeAbi } from '../../../abis/safe.ts';
import { call } from '../../adapters/chain/index.ts';
import { type StoredAllowance, storedAllowance } from '../../adapters/chain/roles/accrual.ts';
import { allowanceKeys } from '../../adapters/chain/roles/terms.ts';
import { all } from '../../core/read.ts';
import type { BlockFacts } from '../../core/snapshot.ts';
import { type Address, sameAddress } from '../../core/units.ts';
import type { Chain } from '../../ports/chain.ts';

/** A Zodiac Roles modifier by which a keeper may already swap for a Safe; raw amounts. */
export interface FoundRole {
  readonly roles: Address;
  readonly role: string;
  readonly sellPerDayRaw: bigint;
  readonly spendPerDayRaw: bigint;
}

/** What a role is called unless its config says otherwise: Roles cannot list the names that it keeps. */
const USUAL_ROLE = 'ballast';
const FIRST_MODULE: Address = '0x0000000000000000000000000000000000000001';
const MOST_MODULES = 50n;

/**
 * Looks among a Safe's modules for a Roles modifier of its own whose role counts orders, as `ballast mandate` sets it up.
 *
 * @returns null where there is none under the usual name
 */
export async function findRole(chain: Chain, at: BlockFacts, account: Address): Promise<FoundRole | null> {
  const [listed] = await chain.read(
    [call(safeAbi, account, 'getModulesPaginated', [FIRST_MODULE, MOST_MODULES])],
    at,
  );
  if (listed?.ok !== true) return null;
  const [modules] = listed.value;
  const keys = allowanceKeys(USUAL_ROLE);
  const outcomes = await chain.read(
    modules.map((roles) =>
      all([
        call(rolesAbi, roles, 'avatar', []),
        call(rolesAbi, roles, 'target', []),
        call(rolesAbi, roles, 'allowances', [keys.orders]),
        call(rolesAbi, roles, 'allowances', [keys.sell]),
        call(rolesAbi, roles, 'allowances', [keys.spend]),
      ]),
    ),
    at,
  );
  for (const [index, outcome] of outcomes.entries()) {
    if (!outcome.ok) continue;
    const [avatar, target, orders, sell, spend] = outcome.value;
    const isOwn = sameAddress(avatar, account) && sameAddress(target, account);
    if (!isOwn || storedAllowance(orders).balance === 0n) continue;
    const perDay = (one: StoredAllowance) => one.maxRefill;
    return {
      roles: modules[index]!,
      role: USUAL_ROLE,
      sellPerDayRaw: perDay(storedAllowance(sell)),
      spendPerDayRaw: perDay(storedAllowance(spend)),
    };
  }
  return null;
}
