import { hedgeModuleAbi } from '../../../abis/hedgeModule.ts';
import { safeAbi } from '../../../abis/safe.ts';
import { hedgeModuleAddress } from '../../adapters/chain/deployment.ts';
import { call, tryCall } from '../../adapters/chain/index.ts';
import { BallastError, CorruptDataError } from '../../core/errors.ts';
import { all, type Read } from '../../core/read.ts';
import { type Address, toRawDown } from '../../core/units.ts';
import type { VaultSetup } from '../../engine/world.ts';
import type { Config, VaultConfig } from '../config/schema.ts';
import { openConfiguredChain, openSigners, openVaults } from '../worlds/parts.ts';
import type { WorldTools } from '../worlds/tools.ts';
import { type BatchCall, type BatchFacts, mandateBatch } from './batch.ts';
import { type Mandate, mandateOf } from './mandate.ts';

/** A vault's mandate, ready to be looked at, tried and signed by its owners. */
export interface PreparedMandate {
  readonly vault: VaultSetup;
  readonly mandate: Mandate;
  readonly module: Address;
  readonly calls: readonly BatchCall[];
  /** Owners of the Safe, and how many of them must sign. */
  readonly owners: { readonly count: number; readonly threshold: number };
}

/**
 * Makes the batch for one vault of a config.
 *
 * @param keepers who may hedge where the config names nobody; the signer's address where this is empty too
 * @throws UsageError when the config does not say enough
 */
export async function prepareMandate(
  config: Config,
  vaultConfig: VaultConfig,
  keepers: readonly Address[],
  tools: WorldTools,
): Promise<PreparedMandate> {
  const chain = await openConfiguredChain(config);
  const [vault] = await openVaults({ ...config, vaults: [vaultConfig] }, chain, tools);
  if (vault === undefined) throw new CorruptDataError('vaults', 0, 'one');
  const module = (vaultConfig.account.config as { readonly module?: Address }).module ?? hedgeModuleAddress;
  const [outcome] = await chain.read([readFacts(vault.terms.account, module)], await chain.head());
  if (outcome === undefined || !outcome.ok)
    throw outcome?.error ?? new CorruptDataError('reads', 'no answer', 'one');
  const { owners, ...facts } = outcome.value;
  const mandate = mandateOf(vaultConfig, vault, keepers.length > 0 ? keepers : await signerOf(config, tools));
  const allowance = allowanceOf(vaultConfig, vault);
  return {
    vault,
    mandate,
    module,
    owners,
    calls: mandateBatch(mandate, vault, { module, allowance, ...facts }),
  };
}

/** What a config wants approved for the module, raw; null where pools are to be paid by calls. */
export function allowanceOf({ mandate }: VaultConfig, { terms }: VaultSetup): BatchFacts['allowance'] {
  const allowance = mandate?.allowance ?? null;
  if (allowance === null) return null;
  return {
    baseRaw: toRawDown(allowance.base, terms.base.decimals),
    quoteRaw: toRawDown(allowance.quote, terms.quote.decimals),
  };
}

/** The addresses of every key of the config; none where they cannot be had. */
export async function signerOf(config: Config, tools: WorldTools): Promise<readonly Address[]> {
  try {
    return (await openSigners(config, tools)).map(({ address }) => address);
  } catch (error) {
    if (error instanceof BallastError) return [];
    throw error;
  }
}

function* readFacts(account: Address, module: Address) {
  const [isEnabled, owners, threshold, isDeployed] = yield* all([
    call(safeAbi, account, 'isModuleEnabled', [module]),
    call(safeAbi, account, 'getOwners', []),
    call(safeAbi, account, 'getThreshold', []),
    isContract(module, account),
  ]);
  return { isEnabled, isDeployed, owners: { count: owners.length, threshold: Number(threshold) } };
}

/** Whether the module answers; an address without code answers nothing. */
function* isContract(module: Address, account: Address): Read<boolean> {
  try {
    return (yield* tryCall(hedgeModuleAbi, module, 'nextSequence', [account])) !== null;
  } catch {
    return false;
  }
}
