import { erc20Abi } from '../../../abis/erc20.ts';
import { rolesAbi } from '../../../abis/roles.ts';
import { safeAbi } from '../../../abis/safe.ts';
import { type RolesConfig, roleTermsOf } from '../../adapters/accounts/internal/rolesConfig.ts';
import { call } from '../../adapters/chain/index.ts';
import { storedAllowance } from '../../adapters/chain/roles/accrual.ts';
import { type RoleCall, type RoleFacts, roleCalls } from '../../adapters/chain/roles/setup.ts';
import { allowanceKeys, poolOf, type RoleTerms } from '../../adapters/chain/roles/terms.ts';
import { CorruptDataError } from '../../core/errors.ts';
import { all, type Read } from '../../core/read.ts';
import { fixed } from '../../core/report/format.ts';
import { type Address, sameAddress, toWhole } from '../../core/units.ts';
import type { VaultSetup } from '../../engine/world.ts';
import type { Chain } from '../../ports/chain.ts';
import type { Config, VaultConfig } from '../config/schema.ts';
import { UsageError } from '../errors.ts';
import { openConfiguredChain, openVaults } from '../worlds/parts.ts';
import type { WorldTools } from '../worlds/tools.ts';
import type { BatchCall } from './batch.ts';
import { signerOf } from './prepare.ts';

/** What Uniswap counts fees in: hundredths of a basis point. */
const ONE_IN_PIPS = 1_000_000;

/** A role, ready to be looked at, tried and signed by the Safe's owners. */
export interface PreparedRole {
  readonly vault: VaultSetup;
  readonly terms: RoleTerms;
  readonly keepers: readonly Address[];
  readonly calls: readonly BatchCall[];
  readonly owners: { readonly count: number; readonly threshold: number };
}

const FIRST_MODULE: Address = '0x0000000000000000000000000000000000000001';
const MOST_MEMBERS = 100n;

/**
 * Makes the batch that gives keepers the role of a vault whose account is of kind `safeRoles`.
 *
 * @param keepers who may hedge where the config names nobody; the signers' addresses where this is empty too
 * @throws UsageError when nobody is named, or the modifier is not the Safe's own
 */
export async function prepareRole(
  config: Config,
  vaultConfig: VaultConfig,
  keepers: readonly Address[],
  tools: WorldTools,
): Promise<PreparedRole> {
  const chain = await openConfiguredChain(config);
  const [vault] = await openVaults({ ...config, vaults: [vaultConfig] }, chain, tools);
  if (vault === undefined) throw new CorruptDataError('vaults', 0, 'one');
  const terms = roleTermsOf(vaultConfig.account.config as RolesConfig, vault.terms);
  const { owners, ...facts } = await factsOf(chain, terms);
  const named = vaultConfig.mandate?.keepers ?? [];
  const given = named.length > 0 ? named : keepers.length > 0 ? keepers : await signerOf(config, tools);
  if (given.length === 0) {
    throw new UsageError('MANDATE_INCOMPLETE', 'nobody is named as keeper', {
      action: 'give --keeper 0x…, or name mandate.keepers in the config',
    });
  }
  const words = roleWords(terms, given);
  const calls = roleCalls(terms, given, facts).map((one, index, { length }) => ({
    ...one,
    words: index === length - 1 ? words : [],
  }));
  return { vault, terms, keepers: given, owners, calls };
}

/**
 * The calls that give keepers the role of a vault, and take it from everybody else.
 *
 * @throws UsageError where the modifier is not the Safe's own
 */
export async function roleBatch(
  chain: Chain,
  { account }: VaultConfig,
  vault: VaultSetup,
  keepers: readonly Address[],
): Promise<readonly RoleCall[]> {
  const terms = roleTermsOf(account.config as RolesConfig, vault.terms);
  return roleCalls(terms, keepers, await factsOf(chain, terms));
}

async function factsOf(chain: Chain, terms: RoleTerms) {
  const [outcome] = await chain.read([readFacts(terms)], await chain.head());
  if (outcome?.ok) return outcome.value;
  throw outcome?.error ?? new CorruptDataError('reads', 'no answer', 'one');
}

