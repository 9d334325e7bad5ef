import { messageOf } from '../../core/errors.ts';
import type { Hash } from '../../core/units.ts';
import type { AnvilNode } from '../node/node.ts';
import { type Skip, selectForBlock } from './blockSelection.ts';
import { readBlock } from './blocks.ts';
import type { EntryStore } from './entryStore.ts';
import type { PublicWatch } from './publicWatch.ts';
import { readTransaction } from './transaction.ts';
import type { BlockToBuild, MinedBlock, PrivatePool, SignedTransaction, SkippedEntry } from './types.ts';

const MAX_SKIPS = 50;

/** A private pool that also says what it left out. */
export interface ExplainedPool extends PrivatePool {
  /** The last entries that were left out of a block, newest last. */
  readonly skips: readonly SkippedEntry[];
}

/** The pool that builders take from, over what the relay holds. */
export function createPrivatePool(
  node: AnvilNode,
  store: EntryStore,
  watch: PublicWatch,
  chainId: number,
): ExplainedPool {
  const skips: SkippedEntry[] = [];

  const note = (skipped: readonly Skip[], blockNumber: bigint) => {
    skips.push(...skipped.map(({ entry, reason }) => ({ hash: entry.hash, blockNumber, reason })));
    skips.splice(0, Math.max(0, skips.length - MAX_SKIPS));
  };

  const choose = async (block: BlockToBuild): Promise<readonly SignedTransaction[]> => {
    const entries = store.candidates(block.number, block.timestampSeconds);
    if (entries.length === 0) return [];
    try {
      const preceding = await readAll(block, chainId);
      const newest = await readBlock(node, 'latest');
      if (newest === null) return [];
      const { chosen, skipped } = await selectForBlock(node, entries, preceding, block, newest.miner);
      note(skipped, block.number);
      return chosen;
    } catch (error) {
      const reason = messageOf(error);
      note(
        entries.map((entry) => ({ entry, reason })),
        block.number,
      );
      return [];
    }
  };

  return {
    skips,
    async takeForBlock(block) {
      await watch.closeBuilding([]);
      const chosen = await choose(block);
      watch.openBuilding(
        block.number,
        chosen.map(({ hash }) => hash),
      );
      return chosen.map(({ raw }) => raw);
    },
    async onBlockMined(block: MinedBlock) {
      await watch.closeBuilding(block.transactionHashes);
      store.book(lowerCase(block));
    },
  };
}

async function readAll(block: BlockToBuild, chainId: number): Promise<readonly SignedTransaction[]> {
  const raws = block.precedingTransactions ?? [];
  return Promise.all(
    raws.map((raw, index) => readTransaction(raw, `precedingTransactions[${index}]`, chainId)),
  );
}

function lowerCase(block: MinedBlock): MinedBlock {
  return { ...block, transactionHashes: block.transactionHashes.map((hash) => hash.toLowerCase() as Hash) };
}
