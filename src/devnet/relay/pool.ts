import type { Hash } from '../../core/units.ts';
import type { AnvilNode } from '../node.ts';
import { selectForBlock } from './blockSelection.ts';
import { readBlock } from './blocks.ts';
import type { EntryStore } from './entryStore.ts';
import type { PublicWatch } from './publicWatch.ts';
import { readTransaction } from './transaction.ts';
import type { BlockToBuild, MinedBlock, PrivatePool, SignedTransaction } from './types.ts';

/** The pool that builders take from, over what the relay holds. */
export function createPrivatePool(
  node: AnvilNode,
  store: EntryStore,
  watch: PublicWatch,
  chainId: number,
): PrivatePool {
  const choose = async (block: BlockToBuild): Promise<readonly SignedTransaction[]> => {
    const entries = store.candidates(block.number, block.timestampSeconds);
    if (entries.length === 0) return [];
    const preceding = await readAll(block, chainId);
    const newest = await readBlock(node, 'latest');
    return newest === null ? [] : selectForBlock(node, entries, preceding, block, newest.miner);
  };

  return {
    async takeForBlock(block) {
      await watch.closeBuilding([]);
      const chosen = await choose(block).catch(() => []);
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
