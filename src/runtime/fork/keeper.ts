import { hedgeModuleAbi } from '../../../abis/hedgeModule.ts';
import { safeAbi } from '../../../abis/safe.ts';
import { call, tryCall } from '../../adapters/chain/index.ts';
import { CorruptDataError } from '../../core/errors.ts';
import type { Read } from '../../core/read.ts';
import { type Address, sameAddress } from '../../core/units.ts';
import type { AnvilNode } from '../../devnet/node/node.ts';
import type { VaultSetup } from '../../engine/world.ts';
import type { Chain } from '../../ports/chain.ts';
import type { VaultConfig } from '../config/schema.ts';
import { UsageError } from '../errors.ts';
import { type BatchCall, mandateBatch, mandateCall } from '../mandate/batch.ts';
import { type Mandate, mandateOf } from '../mandate/mandate.ts';
import { deploymentOf, moduleOf } from '../mandate/module.ts';
import { allowanceOf } from '../mandate/prepare.ts';
import { roleBatch } from '../mandate/rolesMandate.ts';
import { executeAs } from './impersonate.ts';

/** A mandate names at most this many keepers. */
const MAX_KEEPERS = 16;

type ImpersonatedStep = Pick<BatchCall, 'to' | 'data'>;

/** A vault on a fork, and the key that is to hedge it. */
export interface Appointment {
  readonly vault: VaultSetup;
  readonly vaultConfig: VaultConfig;
  readonly keeper: Address;
}

/**
 * Makes a key the keeper of a vault on a local fork, in its account's name: within the mandate that is in force there,
 * or within the one that the config asks for where there is none yet. A role is given anew, as the config has it.
 *
 * @throws UsageError where neither is there, or the account cannot be hedged by a key of the fork's own
 */
export async function appointKeeper(node: AnvilNode, chain: Chain, appointment: Appointment): Promise<void> {
  const { vault } = appointment;
  for (const { to, data } of await appointmentCalls(chain, appointment)) {
    await executeAs(node, { from: vault.terms.account, to, data });
  }
}

/** What the account runs; roles of other keepers are taken from them. */
async function appointmentCalls(
  chain: Chain,
  { vault, vaultConfig, keeper }: Appointment,
): Promise<readonly ImpersonatedStep[]> {
  const { kind } = vaultConfig.account;
  if (kind === 'eoa') {
    throw new UsageError('KEEPER_NOT_APPOINTED', `the account of vault ${vaultConfig.name} is a plain key`, {
      action: 'its key alone can sign for it: start an anvil fork of your own, and use ballast run on it',
    });
  }
  if (kind === 'safeRoles') return roleBatch(chain, vaultConfig, vault, [keeper]);
  const module = moduleOf(vaultConfig);
  const { account } = vault.terms;
  const [outcome] = await chain.read([readState(module, account)], await chain.head());
  if (outcome === undefined || !outcome.ok)
    throw outcome?.error ?? new CorruptDataError('reads', 'no answer', 'one');
  const { mandate: inForce, isEnabled, isDeployed } = outcome.value;
  const hasMandate = inForce !== null && inForce.keepers.length > 0;
  const mandate: Mandate = hasMandate ? withKeeper(inForce, keeper) : mandateOf(vaultConfig, vault, [keeper]);
  const own = hasMandate ? mandate : { ...mandate, keepers: [keeper] };
  if (kind === 'optionVault') {
    if (isEnabled) return [mandateCall(own, vault, module)];
    throw new UsageError(
      'KEEPER_NOT_APPOINTED',
      `the HedgeModule is not enabled on the OptionVault of vault ${vaultConfig.name}`,
      { action: 'its owner enables it, with notice: ballast mandate says what comes next' },
    );
  }
  return mandateBatch(own, vault, {
    module,
    allowance: hasMandate ? null : allowanceOf(vaultConfig, vault),
    isEnabled,
    deployment: deploymentOf(module, isDeployed, undefined),
  });
}

function withKeeper(mandate: Mandate, keeper: Address): Mandate {
  if (mandate.keepers.some((known) => sameAddress(known, keeper))) return mandate;
  return { ...mandate, keepers: [...mandate.keepers.slice(0, MAX_KEEPERS - 1), keeper] };
}

function* readState(
  module: Address,
  account: Address,
): Read<{
  readonly mandate: Mandate | null;
  readonly isEnabled: boolean;
  readonly isDeployed: boolean;
}> {
  const isEnabled = yield* call(safeAbi, account, 'isModuleEnabled', [module]);
  try {
    const mandate = yield* tryCall(hedgeModuleAbi, module, 'mandateOf', [account]);
    return { mandate: mandate as Mandate | null, isEnabled, isDeployed: true };
  } catch {
    return { mandate: null, isEnabled, isDeployed: false };
  }
}
