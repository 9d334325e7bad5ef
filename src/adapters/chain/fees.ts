import type { Endpoint } from './endpoint.ts';
import { fieldsOf, listOf, quantityOf } from './wire.ts';

/** How a tip is chosen. */
export interface TipOptions {
  /** Percentile of the tips paid inside each block, by gas; 50 unless given. */
  readonly percentile?: number;
  /** Blocks looked at; 10 unless given. */
  readonly blocks?: number;
  /** Least tip, wei: relays drop transactions without one; 0.1 gwei unless given. */
  readonly floorWei?: bigint;
}

/**
 * The median over recent blocks of a percentile of the tips that they paid, at least the floor. Empty blocks report
 * zero and say nothing about the price of inclusion, so they are left out.
 *
 * @throws ChainUnavailableError when the node does not answer
 */
export async function suggestedTipWei(endpoint: Endpoint, options: TipOptions): Promise<bigint> {
  const { percentile = 50, blocks = 10, floorWei = 100_000_000n } = options;
  const params = [`0x${blocks.toString(16)}`, 'latest', [percentile]];
  const history = fieldsOf('eth_feeHistory', await endpoint.request('eth_feeHistory', params));
  // Without transactions there may be no rewards; an answer without its first block is no fee history.
  quantityOf('eth_feeHistory.oldestBlock', history.oldestBlock);
  const tips = listOf('eth_feeHistory.reward', history.reward ?? [])
    .map((rewards) => quantityOf('eth_feeHistory.reward', listOf('eth_feeHistory.reward', rewards)[0]))
    .filter((tip) => tip > 0n)
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const median = tips[Math.floor(tips.length / 2)] ?? 0n;
  return median > floorWei ? median : floorWei;
}

/**
 * Base fees of so many recent blocks, wei, the newest last. The node also tells the next block's, which is left out.
 *
 * @throws ChainUnavailableError when the node does not answer
 */
export async function recentBaseFeesWei(endpoint: Endpoint, blocks: number): Promise<readonly bigint[]> {
  const params = [`0x${blocks.toString(16)}`, 'latest', []];
  const history = fieldsOf('eth_feeHistory', await endpoint.request('eth_feeHistory', params));
  const fees = listOf('eth_feeHistory.baseFeePerGas', history.baseFeePerGas);
  return fees.slice(0, -1).map((fee) => quantityOf('eth_feeHistory.baseFeePerGas', fee));
}
