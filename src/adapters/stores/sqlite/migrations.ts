import type Database from 'libsql';
import { closingKindsSql } from '../internal/openOrders.ts';
import { executionsFromMemories } from './executionsFromMemories.ts';

function appendOnly(tables: readonly string[]): readonly string[] {
  return tables.flatMap((table) =>
    (['UPDATE', 'DELETE'] as const).map(
      (verb) =>
        `CREATE TRIGGER ${table}_no_${verb.toLowerCase()} BEFORE ${verb} ON ${table}
       BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END`,
    ),
  );
}

/** A step from one version to the next: a statement, or what SQL alone cannot do. */
export type MigrationStep = string | ((database: Database.Database) => void);

/**
 * Steps that lead from one version to the next: entry 0 from nothing to version 1. A version that was released is never
 * edited; a change is one more entry.
 */
export const migrations: readonly (readonly MigrationStep[])[] = [
  [
    `CREATE TABLE parts (hash TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID`,
    `CREATE TABLE decisions (
       number INTEGER PRIMARY KEY AUTOINCREMENT, vault TEXT NOT NULL, policy TEXT NOT NULL,
       recorded_at_seconds REAL NOT NULL, block_number TEXT NOT NULL, snapshot TEXT, decision TEXT NOT NULL,
       checksum TEXT NOT NULL)`,
    `CREATE INDEX decisions_of_vault ON decisions (vault, number)`,
    `CREATE TABLE orders (
       number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, vault TEXT NOT NULL,
       chain_id INTEGER NOT NULL, signer TEXT NOT NULL, body TEXT NOT NULL, checksum TEXT NOT NULL)`,
    `CREATE INDEX orders_of_vault ON orders (vault, number)`,
    `CREATE INDEX orders_of_signer ON orders (chain_id, signer, number)`,
    `CREATE TABLE order_events (
       number INTEGER PRIMARY KEY AUTOINCREMENT, order_id TEXT NOT NULL REFERENCES orders (id),
       kind TEXT NOT NULL, recorded_at_seconds REAL NOT NULL, body TEXT NOT NULL, checksum TEXT NOT NULL)`,
    `CREATE INDEX events_of_order ON order_events (order_id, number)`,
    `CREATE TABLE open_orders (id TEXT PRIMARY KEY REFERENCES orders (id)) WITHOUT ROWID`,
    `CREATE TRIGGER orders_open AFTER INSERT ON orders
     BEGIN INSERT INTO open_orders (id) VALUES (NEW.id); END`,
    `CREATE TRIGGER orders_close AFTER INSERT ON order_events WHEN NEW.kind IN (${closingKindsSql})
     BEGIN DELETE FROM open_orders WHERE id = NEW.order_id; END`,
    `CREATE TABLE memories (
       vault TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, checksum TEXT NOT NULL, PRIMARY KEY (vault, key))
       WITHOUT ROWID`,
    ...appendOnly(['parts', 'decisions', 'orders', 'order_events']),
  ],
  [
    `CREATE TABLE fillers (
       number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, chain_id INTEGER NOT NULL,
       signer TEXT NOT NULL, body TEXT NOT NULL, checksum TEXT NOT NULL)`,
    `CREATE INDEX fillers_of_signer ON fillers (chain_id, signer, number)`,
    `CREATE TABLE filler_events (
       number INTEGER PRIMARY KEY AUTOINCREMENT, filler_id TEXT NOT NULL REFERENCES fillers (id),
       kind TEXT NOT NULL, recorded_at_seconds REAL NOT NULL, body TEXT NOT NULL, checksum TEXT NOT NULL)`,
    `CREATE INDEX events_of_filler ON filler_events (filler_id, number)`,
    ...appendOnly(['fillers', 'filler_events']),
  ],
  [
    `CREATE TABLE executions (
       number INTEGER PRIMARY KEY AUTOINCREMENT, order_id TEXT NOT NULL REFERENCES orders (id),
       vault TEXT NOT NULL, body TEXT NOT NULL, checksum TEXT NOT NULL)`,
    `CREATE INDEX executions_of_order ON executions (order_id, number)`,
    `CREATE INDEX executions_of_vault ON executions (vault, number)`,
    ...appendOnly(['executions']),
    executionsFromMemories,
  ],
];
