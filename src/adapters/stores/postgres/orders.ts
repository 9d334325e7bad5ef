import type { Kysely, Selectable } from 'kysely';
import { JournalCorruptError } from '../../../core/errors.ts';
import type { FillerHistory, OrderHistory } from '../../../ports/store.ts';
import { eventOf, fillerEventOf, fillerOf, orderOf } from '../internal/rows.ts';
import type { FillersTable, JournalTables, OrdersTable } from '../internal/schema.ts';

type Database = Kysely<JournalTables>;

/** Orders with their events, in the order of the rows: two statements, however many they are. @throws JournalCorruptError */
export async function orderHistories(
  database: Database,
  rows: readonly Selectable<OrdersTable>[],
): Promise<readonly OrderHistory[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const found = database.selectFrom('order_events').selectAll().where('order_id', 'in', ids);
  const events = grouped(await found.orderBy('number').execute(), ({ order_id }) => order_id);
  return rows.map((row) => ({ record: orderOf(row), events: (events.get(row.id) ?? []).map(eventOf) }));
}

/**
 * Orders without a closing event, oldest first.
 *
 * @param of a vault's, or those of a signer in lower case on a chain
 * @throws JournalCorruptError
 */
export async function openOrders(
  database: Database,
  of: Partial<Pick<Selectable<OrdersTable>, 'vault' | 'chain_id' | 'signer'>>,
): Promise<readonly OrderHistory[]> {
  const listed = await database
    .selectFrom('open_orders')
    .leftJoin('orders', 'orders.id', 'open_orders.id')
    .select('open_orders.id as listed')
    .selectAll('orders')
    .orderBy('orders.number')
    .execute();
  const lost = listed.find(({ id }) => id === null);
  if (lost !== undefined) {
    throw new JournalCorruptError('its list of open orders names one that is not there', {
      facts: { order: lost.listed },
    });
  }
  const rows = listed.map(({ listed: _, ...row }) => row as Selectable<OrdersTable>);
  const wanted = Object.entries(of) as [keyof typeof of, unknown][];
  return orderHistories(
    database,
    rows.filter((row) => wanted.every(([column, value]) => row[column] === value)),
  );
}

/** Fillers of a signer, in lower case, that are not closed, oldest first, with their events. @throws JournalCorruptError */
export async function fillersOf(
  database: Database,
  chainId: number,
  signer: string,
): Promise<readonly FillerHistory[]> {
  const closed = database.selectFrom('filler_events').select('filler_id').where('kind', '=', 'closed');
  const rows: readonly Selectable<FillersTable>[] = await database
    .selectFrom('fillers')
    .selectAll()
    .where('chain_id', '=', chainId)
    .where('signer', '=', signer)
    .where('id', 'not in', closed)
    .orderBy('number')
    .execute();
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const found = database.selectFrom('filler_events').selectAll().where('filler_id', 'in', ids);
  const events = grouped(await found.orderBy('number').execute(), ({ filler_id }) => filler_id);
  return rows.map((row) => ({
    record: fillerOf(row),
    events: (events.get(row.id) ?? []).map(fillerEventOf),
  }));
}

function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}
