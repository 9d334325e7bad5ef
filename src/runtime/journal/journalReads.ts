import type { Store } from '../../ports/store.ts';

/** What of a journal changes nothing in it, and its closing. */
type JournalReads = Omit<
  Store,
  | 'recordDecision'
  | 'appendEvent'
  | 'recordFiller'
  | 'appendFillerEvent'
  | 'recordExecution'
  | 'remember'
  | 'recallMany'
>;

/** The reading half of a journal, for whoever puts another writing half beside it. */
export function journalReads(store: Store): JournalReads {
  return {
    unsettledOrders: (vault) => store.unsettledOrders(vault),
    unsettledOrdersOfSigner: (chainId, signer) => store.unsettledOrdersOfSigner(chainId, signer),
    openFillers: (chainId, signer) => store.openFillers(chainId, signer),
    orders: (vault, limit) => store.orders(vault, limit),
    order: (id) => store.order(id),
    decisions: (vault, limit) => store.decisions(vault, limit),
    decision: (id) => store.decision(id),
    ...(store.decisionHeads === undefined
      ? {}
      : { decisionHeads: (vault, page) => store.decisionHeads!(vault, page) }),
    ...(store.decisionCounts === undefined
      ? {}
      : { decisionCounts: (vault) => store.decisionCounts!(vault) }),
    executions: (orderIds) => store.executions(orderIds),
    recall: (vault, key) => store.recall(vault, key),
    vaults: () => store.vaults(),
    close: () => store.close(),
  };
}
