import { isLoopbackUrl } from '../../adapters/chain/loopback.ts';
import type { Address } from '../../core/units.ts';
import type { Permission } from '../../engine/world.ts';
import { thisBuild } from '../build.ts';
import type { Config } from '../config/schema.ts';
import { remoteEndpoints } from '../configuredChain.ts';
import { NotArmedError } from '../errors.ts';
import { openRelays } from '../worlds/parts.ts';
import type { WorldTools } from '../worlds/tools.ts';
import { type Binding, bindingOf } from './binding.ts';
import { actsReader, operatorFileOf, readActs } from './operatorFile.ts';
import { permissionFrom, refusalOf } from './standing.ts';

/** Whether a vault may trade, and why not. */
export interface VaultArming {
  readonly vault: string;
  /** Null where it is armed. */
  readonly refusal: string | null;
}

/** What this config, run by this program with these keys, is. */
export function bindingNow(config: Config, tools: WorldTools, keepers: readonly Address[]): Binding {
  return bindingOf(config, tools.build ?? thisBuild(), keepers);
}

/**
 * How every vault of a config is armed.
 *
 * @param keepers addresses of the keys that sign; null where they are not at hand, which is then not looked at
 * @throws OperatorFileError
 */
export function armingOf(
  config: Config,
  tools: WorldTools,
  keepers: readonly Address[] | null,
): readonly VaultArming[] {
  const acts = readActs(operatorFileOf(config));
  const now = bindingNow(config, tools, keepers ?? []);
  const compared = keepers === null ? 'unknown' : 'compared';
  return config.vaults.map(({ name }) => ({
    vault: name,
    refusal: refusalOf(acts, name, now, compared),
  }));
}

/**
 * Refuses a keeper that nobody armed; where one vault is armed, it may start, and the others only look.
 *
 * @param remote what of the config is not on this machine
 * @throws NotArmedError, OperatorFileError
 */
export function refuseUnarmed(
  config: Config,
  tools: WorldTools,
  remote: readonly string[],
  keepers: readonly Address[] | null,
): void {
  if (remote.length === 0 && !config.arming.always) return;
  const arming = armingOf(config, tools, keepers);
  if (arming.some(({ refusal }) => refusal === null)) return;
  throw new NotArmedError(remote, arming[0]?.refusal ?? null);
}

/** Leave to trade for a keeper that needs it; null for one that does not. */
export function permissionFor(
  config: Config,
  tools: WorldTools,
  remote: readonly string[],
  keepers: readonly Address[],
): Permission | null {
  if (remote.length === 0 && !config.arming.always) return null;
  return permissionFrom(actsReader(operatorFileOf(config)), bindingNow(config, tools, keepers));
}

/** How a config stands with its operator, as far as that can be said without its keys. */
export interface ArmingStatus {
  /** False where chain and relays are on this machine and the config asks for no more. */
  readonly isNeeded: boolean;
  readonly vaults: readonly VaultArming[];
}

/**
 * Whether a config asks for leave, without opening a relay, and so without a key: by the addresses that it gives for each.
 * One without an address is taken to lead off this machine.
 */
export function asksForLeave(config: Config): boolean {
  const relaysAreLocal = Object.values(config.relays).every(({ config: own }) => {
    const urls = Object.values(own as object).filter(
      (value): value is string => typeof value === 'string' && URL.canParse(value),
    );
    return urls.length > 0 && urls.every(isLoopbackUrl);
  });
  return config.arming.always || remoteEndpoints(config.chain).length > 0 || !relaysAreLocal;
}

/**
 * How a config stands with its operator, by {@link asksForLeave}.
 *
 * @throws OperatorFileError
 */
export function armingByConfig(config: Config, tools: WorldTools): ArmingStatus {
  const isNeeded = asksForLeave(config);
  return { isNeeded, vaults: isNeeded ? armingOf(config, tools, null) : [] };
}

/**
 * Whether a config asks for leave at all, and how each of its vaults stands; a relay that cannot be opened counts as one off
 * this machine.
 *
 * @throws OperatorFileError
 */
export async function armingStatus(config: Config, tools: WorldTools): Promise<ArmingStatus> {
  const isNeeded =
    config.arming.always || remoteEndpoints(config.chain).length > 0 || (await relaysLeave(config, tools));
  return { isNeeded, vaults: isNeeded ? armingOf(config, tools, null) : [] };
}

/** A relay that cannot be opened is taken to lead off this machine. */
async function relaysLeave(config: Config, tools: WorldTools): Promise<boolean> {
  try {
    return (await openRelays(config, tools)).some(({ isLoopback }) => !isLoopback);
  } catch {
    return true;
  }
}
