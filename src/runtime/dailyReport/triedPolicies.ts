import { type BoundPolicy, bindPolicy } from '../../core/policy.ts';
import type { VaultConfig } from '../config/schema.ts';
import type { Registry } from '../registry.ts';
import type { TriedPolicy } from './otherPolicies.ts';

const shown = (parameters: unknown) => JSON.stringify(parameters).replaceAll('"', '');

/**
 * What a report sets a vault against: its own policy under the same assumptions, so that like is compared with like; a fixed
 * band as wide as the vault's was on the mean; never hedging; and what else is named.
 *
 * @param named on the command line; null where nothing is
 * @param halfWidth base; null where the vault never had a band
 */
export function triedPolicies(
  vault: VaultConfig,
  named: BoundPolicy | null,
  halfWidth: number | null,
  { policies }: Registry,
): readonly TriedPolicy[] {
  const own = policies[vault.policy.kind];
  const { fixedBand } = policies;
  const parameters = halfWidth === null ? null : { halfWidth: { base: halfWidth }, tradeTo: 'centre' };
  return [
    ...(own === undefined
      ? []
      : [
          {
            name: vault.policy.kind,
            parameters: 'as configured now',
            policy: bindPolicy(vault.policy.kind, own, vault.policy.config),
          },
        ]),
    ...(named === null ? [] : [{ name: named.kind, parameters: 'as named', policy: named }]),
    ...(fixedBand === undefined || parameters === null
      ? []
      : [
          {
            name: 'fixedBand',
            parameters: shown(parameters),
            policy: bindPolicy('fixedBand', fixedBand, fixedBand.parameters.parse(parameters)),
          },
        ]),
    { name: 'none', parameters: 'never hedges', policy: null },
  ];
}
