import { decodeEventLog } from 'viem';
import { hedgeModuleAbi } from '../../../abis/hedgeModule.ts';
import { type Address, type Hash, type Hex, sameAddress } from '../../core/units.ts';
import type { Stage } from './stage.ts';

/** A hedge as the chain's log tells it. */
export interface HedgeEvent {
  readonly vault: string;
  readonly sequence: bigint;
  readonly transactionHash: Hash;
  readonly side: 'sell' | 'buy';
  readonly baseRaw: bigint;
  readonly quoteRaw: bigint;
}

interface Log {
  readonly topics: [Hex, ...Hex[]];
  readonly data: Hex;
  readonly transactionHash: Hash;
}

/**
 * Hedges of a stage's vaults from a block on, in the order of the chain.
 *
 * @throws DevnetError when the node does not answer
 */
export async function hedgesOf(
  { node, accounts }: Pick<Stage, 'node' | 'accounts'>,
  fromBlock: bigint,
): Promise<readonly HedgeEvent[]> {
  const modules = [...new Set(accounts.map(({ module }) => module.toLowerCase() as Address))];
  const logs = await node.request<readonly Log[]>('eth_getLogs', [
    { address: modules, fromBlock, toBlock: 'latest' },
  ]);
  return logs.flatMap(({ topics, data, transactionHash }) => {
    const event = decodeEventLog({ abi: hedgeModuleAbi, topics, data });
    if (event.eventName !== 'Hedged') return [];
    const { avatar, sequence, sellBase, baseFilled: baseRaw, quoteFilled: quoteRaw } = event.args;
    const side = sellBase ? ('sell' as const) : ('buy' as const);
    return accounts
      .filter(({ account }) => sameAddress(account, avatar))
      .map(({ vault }) => ({ vault, sequence, transactionHash, side, baseRaw, quoteRaw }));
  });
}
