import { BallastError, InvalidInputError } from '../../core/errors.ts';
import type { BlockFacts, PriceReading, StatementFacts } from '../../core/snapshot.ts';
import type { Outcome } from '../../ports/chain.ts';
import type { BoundProtocol, Memory, ProtocolReading, StatedPositions } from '../../ports/protocol.ts';
import { attempt } from '../faults.ts';
import type { VaultSetup, World } from '../world.ts';

/** Longest that a tick waits for positions from outside the chain. */
const STATEMENT_TIMEOUT_MS = 3_000;
/** No strike is further from the price, as a factor, on either side: beyond it somebody counts in another unit. */
const FURTHEST_STRIKE = 1_000;
/** Clocks differ by so much. */
const CLOCK_SKEW_SECONDS = 60;

type Stated = Extract<BoundProtocol, { readonly observe: unknown }>;

/** What those outside the chain stated, or why they did not, by vault and key of the protocol. */
export type Statements = ReadonlyMap<string, Outcome<StatedPositions>>;

/** Positions from outside the chain are too old, or from the future. */
export class StatementStaleError extends BallastError {
  constructor({ source, observedAtSeconds, staleAfterSeconds }: StatementFacts, block: BlockFacts) {
    const ageSeconds = block.timestampSeconds - observedAtSeconds;
    const found = ageSeconds < 0 ? `${-ageSeconds} s ahead of the chain` : `${ageSeconds} s old`;
    super(
      'STATEMENT_STALE',
      `the positions of ${source} are ${found}, not younger than ${staleAfterSeconds} s`,
      {
        facts: { source, ageSeconds, staleAfterSeconds },
        action: 'have them stated anew, or raise staleAfterSeconds if they may be that old',
      },
    );
  }
}

/** A strike from outside the chain cannot be one in quote per base. */
export class StatementUnitError extends BallastError {
  constructor(source: string, label: string, strike: number, price: number) {
    super(
      'STATEMENT_UNIT',
      `${source}: ${label}, strike: ${strike}, while base costs ${price}: not in quote per base`,
      {
        facts: { source, label, strike, price },
        action: 'state strikes in whole quote per whole base; nothing of the statement counts until then',
      },
    );
  }
}

/** Nobody answered in time. */
export class StatementTimeoutError extends BallastError {
  constructor(kind: string) {
    super('STATEMENT_TIMEOUT', `${kind} did not answer within ${STATEMENT_TIMEOUT_MS} ms`, {
      facts: { kind, timeoutMs: STATEMENT_TIMEOUT_MS },
      action: 'check whoever states the positions; the vault waits',
      retryable: true,
    });
  }
}

const nameOf = (vault: VaultSetup, { key }: BoundProtocol) => `${vault.terms.name}:${key}`;

async function observe(world: World, protocol: Stated): Promise<Outcome<StatedPositions>> {
  const asking = new AbortController();
  const waiting = new AbortController();
  const tooLate = world.clock
    .sleep(STATEMENT_TIMEOUT_MS, waiting.signal)
    .then(() => ({ ok: false, error: new StatementTimeoutError(protocol.kind) }) as const);
  const outcome = await Promise.race([attempt(() => protocol.observe(asking.signal)), tooLate]);
  asking.abort();
  waiting.abort();
  return outcome;
}

/** Asks everybody outside the chain who states positions of these vaults, all together. Never throws. */
export async function observeStatements(world: World, vaults: readonly VaultSetup[]): Promise<Statements> {
  const stated = vaults.flatMap((vault) =>
    vault.protocols.flatMap((protocol) =>
      'observe' in protocol ? [{ name: nameOf(vault, protocol), protocol }] : [],
    ),
  );
  return new Map(
    await Promise.all(
      stated.map(async ({ name, protocol }) => [name, await observe(world, protocol)] as const),
    ),
  );
}

function isFresh({ observedAtSeconds, staleAfterSeconds }: StatementFacts, block: BlockFacts): boolean {
  const age = block.timestampSeconds - observedAtSeconds;
  return age <= staleAfterSeconds && age >= -CLOCK_SKEW_SECONDS;
}

function readingOf(stated: StatedPositions): ProtocolReading {
  const { positions, source, observedAtSeconds, staleAfterSeconds } = stated;
  return {
    value: positions,
    memory: stated,
    statement: { source, observedAtSeconds, staleAfterSeconds },
  };
}

function rememberedStatement(memory: Memory): StatedPositions | null {
  const { source, observedAtSeconds, staleAfterSeconds, positions } = (memory ??
    {}) as Partial<StatedPositions>;
  const isStatement =
    typeof source === 'string' &&
    Number.isFinite(observedAtSeconds) &&
    Number.isFinite(staleAfterSeconds) &&
    Array.isArray(positions);
  return isStatement ? (memory as StatedPositions) : null;
}

/**
 * The positions that somebody outside the chain gives a block: what they state, or where they cannot be asked what they
 * last stated, for as long as that is young enough. A statement that makes no sense is never passed over.
 *
 * @throws BallastError what asking for them threw
 * @throws StatementStaleError when they are too old
 */
export function statedReading(
  vault: VaultSetup,
  protocol: BoundProtocol,
  statements: Statements,
  memory: Memory,
  block: BlockFacts,
): ProtocolReading {
  const outcome = statements.get(nameOf(vault, protocol));
  if (outcome === undefined) throw new InvalidInputError('statements', protocol.kind, 'one that was asked');
  const before = rememberedStatement(memory);
  if (!outcome.ok) {
    const mayWait = outcome.error.retryable && before !== null && isFresh(before, block);
    if (!mayWait) throw outcome.error;
    return readingOf(before);
  }
  if (!isFresh(outcome.value, block)) throw new StatementStaleError(outcome.value, block);
  return readingOf(outcome.value);
}

/**
 * A reading whose strikes can be in quote per base. Where no feed has a price nothing can be said, and nothing is hedged
 * either.
 *
 * @throws StatementUnitError naming the position
 */
export function inUnitsOf(prices: readonly PriceReading[], reading: ProtocolReading): ProtocolReading {
  const price = prices.find(({ fault }) => fault === null)?.price;
  if (price === undefined) return reading;
  for (const position of reading.value) {
    if (position.kind !== 'option') continue;
    const { label, strike } = position;
    if (strike <= price * FURTHEST_STRIKE && price <= strike * FURTHEST_STRIKE) continue;
    throw new StatementUnitError(reading.statement?.source ?? 'a statement', label, strike, price);
  }
  return reading;
}
