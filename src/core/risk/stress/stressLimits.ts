import { type ConditionSizes, conditionSizes } from './conditions.ts';
import { defaultStressRules, type StressRules } from './stressFigures.ts';
import { stressPriceChanges, stressVolatilityChanges } from './stressTest.ts';

/** What a vault is tried against before each decision. */
export interface StressLimits extends StressRules {
  /** Health factor that the vault is kept above in the worst case; the mandate's own where that is higher. */
  readonly minHealthFactor: number;
  readonly priceChanges: readonly number[];
  readonly volatilityChanges: readonly number[];
  readonly conditions: ConditionSizes;
}

/** Rules of {@link defaultStressRules} over the whole grid, with a health factor of 1.5 kept. */
export const defaultStressLimits: StressLimits = {
  ...defaultStressRules,
  minHealthFactor: 1.5,
  priceChanges: stressPriceChanges,
  volatilityChanges: stressVolatilityChanges,
  conditions: conditionSizes,
};
