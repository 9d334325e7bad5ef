import { randomUUID } from 'node:crypto';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { JournalError } from '../../../core/errors.ts';
import { isAnswer } from './errors.ts';

/** Where a journal is. */
export interface JournalPlace {
  /** With the password: never to be shown. */
  readonly url: string;
  readonly schema: string;
  /** Looks only: takes no lock, and the server refuses what would write. */
  readonly readOnly: boolean;
}

const CONNECT_TIMEOUT_MS = 5_000;
const QUERY_TIMEOUT_MS = 10_000;
/** How long the server may take to see that an earlier session of this keeper is gone. */
const LOCK_TIMEOUT_MS = 2_000;
const LOCK_NOT_AVAILABLE = '55P03';
const INT8 = 20;

/** Whole numbers of 8 bytes as numbers: those of a journal stay far below 2^53. */
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

/**
 * One connection, taken in turns, on which the lock lies that keeps other keepers out. The server takes the lock back when
 * the connection ends, however it ends; a new one is only opened with the lock. So nothing is ever written without it; and
 * where another keeper had the journal in between, nothing is written any more: what this one has read is of before.
 */
export class Session implements PostgresPool {
  readonly #place: JournalPlace;
  readonly #queryTimeoutMs: number;
  #client: pg.Client | null = null;
  #last: Promise<void> = Promise.resolve();
  #isEnded = false;
  /** Under which name this keeper holds the journal; null before it does. */
  #holder: string | null = null;

  /** @param queryTimeoutMs how long a statement may take before its connection is given up */
  constructor(place: JournalPlace, queryTimeoutMs = QUERY_TIMEOUT_MS) {
    this.#place = place;
    this.#queryTimeoutMs = queryTimeoutMs;
  }

  /** Waits until nobody else has the connection, and opens it where there is none. @throws JournalError or the driver's */
  async connect(): Promise<PostgresPoolClient> {
    const before = this.#last;
    let release = () => {};
    this.#last = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    try {
      if (this.#isEnded) throw new JournalError('it is closed');
      this.#client ??= await this.#open();
      return this.#lent(this.#client, release);
    } catch (thrown) {
      release();
      throw thrown;
    }
  }

  /** Writes down who holds the journal, once there is one. @throws the driver's */
  async hold(): Promise<void> {
    const { query, release } = await this.connect();
    const holder = randomUUID();
    try {
      await query(
        'INSERT INTO holder (keeper) VALUES ($1) ON CONFLICT (is_only) DO UPDATE SET keeper = EXCLUDED.keeper',
        [holder],
      );
      this.#holder = holder;
    } finally {
      release();
    }
  }

  async end(): Promise<void> {
    await this.#last;
    this.#isEnded = true;
    await this.#client?.end();
    this.#client = null;
  }

  /** The connection for one turn. An error that is no answer of the server's leaves it in doubt: it is given up. */
  #lent(client: pg.Client, release: () => void): PostgresPoolClient {
    let lost: unknown = null;
    const query = async <R extends pg.QueryResultRow>(sql: string, parameters: readonly unknown[]) => {
      // Rolling back what is gone fails for the reason that it is gone for.
      if (this.#client !== client) throw lost ?? new Error('the connection was lost');
      try {
        return await client.query<R>(sql, [...parameters]);
      } catch (thrown) {
        lost = thrown;
        if (!isAnswer(thrown)) this.#giveUp(client);
        throw thrown;
      }
    };
    return { query: query as unknown as PostgresPoolClient['query'], release };
  }

  #giveUp(client: pg.Client): void {
    if (this.#client === client) this.#client = null;
    // What it was waiting for is lost already; it ends by itself, whatever it answers.
    client.end().catch(() => {});
  }

  async #open(): Promise<pg.Client> {
    const { url, schema, readOnly } = this.#place;
    const client = new pg.Client({
      connectionString: url,
      application_name: `ballast journal ${schema}`,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: this.#queryTimeoutMs,
      keepAlive: true,
      types,
    });
    client.on('error', () => this.#giveUp(client));
    client.on('end', () => {
      if (this.#client === client) this.#client = null;
    });
    try {
      await client.connect();
      await prepare(client, schema);
      if (readOnly) await client.query('SET default_transaction_read_only = on');
      else await lockOut(client, schema);
      if (this.#holder !== null) await refuseSuccessor(client, schema, this.#holder);
      return client;
    } catch (thrown) {
      this.#giveUp(client);
      throw thrown;
    }
  }
}

/** Refuses a journal that another keeper has held since. @throws JournalError */
async function refuseSuccessor(client: pg.Client, schema: string, holder: string): Promise<void> {
  const { rows } = await client.query<{ keeper: string }>('SELECT keeper FROM holder');
  if (rows[0]?.keeper === holder) return;
  throw new JournalError('another keeper has had it since', {
    facts: { schema },
    action: 'start this keeper anew if it is to go on: what it had read is of before; nothing was sent',
  });
}

/** Durable commits, and a server that notices soon when this machine is gone. @throws JournalError */
async function prepare(client: pg.Client, schema: string): Promise<void> {
  await client.query(`SET search_path TO ${client.escapeIdentifier(schema)}`);
  await client.query('SET synchronous_commit = on');
  await client.query('SET tcp_keepalives_idle = 10');
  await client.query('SET tcp_keepalives_interval = 5');
  await client.query('SET tcp_keepalives_count = 3');
  const { rows } = await client.query<{ fsync: string; encoding: string }>(
    `SELECT current_setting('fsync') AS fsync, current_setting('server_encoding') AS encoding`,
  );
  const { fsync, encoding } = rows[0] ?? {};
  if (fsync === 'on' && encoding === 'UTF8') return;
  throw new JournalError('the server does not keep what it acknowledges, or not every character', {
    facts: { fsync: String(fsync), encoding: String(encoding) },
    action: 'give it a database of encoding UTF8 on a server with fsync on',
  });
}

/** Takes the lock of a schema for as long as the connection lasts. @throws JournalError where another keeper has it */
async function lockOut(client: pg.Client, schema: string): Promise<void> {
  await client.query(`SET lock_timeout = ${LOCK_TIMEOUT_MS}`);
  try {
    await client.query(`SELECT pg_advisory_lock(hashtext('ballast journal'), hashtext($1))`, [schema]);
  } catch (thrown) {
    if (!isAnswer(thrown) || thrown.code !== LOCK_NOT_AVAILABLE) throw thrown;
    throw new JournalError('another keeper has it open', {
      facts: { schema },
      action:
        'stop the other keeper, or give this one a schema of its own; status and explain may read it meanwhile',
      cause: thrown,
    });
  }
}
