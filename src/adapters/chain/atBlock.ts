import type { BlockFacts } from '../../core/snapshot.ts';
import type { Address } from '../../core/units.ts';
import { type Endpoint, priorities } from './endpoint.ts';
import { RpcError } from './errors.ts';
import { pinned, requireCanonical } from './round.ts';

/**
 * A fact of an account at one block hash.
 *
 * @throws BlockGoneError when the block was reorged out
 * @throws ChainUnavailableError when the node does not answer
 */
export async function atBlock(
  endpoint: Endpoint,
  method: 'eth_getTransactionCount' | 'eth_getBalance' | 'eth_getCode',
  account: Address,
  at: BlockFacts,
  priority: number = priorities.asking,
): Promise<unknown> {
  try {
    return await endpoint.request(method, [account, pinned(at.hash)], { priority });
  } catch (error) {
    if (error instanceof RpcError) await requireCanonical({ endpoint, at }, error);
    throw error;
  }
}
