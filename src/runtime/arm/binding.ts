import { createHash } from 'node:crypto';
import type { Address } from '../../core/units.ts';
import type { Build } from '../build.ts';
import type { Config } from '../config/schema.ts';

/** What permission to trade is tied to: where any of it changes, the permission is gone. */
export interface Binding {
  /** Of every setting, defaults filled in; what a file looks like does not count. */
  readonly configHash: string;
  readonly version: string;
  readonly build: string;
  readonly chainId: number;
  readonly vaults: readonly string[];
  /** Addresses of the keys that sign. */
  readonly keepers: readonly Address[];
}

/** SHA-256 of a config's meaning: the same for the same settings in any order and layout. */
function configHash(config: Config): string {
  return createHash('sha256').update(canonical(config)).digest('hex');
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === 'bigint') return `${item}n`;
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** What this config, run by this build with these keys, is. */
export function bindingOf(config: Config, build: Build, keepers: readonly Address[]): Binding {
  return {
    configHash: configHash(config),
    version: build.version,
    build: build.fingerprint,
    chainId: config.chain.id,
    vaults: config.vaults.map(({ name }) => name),
    keepers: keepers.map((keeper) => keeper.toLowerCase() as Address).toSorted(),
  };
}

const short = (hash: string) => `${hash.slice(0, 8)}…`;

/**
 * What is no longer as it was armed, in words; empty where all of it is.
 *
 * @param keepers whether the keys that sign are known already and are compared too
 */
export function changesSince(
  armed: Binding,
  now: Binding,
  keepers: 'compared' | 'unknown',
): readonly string[] {
  const sameKeepers = keepers === 'unknown' || armed.keepers.join() === now.keepers.join();
  return [
    ...(armed.chainId === now.chainId ? [] : [`the chain is ${now.chainId}, armed was ${armed.chainId}`]),
    ...(armed.version === now.version ? [] : [`this is ballast ${now.version}, armed was ${armed.version}`]),
    ...(armed.version === now.version && armed.build !== now.build
      ? [`this is build ${now.build}, armed was ${armed.build}`]
      : []),
    ...(armed.configHash === now.configHash
      ? []
      : [`the config is ${short(now.configHash)}, armed was ${short(armed.configHash)}`]),
    ...(sameKeepers ? [] : ['the keys that sign are others']),
  ];
}
