import type { Selectable } from 'kysely';
import type { Address } from '../../../core/units.ts';
import type { FillerEvent, FillerHistory, FillerRecord } from '../../../ports/store.ts';
import { fillerEventOf, fillerEventRow, fillerOf, fillerRow } from '../internal/rows.ts';
import type { FillerEventsTable, FillersTable } from '../internal/schema.ts';
import { foreignWrites } from './foreignWrites.ts';
import type { Statements } from './statements.ts';

const openFillers = `SELECT * FROM fillers WHERE chain_id = ? AND signer = ?
  AND id NOT IN (SELECT filler_id FROM filler_events WHERE kind = 'closed') ORDER BY number`;
const eventsOfFiller = 'SELECT * FROM filler_events WHERE filler_id = ? ORDER BY number';

/** Fillers with their events; the process that writes the journal asks for the open ones only after it has written any. */
export class FillerShelf {
  readonly #statements: Statements;
  readonly #keeps: boolean;
  readonly #isForeign: () => boolean;
  /** By chain and signer. */
  readonly #open = new Map<string, readonly FillerHistory[]>();

  /** @param keeps whether nobody else writes to the journal */
  constructor(statements: Statements, keeps: boolean) {
    this.#statements = statements;
    this.#keeps = keeps;
    this.#isForeign = foreignWrites(statements);
  }

  add(record: FillerRecord): void {
    this.#open.clear();
    this.#statements.insert('fillers', fillerRow(record));
  }

  append(fillerId: string, event: FillerEvent, recordedAtSeconds: number): void {
    this.#open.clear();
    this.#statements.insert('filler_events', fillerEventRow(fillerId, event, recordedAtSeconds));
  }

  /** Those of a signer on a chain that are not closed, oldest first. @throws JournalCorruptError */
  open(chainId: number, signer: Address): readonly FillerHistory[] {
    if (this.#keeps && this.#isForeign()) this.#open.clear();
    const key = signer.toLowerCase();
    const name = `${chainId}:${key}`;
    const known = this.#open.get(name);
    if (known !== undefined) return known;
    const found = this.#statements
      .all<Selectable<FillersTable>>(openFillers, chainId, key)
      .map((row) => ({ record: fillerOf(row), events: this.#eventsOf(row.id) }));
    if (this.#keeps) this.#open.set(name, found);
    return found;
  }

  #eventsOf(fillerId: string): FillerHistory['events'] {
    return this.#statements.all<Selectable<FillerEventsTable>>(eventsOfFiller, fillerId).map(fillerEventOf);
  }
}
