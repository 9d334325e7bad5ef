import { messageOf } from '../../core/errors.ts';
import type { VaultSetup, World } from '../../engine/world.ts';
import { closingEventKinds, type OrderEvent, type Store } from '../../ports/store.ts';
import { journalReads } from '../journal/journalReads.ts';
import type { Exporter } from './exporter.ts';
import { bookOrder } from './orderTotals.ts';

const now = () => performance.now() / 1_000;

/** Times what a promise takes, however it ends. */
async function timed<T>(run: () => Promise<T>, take: (seconds: number) => void): Promise<T> {
  const started = now();
  try {
    return await run();
  } finally {
    take(now() - started);
  }
}

/** What is known of how well the journal keeps up. */
export interface JournalPulse {
  /** When writing began to fail, Unix seconds; null where the last write went well. */
  failingSinceSeconds: number | null;
}

/** A journal that tells what it holds for good, how long that took, and whether it could. */
function instrumentStore(
  exporter: Exporter,
  { store, clock, log }: Pick<World, 'store' | 'clock' | 'log'>,
  vaults: ReadonlyMap<string, VaultSetup>,
  relays: readonly string[],
  pulse: JournalPulse,
): Store {
  const write = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      const written = await timed(run, (seconds) =>
        exporter.observe('ballast_journal_write_duration_seconds', {}, seconds),
      );
      pulse.failingSinceSeconds = null;
      return written;
    } catch (error) {
      pulse.failingSinceSeconds ??= clock.nowSeconds();
      throw error;
    }
  };
  const book = async (orderId: string, event: OrderEvent) => {
    if (event.kind === 'answered' && relays.includes(event.relay)) {
      const labels = { relay: event.relay, answer: event.answer.status };
      exporter.add('ballast_relay_submissions_total', labels, 1);
    }
    if (!(closingEventKinds as readonly string[]).includes(event.kind)) return;
    const history = await store.order(orderId);
    const setup = history && vaults.get(history.record.vault);
    if (history && setup) await bookOrder(exporter, store, history, setup, relays);
  };
  return {
    ...journalReads(store),
    ...(store.recallMany === undefined
      ? {}
      : { recallMany: (vault, keys) => (store.recallMany as NonNullable<Store['recallMany']>)(vault, keys) }),
    async recordDecision(record, orderOf) {
      const id = await write(() => store.recordDecision(record, orderOf));
      const { vault, decision } = record;
      exporter.add('ballast_decisions_total', { vault, kind: decision.kind, code: decision.code }, 1);
      return id;
    },
    async appendEvent(orderId, event, recordedAtSeconds) {
      await write(() => store.appendEvent(orderId, event, recordedAtSeconds));
      // Not waited for: no hedge waits for a figure.
      void book(orderId, event).catch((error) =>
        log.warn({ order: orderId, error: messageOf(error) }, 'an order was not counted'),
      );
    },
    recordFiller: (record) => write(() => store.recordFiller(record)),
    appendFillerEvent: (id, event, recordedAtSeconds) =>
      write(() => store.appendFillerEvent(id, event, recordedAtSeconds)),
    recordExecution: (record) => write(() => store.recordExecution(record)),
    remember: (vault, key, memory) => write(() => store.remember(vault, key, memory)),
  };
}

/** The same world, with its parts timed and counted. */
export function instrumentWorld(
  exporter: Exporter,
  world: World,
  vaults: readonly VaultSetup[],
  relays: readonly string[],
  pulse: JournalPulse,
): World {
  const stage = (name: string) => (seconds: number) =>
    exporter.observe('ballast_tick_duration_seconds', { stage: name }, seconds);
  const { chain } = world;
  const setups = new Map(vaults.map((setup) => [setup.terms.name, setup]));
  return {
    ...world,
    store: instrumentStore(exporter, world, setups, relays, pulse),
    chain: {
      ...chain,
      read: (reads, at) => timed(() => chain.read(reads, at), stage('read')),
      simulate: (transaction, at) => timed(() => chain.simulate(transaction, at), stage('simulate')),
    },
    signers: world.signers.map((signer) => ({
      ...signer,
      address: signer.address,
      signTransaction: (transaction) => timed(() => signer.signTransaction(transaction), stage('sign')),
    })),
    relays: world.relays.map((relay) => ({
      ...relay,
      submit: (submission) => timed(() => relay.submit(submission), stage('submit')),
    })),
  };
}
