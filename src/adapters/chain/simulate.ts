import type { Abi } from 'viem';
import { hedgeModuleAbi } from '../../../abis/hedgeModule.ts';
import { optionVaultAbi } from '../../../abis/optionVault.ts';
import { rolesAbi } from '../../../abis/roles.ts';
import type { BlockFacts } from '../../core/snapshot.ts';
import type { Simulation, TransactionIntent } from '../../ports/chain.ts';
import type { Endpoint } from './endpoint.ts';
import { RpcError } from './errors.ts';
import { reasonOf } from './reverts.ts';
import { isRevert, pinned, requireCanonical } from './round.ts';
import { bytesOf, quantityOf } from './wire.ts';

/** Contracts whose custom errors are told in words. */
const knownAbis: readonly Abi[] = [hedgeModuleAbi, rolesAbi, optionVaultAbi];

/**
 * What a transaction would do on top of a block: its return data, and the gas that it would have to be given there
 * (more than it uses, since a call inside may keep only 63/64 of what is left). Both are told at the block's own time:
 * in the next block a pool also notes its last price (about 6,000 gas, measured), so a gas limit needs a margin.
 *
 * @throws BlockGoneError when the block was reorged out
 * @throws ChainUnavailableError when the node does not answer
 */
export async function simulate(
  endpoint: Endpoint,
  { from, to, data, valueWei }: TransactionIntent,
  at: BlockFacts,
): Promise<Simulation> {
  const params = [{ from, to, data, value: `0x${valueWei.toString(16)}` }, pinned(at.hash)];
  try {
    const [returned, gas] = await Promise.all([
      endpoint.request('eth_call', params),
      endpoint.request('eth_estimateGas', params),
    ]);
    return {
      ok: true,
      gasUsed: quantityOf('eth_estimateGas', gas),
      returnData: bytesOf('eth_call', returned),
    };
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const revertData = error.data ?? '0x';
    if (isRevert(error)) return { ok: false, reason: reasonOf(revertData, knownAbis), data: revertData };
    await requireCanonical({ endpoint, at }, error);
    return { ok: false, reason: String(error.facts.detail), data: revertData };
  }
}
