import type { TokenConfig } from '../config/parts.ts';
import type { Config, VaultConfig } from '../config/schema.ts';
import { wellKnownToken } from '../config/tokens.ts';
import { UsageError } from '../errors.ts';

/** Two vaults of a config would act under one mandate: one of them could never send what the other has numbered. */
export class SharedMandateError extends UsageError {
  constructor(first: string, second: string) {
    super('MANDATE_SHARED', `${first} and ${second} act for one account under one mandate`, {
      facts: { vaults: `${first}, ${second}` },
      action:
        'a mandate is for one base: give the account a HedgeModule for each (ballast mandate --salt NAME), and name it as module',
    });
  }
}

/** Two vaults of a config would hedge one base of one account: each all of it, and each what the other has done. */
export class SharedBaseError extends UsageError {
  constructor(first: string, second: string) {
    super('BASE_SHARED', `${first} and ${second} would hedge the same base of one account`, {
      facts: { vaults: `${first}, ${second}` },
      action: 'make one vault of the two, or run the other with --shadow and a config of its own',
    });
  }
}

/**
 * Several vaults may share an account, one for each underlying that it holds; each needs a mandate of its own, since a mandate
 * is for one base and counts one sequence of orders.
 *
 * @throws SharedMandateError where two act through the same account in the same way
 * @throws SharedBaseError where two act for the same account with the same base
 */
export function refuseSharedMandate({ chain, vaults }: Pick<Config, 'chain' | 'vaults'>): void {
  const actors = firstPair(vaults, actorOf);
  if (actors !== null) throw new SharedMandateError(...actors);
  const bases = firstPair(vaults, ({ account, base }) => `${account.address} ${baseOf(base, chain.id)}`);
  if (bases !== null) throw new SharedBaseError(...bases);
}

/** What orders are counted by: a module, a role of a modifier, or the account itself. */
function actorOf({ account: { kind, address, config } }: VaultConfig): string {
  const { module, roles, role } = config as Partial<Record<'module' | 'roles' | 'role', string>>;
  return [address, module ?? (roles === undefined ? kind : `${roles} ${role}`)].join(' ');
}

function baseOf(base: TokenConfig, chainId: number): string {
  return 'address' in base ? base.address : (wellKnownToken(chainId, base.symbol)?.address ?? base.symbol);
}

/** The names of the first two vaults that have something in common, in whatever letters it is written. */
function firstPair(
  vaults: readonly VaultConfig[],
  of: (vault: VaultConfig) => string,
): readonly [string, string] | null {
  const found = vaults.map((vault) => of(vault).toLowerCase());
  const second = found.findIndex((one, index) => found.indexOf(one) < index);
  return second < 0 ? null : [vaults[found.indexOf(found[second]!)]!.name, vaults[second]!.name];
}
