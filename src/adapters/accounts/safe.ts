import { defineAccount } from '../../ports/account.ts';
import {
  encodeHedge,
  fillOfHedge,
  type ModuleAccountConfig,
  moduleAccountConfig,
  moduleAccountSample,
  readModuleAccount,
  simulatedHedge,
} from './internal/hedgeModule.ts';

/** A Safe that has the HedgeModule enabled and has given it a mandate. */
export const safe = defineAccount<ModuleAccountConfig>({
  summary: 'a Safe, hedged through the HedgeModule',
  verified: 'contracts',
  config: moduleAccountConfig,
  sample: moduleAccountSample,
  read: readModuleAccount,
  encode: encodeHedge,
  fill: fillOfHedge,
  simulatedFill: simulatedHedge,
});
