import { optionVaultAbi } from '../../../abis/optionVault.ts';
import { all } from '../../core/read.ts';
import { defineAccount } from '../../ports/account.ts';
import { call } from '../chain/index.ts';
import {
  encodeHedge,
  fillOfHedge,
  type ModuleAccountConfig,
  moduleAccountConfig,
  moduleAccountSample,
  readModuleAccount,
  simulatedHedge,
} from './internal/hedgeModule.ts';

/**
 * An OptionVault of this project that has the HedgeModule enabled and, in a round, has given it a mandate. Between rounds
 * nothing of it can be moved, which counts as paused.
 */
export const optionVault = defineAccount<ModuleAccountConfig>({
  summary: 'an OptionVault, hedged through the HedgeModule while a round is open',
  verified: 'contracts',
  config: moduleAccountConfig,
  sample: moduleAccountSample,
  *read(config, context, keeper) {
    const { account } = context.vault;
    const [{ holdings, guard }, isRoundOpen, isPaused] = yield* all([
      readModuleAccount(config, context, keeper),
      call(optionVaultAbi, account, 'isRoundOpen', []),
      call(optionVaultAbi, account, 'paused', []),
    ]);
    return { holdings, guard: { ...guard, paused: guard.paused || isPaused || !isRoundOpen } };
  },
  encode: encodeHedge,
  fill: fillOfHedge,
  simulatedFill: simulatedHedge,
});
