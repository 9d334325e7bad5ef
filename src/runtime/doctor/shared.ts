import { askedOnce } from '../../core/askedOnce.ts';
import { BallastError } from '../../core/errors.ts';
import type { BlockFacts } from '../../core/snapshot.ts';
import type { Address } from '../../core/units.ts';
import type { VaultSetup } from '../../engine/world.ts';
import type { Chain } from '../../ports/chain.ts';
import type { Config } from '../config/schema.ts';
import { keeperAddress } from '../worlds/look.ts';
import { openConfiguredChain, openVaults } from '../worlds/parts.ts';
import type { WorldTools } from '../worlds/tools.ts';

/** Something that a check builds on could not be had; that has its own line already. */
export class NotLookedAtError extends BallastError {
  constructor(what: string) {
    super('NOT_LOOKED_AT', `not looked at: ${what}`, { action: 'correct that first' });
  }
}

/** What many checks need, asked for once. */
export interface Shared {
  readonly config: Config;
  readonly tools: WorldTools;
  /** Waits for an answer or throws. */
  chain(): Promise<Chain>;
  head(): Promise<BlockFacts>;
  vaults(): Promise<readonly VaultSetup[]>;
  /** The keeper's address, null where there is none. */
  keeper(): Promise<Address | null>;
}

/** Asks for each of them the first time that it is needed. */
export function shareBetweenChecks(config: Config, tools: WorldTools): Shared {
  const chain = askedOnce(() => openConfiguredChain(config, { timeoutMs: 4_000, retries: 1 }));
  const onChain = <T>(ask: (chain: Chain) => Promise<T>) =>
    askedOnce(async () => {
      const open = await chain().catch(() =>
        Promise.reject(new NotLookedAtError('the chain does not answer')),
      );
      return ask(open);
    });
  return {
    config,
    tools,
    chain,
    head: onChain((open) => open.head()),
    vaults: onChain((open) => openVaults(config, open, tools)),
    keeper: askedOnce(async () => {
      const found = await keeperAddress(config, tools);
      return 'address' in found ? found.address : null;
    }),
  };
}
