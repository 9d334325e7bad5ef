import type { ErrorFacts } from '../../../core/errors.ts';
import type { BlockFacts } from '../../../core/snapshot.ts';
import type { Hash } from '../../../core/units.ts';
import { type EndpointOptions, type OpenedEndpoint, openEndpoint } from '../endpoint.ts';

/** What an endpoint is asked for: state at a block, the head and receipts, or to pass transactions on. */
export type EndpointRole = 'read' | 'head' | 'send';

/** One endpoint among several. */
export interface NamedEndpoint extends EndpointOptions {
  /** How it is called in logs and alerts, where its URL may not appear. */
  readonly name: string;
  /** All of them unless given. */
  readonly roles?: readonly EndpointRole[];
  /** Where it announces new heads over a websocket. */
  readonly wsUrl?: string;
}

/** Why an endpoint is not asked any more. */
export type DropReason =
  /** Another chain id. */
  | 'wrongChain'
  /** Another block than the others have at a height that they agree on. */
  | 'otherFork'
  /** A nonce or a receipt that the others contradict at the same block. */
  | 'contradicted'
  /** Behind the others for too long. */
  | 'lags'
  /** No answers, or none that can be read. */
  | 'fails';

/** Something that operators should know about an endpoint. */
export interface EndpointEvent {
  readonly kind: 'dropped' | 'readmitted';
  readonly endpoint: string;
  /** Null where it was readmitted. */
  readonly reason: DropReason | null;
  readonly facts: ErrorFacts;
}

/** When an endpoint is dropped and taken back. */
export interface HealthRules {
  /** Blocks behind the agreed head that count as lagging. */
  readonly lagBlocks: number;
  /** Seconds of lagging after which it is dropped. */
  readonly lagSeconds: number;
  /** Failures in a row after which it is dropped. */
  readonly failures: number;
  /** Seconds until a dropped endpoint is looked at again. */
  readonly probationSeconds: number;
}

/** What a member's health is now. */
export type Health =
  | { readonly status: 'healthy' }
  | { readonly status: 'dropped'; readonly reason: DropReason; readonly sinceSeconds: number };

/** Blocks whose hashes a member is remembered to have. */
const KNOWN_BLOCKS = 64;

/** One endpoint with what is known of it. */
export class Member {
  readonly name: string;
  readonly roles: ReadonlySet<EndpointRole>;
  readonly wsUrl: string | null;
  readonly endpoint: OpenedEndpoint;
  /** Whether its chain id was seen to be right. */
  isChecked = false;
  isProbed = false;
  head: BlockFacts | null = null;
  health: Health = { status: 'healthy' };
  readonly #known = new Set<Hash>();
  readonly #rules: HealthRules;
  readonly #report: (event: EndpointEvent) => void;
  readonly #now: () => number;
  #failures = 0;
  #behindSinceSeconds: number | null = null;

  constructor(
    options: NamedEndpoint,
    rules: HealthRules,
    nowSeconds: () => number,
    report: (event: EndpointEvent) => void,
  ) {
    this.name = options.name;
    this.roles = new Set(options.roles ?? ['read', 'head', 'send']);
    this.wsUrl = options.wsUrl ?? null;
    this.endpoint = openEndpoint(options);
    this.#rules = rules;
    this.#now = nowSeconds;
    this.#report = report;
  }

  get isHealthy(): boolean {
    return this.health.status === 'healthy';
  }

  /** Whether it was dropped for what it is, not for a lie: better than nothing where all are gone. */
  get isHonest(): boolean {
    return this.health.status === 'healthy' || ['lags', 'fails'].includes(this.health.reason);
  }

  /** Whether a dropped member may be looked at again. */
  get isDue(): boolean {
    if (this.health.status === 'healthy' || this.isProbed) return false;
    return this.#now() - this.health.sinceSeconds >= this.#rules.probationSeconds;
  }

  /** Notes a block that it has. */
  sees(block: BlockFacts): void {
    this.head = block;
    this.knows(block.hash);
  }

  knows(hash: Hash): void {
    this.#known.delete(hash);
    this.#known.add(hash);
    const [oldest] = this.#known;
    if (this.#known.size > KNOWN_BLOCKS && oldest !== undefined) this.#known.delete(oldest);
  }

  has(hash: Hash): boolean {
    return this.#known.has(hash);
  }

  answered(): void {
    this.#failures = 0;
  }

  /** Counts an answer that did not come or could not be read; enough of them in a row drop it. */
  failed(why: string): void {
    this.#failures += 1;
    if (this.#failures >= this.#rules.failures) this.drop('fails', { failures: this.#failures, why });
  }

  /** Compares its head with the agreed one; behind for too long drops it. */
  compareHead(own: BlockFacts, agreed: BlockFacts): void {
    const behind = agreed.number - own.number;
    if (behind <= BigInt(this.#rules.lagBlocks)) {
      this.#behindSinceSeconds = null;
      return;
    }
    this.#behindSinceSeconds ??= this.#now();
    const seconds = this.#now() - this.#behindSinceSeconds;
    if (seconds >= this.#rules.lagSeconds) {
      this.drop('lags', { block: own.number, agreed: agreed.number, seconds: Math.round(seconds) });
    }
  }

  /** Stops asking it, and says so once. One that lied and then falls silent stays one that lied. */
  drop(reason: DropReason, facts: ErrorFacts): void {
    const before = this.health;
    const kept = before.status === 'dropped' && !this.isHonest ? before.reason : reason;
    this.health = { status: 'dropped', reason: kept, sinceSeconds: this.#now() };
    if (before.status === 'dropped') return;
    this.#report({ kind: 'dropped', endpoint: this.name, reason, facts });
  }

  /** Asks it again from now on. */
  readmit(facts: ErrorFacts): void {
    this.health = { status: 'healthy' };
    this.#failures = 0;
    this.#behindSinceSeconds = null;
    this.#report({ kind: 'readmitted', endpoint: this.name, reason: null, facts });
  }

  /** Waits another probation. */
  stayOut(): void {
    if (this.health.status === 'dropped') this.health = { ...this.health, sinceSeconds: this.#now() };
  }
}
