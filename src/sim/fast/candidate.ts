import { InvalidInputError } from '../../core/errors.ts';
import { type BoundPolicy, bindPolicy, type Policy } from '../../core/policy.ts';
import type { Limits } from '../../core/risk/limits.ts';
import * as policies from '../../policies/index.ts';
import { type CheckEvery, checkedEvery } from './checkEvery.ts';

/** A policy by its name in the config, with parameters as plain data: what can be handed to a worker. */
export interface PolicyChoice {
  readonly kind: string;
  readonly parameters: unknown;
  /** How seldom it is asked; at every step where left out. */
  readonly checkEvery?: CheckEvery;
}

/** One of the policies that are compared on the same market. */
export interface Candidate {
  /** What the caller knows it by. */
  readonly key: string;
  readonly policy: BoundPolicy | PolicyChoice;
  /** What differs for this one from the limits that all are run with. */
  readonly limits?: Partial<Limits>;
}

/** A candidate that is plain data, so that any worker can run it. */
export interface PlainCandidate extends Candidate {
  readonly policy: PolicyChoice;
}

/**
 * The policy of a candidate with its parameters parsed.
 *
 * @throws InvalidInputError for a policy that there is none of; what the policy's own schema throws for its parameters
 */
export function policyOf(choice: BoundPolicy | PolicyChoice): BoundPolicy {
  if ('verdict' in choice) return choice;
  const known: Readonly<Record<string, unknown>> = policies;
  const policy = known[choice.kind] as Policy | undefined;
  if (policy === undefined || !Object.hasOwn(policies, choice.kind)) {
    throw new InvalidInputError('kind', choice.kind, `one of ${Object.keys(policies).join(', ')}`);
  }
  const bound = bindPolicy(choice.kind, policy, policy.parameters.parse(choice.parameters));
  return choice.checkEvery === undefined ? bound : checkedEvery(bound, choice.checkEvery);
}
