import { safeAbi } from '../../../abis/safe.ts';
import { APPROVAL_RAW } from '../../adapters/accounts/internal/eoaConfig.ts';
import { call } from '../../adapters/chain/index.ts';
import { BallastError, CorruptDataError } from '../../core/errors.ts';
import { all } from '../../core/read.ts';
import { type Address, toRawDown } from '../../core/units.ts';
import type { VaultSetup } from '../../engine/world.ts';
import type { Outcome } from '../../ports/chain.ts';
import type { Config, VaultConfig } from '../config/schema.ts';
import { UsageError } from '../errors.ts';
import { openConfiguredChain, openSigners, openVaults } from '../worlds/parts.ts';
import type { WorldTools } from '../worlds/tools.ts';
import { type BatchCall, type BatchFacts, mandateBatch } from './batch.ts';
import { type Mandate, mandateOf } from './mandate.ts';
import { deploymentOf, isModule, moduleUnder } from './module.ts';
import { optionVaultSteps, readOptionVault } from './optionVaultMandate.ts';

/** A vault's mandate, ready to be looked at, tried and signed by its owners. */
export interface PreparedMandate {
  readonly vault: VaultSetup;
  readonly mandate: Mandate;
  readonly module: Address;
  readonly calls: readonly BatchCall[];
  /** Who runs them: the Safe itself, or an OptionVault's owner. */
  readonly sender: Address;
  /** Owners of the Safe, and how many of them must sign; null where the account is no Safe. */
  readonly owners: { readonly count: number; readonly threshold: number } | null;
  /** What has to happen before the rest can be done; null where the calls put the mandate in force. */
  readonly waitsFor: string | null;
}

/**
 * Makes the batch for one vault of a config, whose account is a Safe or an OptionVault.
 *
 * @param keepers who may hedge where the config names nobody; the signer's address where this is empty too
 * @param salt the name under which the vault's module is deployed; the one that all accounts share where undefined
 * @throws UsageError when the config does not say enough, or the account is of a kind that has no mandate
 */
export async function prepareMandate(
  config: Config,
  vaultConfig: VaultConfig,
  keepers: readonly Address[],
  tools: WorldTools,
  salt?: string,
): Promise<PreparedMandate> {
  refuseKey(vaultConfig);
  const module = moduleUnder(vaultConfig, salt);
  const chain = await openConfiguredChain(config);
  const [vault] = await openVaults({ ...config, vaults: [vaultConfig] }, chain, tools);
  if (vault === undefined) throw new CorruptDataError('vaults', 0, 'one');
  const { account } = vault.terms;
  const mandate = mandateOf(vaultConfig, vault, keepers.length > 0 ? keepers : await signerOf(config, tools));
  const head = await chain.head();
  if (vaultConfig.account.kind === 'optionVault') {
    const facts = unwrapped(await chain.read([readOptionVault(account, module)], head));
    const steps = optionVaultSteps(mandate, vault, module, facts, salt);
    return { vault, mandate, module, sender: facts.owner, owners: null, ...steps };
  }
  const { owners, isDeployed, isEnabled } = unwrapped(await chain.read([readSafe(account, module)], head));
  const allowance = allowanceOf(vaultConfig, vault);
  const deployment = deploymentOf(module, isDeployed, salt);
  const calls = mandateBatch(mandate, vault, { module, allowance, deployment, isEnabled });
  return { vault, mandate, module, sender: account, owners, calls, waitsFor: null };
}

/** A plain key gives nobody a mandate. */
function refuseKey({ name, account }: VaultConfig): void {
  if (account.kind !== 'eoa') return;
  throw new UsageError(
    'MANDATE_INCOMPLETE',
    `the account of vault ${name} is a plain key: it has no mandate`,
    {
      action: `have it approve the router for both tokens, exactly ${APPROVAL_RAW} (docs/accounts.md)`,
    },
  );
}

function unwrapped<T>([outcome]: readonly Outcome<T>[]): T {
  if (outcome?.ok) return outcome.value;
  throw outcome?.error ?? new CorruptDataError('reads', 'no answer', 'one');
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

function* readSafe(account: Address, module: Address) {
  const [isEnabled, owners, threshold, isDeployed] = yield* all([
    call(safeAbi, account, 'isModuleEnabled', [module]),
    call(safeAbi, account, 'getOwners', []),
    call(safeAbi, account, 'getThreshold', []),
    isModule(module, account),
  ]);
  return { isEnabled, isDeployed, owners: { count: owners.length, threshold: Number(threshold) } };
}
