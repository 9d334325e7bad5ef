import { openEndpoint } from '../../adapters/chain/index.ts';
import type { Config } from '../config/schema.ts';
import { endpointOptions } from '../configuredChain.ts';
import { UsageError } from '../errors.ts';
import type { Registry } from '../registry.ts';

/** A vault acts by an account that nothing on chain holds to anything, and the chain may be a real one. */
export class RehearsalAccountError extends UsageError {
  /** @param vaults names of such vaults @param because what of the config is no rehearsal */
  constructor(vaults: readonly string[], because: string) {
    super('ACCOUNT_FOR_REHEARSAL', `an account of this kind is for rehearsals on this machine: ${because}`, {
      facts: { vaults: vaults.join(', ') },
      action:
        'use ballast devnet, or an anvil fork and relays on this machine; for real money an account of kind safe, optionVault or safeRoles',
    });
  }
}

/** Vaults of a config that may act on a chain of this machine only. */
function rehearsing({ vaults }: Pick<Config, 'vaults'>, registry: Registry): readonly string[] {
  return vaults
    .filter(({ account }) => registry.accounts[account.kind]?.rehearsalOnly === true)
    .map(({ name }) => name);
}

/**
 * Refuses an account for rehearsals where anything of the config leaves this machine: what is signed for a fork is as valid
 * on the chain that it was forked from.
 *
 * @param remote what of the config is not on this machine
 * @throws RehearsalAccountError
 */
export function refuseRemoteRehearsal(config: Config, registry: Registry, remote: readonly string[]): void {
  const vaults = rehearsing(config, registry);
  if (vaults.length === 0 || remote.length === 0) return;
  throw new RehearsalAccountError(vaults, `${remote.join(', ')} is not on it`);
}

/**
 * Refuses an account for rehearsals where a node on this machine is a real one: only anvil answers as anvil.
 *
 * @throws RehearsalAccountError
 */
export async function refuseRealChain(config: Config, registry: Registry): Promise<void> {
  const vaults = rehearsing(config, registry);
  if (vaults.length === 0) return;
  for (const endpoint of config.chain.endpoints) {
    const asked = openEndpoint({ ...endpointOptions(endpoint), retries: 0 });
    try {
      await asked.request('anvil_nodeInfo', []);
    } catch {
      throw new RehearsalAccountError(vaults, `the node ${endpoint.name} is not anvil`);
    } finally {
      asked.close();
    }
  }
}
