import type { Store } from '../../ports/store.ts';
import type { Plugged } from '../config/kinds.ts';
import { emptyStore, journalExists, openJournalToRead, withoutWrites } from '../worlds/look.ts';
import type { WorldTools } from '../worlds/tools.ts';

/**
 * A journal to be read that may not be there yet: it is opened when somebody asks and it is, and is empty until then. Nothing is
 * written.
 */
export function lateJournal(
  journal: Plugged,
  tools: WorldTools,
): Store & Required<Pick<Store, 'decisionHeads'>> {
  let opening: Promise<Store> | null = null;
  const current = async (): Promise<Store> => {
    if (opening === null && !journalExists(journal)) return emptyStore;
    opening ??= openJournalToRead(journal, tools);
    try {
      return await opening;
    } catch (error) {
      // Asked again next time: a keeper may be in the midst of making it.
      opening = null;
      throw error;
    }
  };
  const reading: Store & Required<Pick<Store, 'decisionHeads'>> = {
    // Not the empty journal's reading half: a read that is forgotten here must not be answered by it.
    ...withoutWrites,
    unsettledOrders: async (vault) => (await current()).unsettledOrders(vault),
    unsettledOrdersOfSigner: async (chainId, signer) =>
      (await current()).unsettledOrdersOfSigner(chainId, signer),
    openFillers: async (chainId, signer) => (await current()).openFillers(chainId, signer),
    orders: async (vault, limit) => (await current()).orders(vault, limit),
    order: async (id) => (await current()).order(id),
    decisions: async (vault, limit) => (await current()).decisions(vault, limit),
    decision: async (id) => (await current()).decision(id),
    decisionHeads: async (vault, page) => {
      const store = await current();
      if (store.decisionHeads !== undefined) return store.decisionHeads(vault, page);
      if (page.before !== undefined) return [];
      const { after = 0 } = page;
      const newest = await store.decisions(vault, page.limit);
      const heads = newest.map(({ snapshot: _, ...head }) => ({ ...head, facts: null }));
      const newer = heads.filter(({ id }) => Number(id.slice(2)) > after);
      return page.after === undefined ? newer : newer.toReversed();
    },
    executions: async (orderIds) => (await current()).executions(orderIds),
    recall: async (vault, key) => (await current()).recall(vault, key),
    vaults: async () => (await current()).vaults(),
    close: async () => {
      await opening?.then((store) => store.close());
    },
  };
  return reading;
}
