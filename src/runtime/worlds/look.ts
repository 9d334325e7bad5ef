import { existsSync } from 'node:fs';
import { BallastError } from '../../core/errors.ts';
import type { Store } from '../../ports/store.ts';
import type { Plugged } from '../config/kinds.ts';
import type { Config } from '../config/schema.ts';
import { journalReads } from '../journal/journalReads.ts';
import {
  commonPorts,
  configuredKeys,
  openConfiguredChain,
  openJournal,
  openSigner,
  openVaults,
} from './parts.ts';
import { withholdingRelay } from './shadow.ts';
import type { OpenWorld, WorldTools } from './tools.ts';

/** Whether a journal is there already; one that is no file is taken to be. */
export function journalExists(journal: Plugged): boolean {
  const { path } = journal.config as { readonly path?: unknown };
  return typeof path !== 'string' || existsSync(path);
}

/** The writing half of a journal that is only read: what is written is gone at once. */
export const withoutWrites: Omit<Store, keyof ReturnType<typeof journalReads> | 'recallMany'> = {
  recordDecision: async () => 'd-0',
  appendEvent: async () => {},
  recordFiller: async () => {},
  appendFillerEvent: async () => {},
  recordExecution: async () => {},
  remember: async () => {},
};

/** A journal that can be read and not written: what is written is gone at once. */
function readOnly(store: Store): Store {
  return { ...withoutWrites, ...journalReads(store) };
}

/** Opens a journal beside the keeper that may be writing it; an empty one where there is none yet. */
export async function openJournalToRead(journal: Plugged, tools: WorldTools): Promise<Store> {
  if (!journalExists(journal)) return emptyStore;
  const config = { ...(journal.config as object), readOnly: true };
  return readOnly(await openJournal({ kind: journal.kind, config }, tools));
}

/** The journal of somebody who has none yet. */
export const emptyStore: Store = readOnly({
  ...withoutWrites,
  unsettledOrders: async () => [],
  unsettledOrdersOfSigner: async () => [],
  openFillers: async () => [],
  orders: async () => [],
  order: async () => null,
  decisions: async () => [],
  decision: async () => null,
  executions: async (orderIds) => orderIds.map(() => null),
  recall: async () => undefined,
  vaults: async () => [],
  close: async () => {},
});

/** A world that decides and leaves no trace, with what it had to do without. */
export interface LookWorld extends OpenWorld {
  /** Why the keeper's rights could not be looked at; null where they could. */
  readonly withoutKeeper: string | null;
}

/**
 * The world of `plan`: the configured chain and journal, nothing written, nothing sent. The keeper's key is asked for its
 * address only, and not having it is no obstacle.
 */
export async function openLook(config: Config, tools: WorldTools): Promise<LookWorld> {
  const chain = await openConfiguredChain(config);
  const vaults = await openVaults(config, chain, tools);
  const keeper = await keeperAddress(config, tools);
  const store = await openJournalToRead(config.journal, tools);
  const known = 'address' in keeper ? keeper.address : null;
  return {
    mode: 'shadow',
    world: { ...commonPorts(tools), chain, store, relays: [withholdingRelay], signers: [] },
    vaults: vaults.map((vault) => ({ ...vault, keeper: vault.keeper ?? known })),
    withoutKeeper: 'address' in keeper ? null : keeper.why,
    close: async () => {
      chain.close();
      await store.close();
    },
  };
}

/** The address of the keeper's first key, or why there is none. */
export async function keeperAddress(
  config: Config,
  tools: WorldTools,
): Promise<{ readonly address: `0x${string}` } | { readonly why: string }> {
  try {
    const signer = await openSigner(configuredKeys(config)[0] ?? null, tools);
    return signer === null ? { why: 'the config names no signer' } : { address: signer.address };
  } catch (error) {
    if (error instanceof BallastError) return { why: error.message };
    throw error;
  }
}
