import type { Abi, ContractFunctionArgs, ContractFunctionName, EncodeFunctionDataParameters } from 'viem';
import { encodeFunctionData } from 'viem';
import type { Address, Hash, Hex } from '../../core/units.ts';
import { DevnetError } from '../errors.ts';
import type { AnvilNode } from './node.ts';

/** One call of a contract, from whomever sends it. */
export interface Call {
  /** For error messages. */
  readonly label: string;
  readonly to: Address;
  readonly data: Hex;
  readonly valueWei?: bigint;
}

type Mutating = 'nonpayable' | 'payable';

/** Encodes a call of a contract's function. */
export function callOf<const A extends Abi, N extends ContractFunctionName<A, Mutating>>(
  to: Address,
  abi: A,
  functionName: N,
  args: ContractFunctionArgs<A, Mutating, N>,
  valueWei?: bigint,
): Call {
  const data = encodeFunctionData({ abi, functionName, args } as unknown as EncodeFunctionDataParameters);
  return { label: functionName, to, data, ...(valueWei === undefined ? {} : { valueWei }) };
}

/** Plenty for any call of the set-up, and six of them fit into a block. */
const DEFAULT_GAS = 10_000_000n;

/** Calls that are under way from one account that anvil signs for. */
export interface SentCalls {
  /** @throws DevnetError when one was not mined or reverted, naming it */
  confirm(): Promise<readonly Hash[]>;
}

/** Puts calls of an unlocked account into the pool, in order; they still have to be mined. */
export async function sendCalls(
  node: AnvilNode,
  from: Address,
  calls: readonly Call[],
  gas = DEFAULT_GAS,
): Promise<SentCalls> {
  const firstNonce = Number(await node.request<Hex>('eth_getTransactionCount', [from, 'pending']));
  const hashes: Hash[] = [];
  for (const [index, { to, data, valueWei }] of calls.entries()) {
    const transaction = { from, to, data, gas, nonce: firstNonce + index };
    hashes.push(await node.send(valueWei === undefined ? transaction : { ...transaction, valueWei }));
  }
  return {
    async confirm() {
      const receipts = await Promise.all(hashes.map((hash) => node.receipt(hash)));
      for (const [index, receipt] of receipts.entries()) {
        const { label, to } = calls[index]!;
        if (receipt === null) throw new DevnetError(`${label} was not mined`, { facts: { to } });
        if (!receipt.succeeded) {
          throw new DevnetError(`${label} reverted`, {
            facts: { to, reason: await revertReason(node, hashes[index]!) },
          });
        }
      }
      return hashes;
    },
  };
}

/** Why a mined transaction reverted, as its trace tells; null where it does not. */
async function revertReason(node: AnvilNode, hash: Hash): Promise<string | null> {
  const trace = await node
    .request<{ revertReason?: string; output?: string; error?: string }>('debug_traceTransaction', [
      hash,
      { tracer: 'callTracer' },
    ])
    .catch(() => null);
  return trace?.revertReason ?? trace?.output ?? trace?.error ?? null;
}
