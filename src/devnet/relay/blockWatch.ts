import type { Hash } from '../../core/units.ts';
import type { AnvilNode } from '../node/node.ts';
import { type NodeBlock, readBlock } from './blocks.ts';

/** Blocks that one look goes back, and that are remembered to tell a reorg. */
const MAX_BLOCKS_BACK = 64n;

/** Follows the chain, reorgs included. */
export interface BlockWatch {
  /** Height of the newest block seen; zero before the first look. */
  readonly height: bigint;
  /**
   * Every canonical block that was not seen before, oldest first; none at the first look.
   *
   * @throws DevnetError when the node does not answer
   */
  look(): Promise<readonly NodeBlock[]>;
}

/** A watch that has seen nothing yet. */
export function createBlockWatch(node: AnvilNode): BlockWatch {
  const seen = new Map<bigint, Hash>();
  let height = 0n;

  const remember = (block: NodeBlock) => {
    seen.set(block.number, block.hash);
    seen.delete(block.number - MAX_BLOCKS_BACK);
    height = block.number;
  };

  return {
    get height() {
      return height;
    },
    async look() {
      const isFirst = seen.size === 0;
      const fresh: NodeBlock[] = [];
      let block = await readBlock(node, 'latest');
      const newest = block?.number ?? 0n;
      while (
        block !== null &&
        seen.get(block.number) !== block.hash &&
        newest - block.number < MAX_BLOCKS_BACK
      ) {
        fresh.unshift(block);
        if (isFirst || block.number === 0n) break;
        block = await readBlock(node, block.number - 1n);
      }
      for (const each of fresh) remember(each);
      height = newest;
      return isFirst ? [] : fresh;
    },
  };
}
