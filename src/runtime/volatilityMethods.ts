import type { VolatilityMethod } from '../core/volatility/estimate.ts';
import type { GarchModel } from '../core/volatility/garchModel.ts';
import type { BoundVolatilityFeed } from '../ports/feed.ts';
import { bindVolatility } from './bind.ts';
import type { VaultConfig } from './config/schema.ts';
import type { WorldTools } from './worlds/tools.ts';

/** A configured source with another method in the place of its own. */
export interface SourceWithMethod {
  readonly method: VolatilityMethod;
  readonly feed: BoundVolatilityFeed;
}

/** Which methods a source is looked at with. */
export interface MethodChoice {
  readonly halfLifeSeconds: number;
  readonly models: readonly GarchModel[];
  readonly horizonsSeconds: readonly number[];
}

/** Every source of a vault whose config has a method, once for each method: the same history, looked at in other ways. */
export function sourcesWithMethods(
  vault: VaultConfig,
  { halfLifeSeconds, models, horizonsSeconds }: MethodChoice,
  { registry, fetch }: Pick<WorldTools, 'registry' | 'fetch'>,
): readonly SourceWithMethod[] {
  const methods: readonly VolatilityMethod[] = [
    { kind: 'realized' },
    { kind: 'ewma', halfLifeSeconds },
    ...models.flatMap((model) =>
      horizonsSeconds.map((horizonSeconds): VolatilityMethod => ({ kind: 'garch', model, horizonSeconds })),
    ),
  ];
  return vault.volatility.flatMap(({ kind, config }) => {
    if (typeof config !== 'object' || config === null || !('method' in config)) return [];
    return methods.map((method) => ({
      method,
      feed: bindVolatility(registry, { kind, config: { ...config, method } }, fetch),
    }));
  });
}
