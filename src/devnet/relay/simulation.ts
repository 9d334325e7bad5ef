import type { Address, Hex } from '../../core/units.ts';
import { sameAddress } from '../../core/units.ts';
import type { AnvilNode } from '../node/node.ts';
import { toQuantity } from './blocks.ts';
import type { SignedTransaction } from './types.ts';

/** The pseudo token under which eth_simulateV1 logs transfers of ETH when asked to trace them. */
const ETH_TRANSFER_LOGGER = `0x${'ee'.repeat(20)}`;

/** The block that transactions are simulated in. */
export interface SimulatedBlock {
  readonly number: bigint;
  readonly timestampSeconds: number;
  readonly baseFeePerGasWei: bigint;
  readonly producer: Address;
  /** State to start from. */
  readonly stateBlock: bigint | 'latest';
}

/** What one transaction did. */
export interface SimulatedTransaction {
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
  readonly returnData: Hex;
  /** ETH that it sent to the block's producer besides the tip, in wei. */
  readonly sentToProducerWei: bigint;
}

interface CallResult {
  readonly status: Hex;
  readonly gasUsed: Hex;
  readonly returnData: Hex;
  readonly logs?: readonly {
    readonly address: Address;
    readonly topics: readonly Hex[];
    readonly data: Hex;
  }[];
}

/**
 * Runs transactions one after the other in a block that does not exist yet. anvil checks gas and funds here, but neither
 * nonces nor base fee: those are for the caller.
 *
 * @throws DevnetError when the node does not answer, or when one of them could not be in a block at all
 */
export async function simulate(
  node: AnvilNode,
  transactions: readonly SignedTransaction[],
  block: SimulatedBlock,
): Promise<readonly SimulatedTransaction[]> {
  const request = {
    blockStateCalls: [
      {
        blockOverrides: {
          number: toQuantity(block.number),
          time: toQuantity(block.timestampSeconds),
          baseFeePerGas: toQuantity(block.baseFeePerGasWei),
          feeRecipient: block.producer,
        },
        calls: transactions.map(toCall),
      },
    ],
    validation: true,
    traceTransfers: true,
  };
  const state = block.stateBlock === 'latest' ? 'latest' : toQuantity(block.stateBlock);
  const [simulated] = (await node.request('eth_simulateV1', [request, state])) as [
    { calls: readonly CallResult[] },
  ];
  return simulated.calls.map((call) => ({
    succeeded: BigInt(call.status) === 1n,
    gasUsed: BigInt(call.gasUsed),
    returnData: call.returnData,
    sentToProducerWei: sentTo(block.producer, call),
  }));
}

function toCall(transaction: SignedTransaction): object {
  return {
    from: transaction.sender,
    to: transaction.to,
    nonce: toQuantity(transaction.nonce),
    gas: toQuantity(transaction.gasLimit),
    value: toQuantity(transaction.valueWei),
    input: transaction.data,
    maxFeePerGas: toQuantity(transaction.feeCapWei),
    maxPriorityFeePerGas: toQuantity(transaction.tipCapWei),
    accessList: transaction.accessList,
  };
}

function sentTo(producer: Address, call: CallResult): bigint {
  return (call.logs ?? [])
    .filter((log) => sameAddress(log.address, ETH_TRANSFER_LOGGER) && isTo(log.topics[2], producer))
    .reduce((sum, log) => sum + BigInt(log.data), 0n);
}

function isTo(topic: Hex | undefined, account: Address): boolean {
  return topic !== undefined && sameAddress(`0x${topic.slice(-40)}`, account);
}