/** What a role allows and what it does not, one sentence each. */
function roleWords(terms: RoleTerms, keepers: readonly Address[]): readonly string[] {
  const { base, quote, fees, minPrice, maxPrice } = terms;
  const pools = fees.map((fee) => `${poolOf(terms, fee)} (${fee / 10_000} %)`);
  const sell = `${fixed(toWhole(terms.sellPerDayRaw, base.decimals), 4)} ${base.symbol}`;
  const spend = `${fixed(toWhole(terms.spendPerDayRaw, quote.decimals), 2)} ${quote.symbol}`;
  return [
    `all of it: the keeper may swap ${base.symbol} and ${quote.symbol} by SwapRouter02 ${terms.router}`,
    `may: use ${pools.join(', ')}; paid out to the Safe itself only`,
    `who: ${keepers.join(', ')}, and nobody who had the role before`,
    `price: no sale moves a pool below ${minPrice}, no purchase above ${maxPrice}; no oracle is asked, so within that a price is only what an order asks for`,
    `amount: ${sell} may be sold and ${spend} spent within a day, whole again a day later`,
    "order: the chain counts orders but takes any number; an order is bound to the keeper key's nonce and to its deadline",
    'pause: by taking the role away',
    'cannot: withdraw, approve, use other pools, tokens or functions, run code as the Safe, change the role',
  ];
}

/**
 * The most that a stolen key can lose within some days, in quote, while the market stays between the role's two prices:
 * allowances come back whole once a day, so there is one more of them than days. All is sold at the lowest price where the
 * market is at the highest, and all is spent at the highest where it is at the lowest: within a day it may be at both. Of
 * what is traded the dearest pool takes its fee. Where the market leaves the two prices nothing bounds it: no oracle is asked.
 */
export function worstRoleCaseQuote(terms: RoleTerms, days: number): number {
  const { base, quote, fees, minPrice, maxPrice } = terms;
  const sold = toWhole(terms.sellPerDayRaw, base.decimals) * (days + 1);
  const spent = toWhole(terms.spendPerDayRaw, quote.decimals) * (days + 1);
  const afterFee = 1 - Math.max(...fees) / ONE_IN_PIPS;
  return (
    sold * Math.max(maxPrice - afterFee * minPrice, 0) +
    spent * Math.max(1 - (afterFee * minPrice) / maxPrice, 0)
  );
}

function* readFacts({
  account,
  roles,
  role,
  router,
  base,
  quote,
}: RoleTerms): Read<RoleFacts & Pick<PreparedRole, 'owners'>> {
  const [isEnabled, safeOwners, threshold, owner, avatar, target, orders, [members], baseLeft, quoteLeft] =
    yield* all([
      call(safeAbi, account, 'isModuleEnabled', [roles]),
      call(safeAbi, account, 'getOwners', []),
      call(safeAbi, account, 'getThreshold', []),
      call(rolesAbi, roles, 'owner', []),
      call(rolesAbi, roles, 'avatar', []),
      call(rolesAbi, roles, 'target', []),
      call(rolesAbi, roles, 'allowances', [allowanceKeys(role).orders]),
      call(rolesAbi, roles, 'getModulesPaginated', [FIRST_MODULE, MOST_MEMBERS]),
      call(erc20Abi, base.address, 'allowance', [account, router]),
      call(erc20Abi, quote.address, 'allowance', [account, router]),
    ]);
  if (![owner, avatar, target].every((one) => sameAddress(one, account))) {
    throw new UsageError('MANDATE_INCOMPLETE', `${roles} is not the Roles modifier of ${account} alone`, {
      action:
        'make one in the Zodiac app whose owner, avatar and target are the Safe, and name it in account.roles',
    });
  }
  return {
    isEnabled,
    approvedBaseRaw: baseLeft,
    approvedQuoteRaw: quoteLeft,
    isCounting: storedAllowance(orders).balance > 0n,
    members,
    owners: { count: safeOwners.length, threshold: Number(threshold) },
  };
}
