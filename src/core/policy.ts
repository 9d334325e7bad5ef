import type { Band, Explanation, ReasonCode } from './decision.ts';
import type { hedgeCosts } from './hedge/hedgeCosts.ts';
import type { MeasuredExposure } from './position.ts';
import type { Limits } from './risk/limits.ts';
import type { Snapshot } from './snapshot.ts';

/** What a policy looks at: the snapshot and what was computed from it. */
export interface PolicyView {
  readonly snapshot: Snapshot;
  readonly exposure: MeasuredExposure;
  /** Exposure delta minus target delta, base units. */
  readonly netDelta: number;
  /** Sum of the absolute deltas of all positions, base units. */
  readonly grossDelta: number;
  /** Quote per base. */
  readonly spot: number;
  /** What the vault's operator allows, for a policy that prices its trades; the defaults where left out. */
  readonly limits?: Limits;
  /** Stands in for the function of that name and answers as it does, where one market is decided on again and again. */
  readonly hedgeCosts?: typeof hedgeCosts;
}

interface VerdictBase {
  readonly code: ReasonCode;
  readonly why: string;
  readonly band: Band | null;
  /** The numbers that were weighed, for policies that weigh. */
  readonly explanation?: Explanation;
}

/** What a policy says: stay, or bring net delta to `targetNetDelta`. */
export type PolicyVerdict =
  | (VerdictBase & { readonly trade: false })
  | (VerdictBase & { readonly trade: true; readonly targetNetDelta: number });

/** Anything that parses unknown configuration into parameters; a zod schema is one. */
export interface ParameterSchema<P> {
  parse(input: unknown): P;
}

/** A hedging policy: a pure function from a view and its parameters to a verdict. */
export interface Policy<P = unknown> {
  readonly summary: string;
  readonly parameters: ParameterSchema<P>;
  verdict(view: PolicyView, parameters: P): PolicyVerdict;
  /** Small pinned parameters that enrol the policy in the conformance suite. */
  readonly sample: P;
}

/** Declares a policy plug-in; the export's name is its `kind` in the config. */
export function definePolicy<P>(policy: Policy<P>): Policy<P> {
  return policy;
}

/** A policy with its parameters filled in. */
export interface BoundPolicy {
  readonly kind: string;
  verdict(view: PolicyView): PolicyVerdict;
}

/** Fills in a policy's parameters. */
export function bindPolicy<P>(kind: string, policy: Policy<P>, parameters: P): BoundPolicy {
  return { kind, verdict: (view) => policy.verdict(view, parameters) };
}
