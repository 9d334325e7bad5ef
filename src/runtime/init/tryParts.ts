import { messageOf } from '../../core/errors.ts';
import type { Read } from '../../core/read.ts';
import type { BlockFacts, VaultTerms } from '../../core/snapshot.ts';
import type { Chain } from '../../ports/chain.ts';
import type { ReadContext } from '../../ports/protocol.ts';

/** A part of a config as it is written: its kind and its own keys. */
export type WrittenPart = Readonly<Record<string, unknown>> & { readonly kind: string };

/** A part that was found, with what is said about it beside it. */
export interface FoundPart {
  readonly part: WrittenPart;
  readonly words: string;
  /** Whether somebody has to look at it before it can be relied on. */
  readonly isGuess: boolean;
}

/** A part that was tried with its own plug-in: what it read, or why it could not. */
export type Tried<T> =
  | { readonly part: WrittenPart; readonly value: T }
  | { readonly part: WrittenPart; readonly why: string };

/** The chain at one block, with the vault that is looked at. */
export interface Ground {
  readonly chain: Chain;
  readonly block: BlockFacts;
  readonly terms: VaultTerms;
}

/** What a plug-in family needs to be tried. */
interface Readable<T> {
  readonly config: { parse(input: unknown): unknown };
  read(config: unknown, context: ReadContext): Read<T>;
}

/** Reads every part with its own plug-in, all of them together: what is written down is what was read. */
export async function tryParts<T>(
  { chain, block, terms }: Ground,
  family: Readonly<Record<string, unknown>>,
  parts: readonly WrittenPart[],
): Promise<readonly Tried<T>[]> {
  const reads = parts.map((part) => {
    const { kind, ...own } = part;
    const plugin = family[kind] as Readable<T>;
    return plugin.read(plugin.config.parse(own), { vault: terms, block, memory: undefined });
  });
  const outcomes = await chain.read(reads, block);
  return outcomes.map((outcome, index) => {
    const part = parts[index]!;
    return outcome.ok ? { part, value: outcome.value } : { part, why: messageOf(outcome.error) };
  });
}
