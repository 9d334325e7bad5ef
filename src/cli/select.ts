import { nearest } from '../runtime/config/nearest.ts';
import type { Config } from '../runtime/config/schema.ts';
import { UsageError } from '../runtime/errors.ts';

/**
 * The config with one vault only, or as it is where none is named.
 *
 * @throws UsageError for a name that the config does not have
 */
export function withVault(config: Config, name: string | undefined): Config {
  if (name === undefined) return config;
  const vaults = config.vaults.filter((vault) => vault.name === name);
  if (vaults.length > 0) return { ...config, vaults };
  const names = config.vaults.map((vault) => vault.name);
  const meant = nearest(name, names);
  throw new UsageError('VAULT_UNKNOWN', `the config has no vault called ${name}`, {
    facts: { vaults: names.join(', ') },
    action: `name it with --vault ${meant ?? names[0] ?? ''}`,
  });
}
