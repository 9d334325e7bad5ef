import type { Selectable } from 'kysely';
import type { Memory } from '../../../ports/protocol.ts';
import { memoryOf, memoryRow } from '../internal/rows.ts';
import type { MemoriesTable } from '../internal/schema.ts';
import { foreignWrites } from './foreignWrites.ts';
import type { Statements } from './statements.ts';

/** Memories kept at most: nonces that were used up are remembered one by one. */
const MOST_KEPT = 10_000;

/** What plug-ins remembered; read, checked and decoded once by the process that writes the journal. */
export class MemoryShelf {
  readonly #statements: Statements;
  readonly #keeps: boolean;
  readonly #isForeign: () => boolean;
  readonly #kept = new Map<string, Memory>();

  /** @param keeps whether nobody else writes to the journal */
  constructor(statements: Statements, keeps: boolean) {
    this.#statements = statements;
    this.#keeps = keeps;
    this.#isForeign = foreignWrites(statements);
  }

  /** What is remembered under some keys of a vault, in their order; undefined where nothing is. */
  recall(vault: string, keys: readonly string[]): readonly Memory[] {
    if (this.#keeps && this.#isForeign()) this.#kept.clear();
    return keys.map((key) => this.#one(vault, key));
  }

  #one(vault: string, key: string): Memory {
    const name = nameOf(vault, key);
    if (this.#kept.has(name)) return this.#kept.get(name);
    const [row] = this.#statements.all<Selectable<MemoriesTable>>(
      'SELECT * FROM memories WHERE vault = ? AND key = ?',
      vault,
      key,
    );
    const memory = row === undefined ? undefined : memoryOf(row);
    this.#keep(name, memory);
    return memory;
  }

  remember(vault: string, key: string, memory: Memory): void {
    const name = nameOf(vault, key);
    // Should the write fail, the disk says what there is.
    this.#kept.delete(name);
    this.#statements.insert('memories', memoryRow(vault, key, memory), 'replace');
    this.#keep(name, memory);
  }

  #keep(name: string, memory: Memory): void {
    if (!this.#keeps) return;
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(name, memory);
  }
}

function nameOf(vault: string, key: string): string {
  return `${vault}\n${key}`;
}
