import type { Margin } from '../core/margin.ts';
import type { Position } from '../core/position.ts';
import type { Read } from '../core/read.ts';
import type { BlockFacts, VaultTerms } from '../core/snapshot.ts';
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
}

/** Reads one kind of position of a vault. */
export interface Protocol<C = unknown> {
  readonly summary: string;
  readonly verified: Verification;
  readonly config: ConfigSchema<C>;
  read(config: C, context: ReadContext): Read<ProtocolReading>;
  /** Small pinned config that enrols the plug-in in the conformance suite. */
  readonly sample: C;
}

/** Declares a protocol plug-in; the export's name is its `kind` in the config. */
export function defineProtocol<C>(protocol: Protocol<C>): Protocol<C> {
  return protocol;
}

/** A protocol with its config filled in. */
export interface BoundProtocol {
  readonly kind: string;
  /** Key of its memory, unique within the vault. */
  readonly key: string;
  read(context: ReadContext): Read<ProtocolReading>;
}
