import { hedgeModuleAbi } from '../../../abis/hedgeModule.ts';
import {
  hedgeModuleAddress,
  type ModuleDeployment,
  moduleDeployment,
} from '../../adapters/chain/deployment.ts';
import { tryCall } from '../../adapters/chain/index.ts';
import type { Read } from '../../core/read.ts';
import { type Address, sameAddress } from '../../core/units.ts';
import type { VaultConfig } from '../config/schema.ts';
import { UsageError } from '../errors.ts';

/** The module that holds a vault's mandate, as its config says. */
export function moduleOf({ account }: Pick<VaultConfig, 'account'>): Address {
  return (account.config as { readonly module?: Address }).module ?? hedgeModuleAddress;
}

/** Whether a module answers; an address without code answers nothing. */
export function* isModule(module: Address, account: Address): Read<boolean> {
  try {
    return (yield* tryCall(hedgeModuleAbi, module, 'nextSequence', [account])) !== null;
  } catch {
    return false;
  }
}

/**
 * The module that a vault's config names, held against the name that it is to be deployed under.
 *
 * @param salt see {@link moduleDeployment}; undefined where nobody gave one
 * @throws UsageError where that name makes another module
 */
export function moduleUnder(vault: VaultConfig, salt: string | undefined): Address {
  const module = moduleOf(vault);
  if (salt === undefined) return module;
  const { address } = moduleDeployment(salt);
  if (sameAddress(address, module)) return module;
  throw new UsageError(
    'MANDATE_INCOMPLETE',
    `vault ${vault.name} acts through module ${module}, and --salt ${salt} makes ${address}`,
    { facts: { module, address }, action: `write module: "${address}" into its account, and run this again` },
  );
}

/**
 * What puts a module in its place; null where it stands already.
 *
 * @throws UsageError where it is not known under which name it would be deployed
 */
export function deploymentOf(
  module: Address,
  isDeployed: boolean,
  salt: string | undefined,
): ModuleDeployment | null {
  if (isDeployed) return null;
  const deployment = moduleDeployment(salt);
  if (sameAddress(deployment.address, module)) return deployment;
  throw new UsageError('MANDATE_INCOMPLETE', `there is no HedgeModule at ${module}`, {
    facts: { module },
    action:
      'ballast mandate --salt NAME says the address of the module of that name, and puts its deployment into the batch',
  });
}
