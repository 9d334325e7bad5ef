import type { Margin } from '../core/margin.ts';
import type { Position } from '../core/position.ts';
import type { Read } from '../core/read.ts';
import type { BlockFacts, StatementFacts, VaultTerms } from '../core/snapshot.ts';
import type { Address } from '../core/units.ts';
import type { ConfigSchema } from './config.ts';

/** What a plug-in remembers between reads so that a steady state is one round: plain JSON, safe to lose. */
export type Memory = unknown;

/** A value together with what is worth remembering for the next read of it. */
export interface Remembered<T> {
  readonly value: T;
  readonly memory: Memory;
}

/** What a read may depend on besides the chain. */
export interface ReadContext {
  readonly vault: VaultTerms;
  readonly block: BlockFacts;
  /** What the last read of the same thing returned as memory; undefined the first time. */
  readonly memory: Memory;
}

/** Whether a plug-in was proved on the protocol's real contracts, or only against its published ABI. */
export type Verification = 'contracts' | 'abi-only';

/** What a protocol's read found. */
export interface ProtocolReading extends Remembered<readonly Position[]> {
  /** What backs debts and written options, where the plug-in knows it. */
  readonly margin?: Partial<Margin>;
  /** Where positions from outside the chain come from, and of when they are. */
  readonly statement?: StatementFacts;
}

interface ProtocolBase<C> {
  readonly summary: string;
  readonly verified: Verification;
  readonly config: ConfigSchema<C>;
  /** Small pinned config that enrols the plug-in in the conformance suite. */
  readonly sample: C;
  /**
   * What of an account a config counts, by name: mostly addresses, and with a slash a part of one. What a vault counts under
   * one name twice, in two entries or in one, is hedged twice, so that it is refused. The config as a whole unless given.
   */
  counts?(config: C, account: Address): readonly string[];
}

/** Reads one kind of position of a vault from the chain. */
export interface ChainProtocol<C = unknown> extends ProtocolBase<C> {
  read(config: C, context: ReadContext): Read<ProtocolReading>;
}

/** Positions as somebody outside the chain stated them. */
export interface StatedPositions extends StatementFacts {
  readonly positions: readonly Position[];
}

/** A document from outside the chain. */
export interface LoadedDocument {
  readonly text: string;
  /** When it was last changed, unix seconds; null where whoever keeps it does not say. */
  readonly modifiedAtSeconds: number | null;
}

/** What a protocol works with that looks outside the chain. */
export interface StatementTools {
  /** @param from the path of a file, or an http(s) URL @throws BallastError when there is none */
  readonly load: (from: string, signal: AbortSignal) => Promise<LoadedDocument>;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** Knows positions from outside the chain: asked for beside the chain's read. */
export interface StatedProtocol<C = unknown> extends ProtocolBase<C> {
  /** Asks once. @throws BallastError when there is no answer, or it cannot be made sense of: never a guess */
  observe(config: C, vault: VaultTerms, tools: StatementTools): Promise<StatedPositions>;
}

/** Either kind of protocol. */
export type Protocol<C = unknown> = ChainProtocol<C> | StatedProtocol<C>;

/** Declares a protocol plug-in; the export's name is its `kind` in the config. */
export function defineProtocol<C>(protocol: ChainProtocol<C>): ChainProtocol<C> {
  return protocol;
}

/** Declares a plug-in for positions from outside the chain; the export's name is its `kind` in the config. */
export function defineStatedProtocol<C>(protocol: StatedProtocol<C>): StatedProtocol<C> {
  return protocol;
}

/** A protocol with its config filled in. */
export type BoundProtocol = {
  readonly kind: string;
  /** Key of its memory, unique within the vault. */
  readonly key: string;
} & (
  | { readonly read: (context: ReadContext) => Read<ProtocolReading> }
  | { readonly observe: (signal: AbortSignal) => Promise<StatedPositions> }
);
