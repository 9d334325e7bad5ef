import { type MarketState, otherExposure, simulatedBase, type VaultState } from './world/module.ts';
import { simulatedTargetBase } from './world/vault.ts';

/** Net delta of a simulated vault by the chain's truth, base units. */
export function netDeltaBase(vault: VaultState, market: MarketState): number {
  return (
    Number(vault.baseRaw) / 10 ** simulatedBase.decimals + otherExposure(vault, market) - simulatedTargetBase
  );
}
