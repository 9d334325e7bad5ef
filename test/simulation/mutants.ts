import type { VaultSetup, World } from '../../src/engine/world.ts';
import type { Ledger } from '../../src/sim/world/ledger.ts';

/** A keeper that is broken on purpose, by what stands between it and its ports. */
export interface Mutant {
  readonly name: string;
  readonly world?: (world: World, ledger: Ledger) => World;
  readonly vault?: (vault: VaultSetup) => VaultSetup;
}
