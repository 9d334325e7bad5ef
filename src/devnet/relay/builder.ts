import { DevnetError } from '../errors.ts';
import type { AnvilNode } from '../node/node.ts';
import { readBlock, toQuantity } from './blocks.ts';
import type { MinedBlock, PrivatePool } from './types.ts';

/**
 * Mines one block with the private transactions that belong into it, sent to the node in the moment before. The node must
 * not mine by itself.
 *
 * @param timestampSeconds the block's time; the node's own where absent
 * @throws DevnetError when the node does not answer or does not mine
 */
export async function buildBlock(
  node: AnvilNode,
  pool: PrivatePool,
  timestampSeconds?: number,
): Promise<MinedBlock> {
  const latest = await readBlock(node, 'latest');
  const pending = await readBlock(node, 'pending');
  if (latest === null || pending === null) throw new DevnetError('the node has no newest block');
  const time = Math.max(timestampSeconds ?? pending.timestampSeconds, latest.timestampSeconds + 1);
  const raws = await pool.takeForBlock({
    number: latest.number + 1n,
    timestampSeconds: time,
    baseFeePerGasWei: pending.baseFeePerGasWei,
    gasLimit: pending.gasLimit,
  });
  for (const raw of raws) await send(node, raw);
  await node.request('evm_mine', [toQuantity(time)]);
  const mined = await readBlock(node, latest.number + 1n);
  if (mined === null) throw new DevnetError('evm_mine mined no block');
  await pool.onBlockMined(mined);
  return { number: mined.number, transactionHashes: mined.transactionHashes };
}

/** A transaction that the node does not take is simply not in the block. */
async function send(node: AnvilNode, raw: string): Promise<void> {
  try {
    await node.request('eth_sendRawTransaction', [raw]);
  } catch (error) {
    if (!(error instanceof DevnetError)) throw error;
  }
}

/** A loop that can be stopped. */
export interface Loop {
  /** Resolves when the last round is over. */
  stop(): Promise<void>;
}

/** Repeats work until stopped, the given time after the end of the round before; a round that fails ends nothing. */
export function repeat(everyMilliseconds: number, work: () => Promise<unknown>): Loop {
  let isStopped = false;
  let wake = () => {};
  const rounds = async () => {
    while (!isStopped) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, everyMilliseconds);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      if (!isStopped) await work().catch(() => {});
    }
  };
  const over = rounds();
  return {
    stop() {
      isStopped = true;
      wake();
      return over;
    },
  };
}
