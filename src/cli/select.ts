import { nearest } from '../runtime/config/nearest.ts';
import type { Config, VaultConfig } from '../runtime/config/schema.ts';
import { UsageError } from '../runtime/errors.ts';

/**
 * The config with one vault only, or as it is where none is named.
 *
 * @param flag what named it
 * @throws UsageError for a name that the config does not have
 */
export function withVault(config: Config, name: string | undefined, flag = '--vault'): Config {
  if (name === undefined) return config;
  const vaults = config.vaults.filter((vault) => vault.name === name);
  if (vaults.length > 0) return { ...config, vaults };
  const names = config.vaults.map((vault) => vault.name);
  const meant = nearest(name, names);
  throw new UsageError('VAULT_UNKNOWN', `the config has no vault called ${name}`, {
    facts: { vaults: names.join(', ') },
    action: `name it with ${flag} ${meant ?? names[0] ?? ''}`,
  });
}

/**
 * The one vault that is meant.
 *
 * @throws UsageError where the config has several and none is named
 */
export function onlyVault(config: Config, name: string | undefined): VaultConfig {
  const { vaults } = withVault(config, name);
  const [vault] = vaults;
  if (vault !== undefined && vaults.length === 1) return vault;
  throw new UsageError('VAULT_AMBIGUOUS', `the config has ${vaults.length} vaults`, {
    facts: { vaults: vaults.map((one) => one.name).join(', ') },
    action: 'name one with --vault',
  });
}
