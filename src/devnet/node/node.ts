import {
  type Abi,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type ContractFunctionReturnType,
  decodeFunctionResult,
  type EncodeFunctionDataParameters,
  encodeFunctionData,
} from 'viem';
import type { Address, Hash, Hex } from '../../core/units.ts';
import { DevnetError } from '../errors.ts';

/** A call as anvil takes it from an account that it signs for. */
export interface NodeTransaction {
  readonly from: Address;
  readonly to: Address;
  readonly data?: Hex;
  readonly valueWei?: bigint;
  readonly gas?: bigint;
  readonly maxFeePerGasWei?: bigint;
  readonly nonce?: number;
}

/** What a transaction did, as far as the devnet asks. */
export interface NodeReceipt {
  readonly transactionHash: Hash;
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
}

/** JSON-RPC to a local anvil, with the few shapes that the devnet uses; every request is bounded in time. */
export class AnvilNode {
  readonly url: string;
  readonly #timeoutMs: number;
  #nextId = 1;

  constructor(url: string, timeoutMs = 30_000) {
    this.url = url;
    this.#timeoutMs = timeoutMs;
  }

  /** @throws DevnetError with the node's own message */
  async request<T>(method: string, params: readonly unknown[] = []): Promise<T> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: this.#nextId++, method, params }, bigintsAsHex);
    let answer: { result?: T; error?: { message: string; data?: unknown } };
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      answer = (await response.json()) as typeof answer;
    } catch (cause) {
      throw new DevnetError(`anvil did not answer ${method}`, {
        cause,
        retryable: true,
        facts: { url: this.url },
      });
    }
    if (answer.error !== undefined) {
      const data = typeof answer.error.data === 'string' ? answer.error.data : undefined;
      throw new DevnetError(`${method}: ${answer.error.message}`, { facts: { data } });
    }
    return answer.result as T;
  }

  /** Calls a view function on the newest block. */
  async read<
    const A extends Abi,
    N extends ContractFunctionName<A, 'view' | 'pure' | 'nonpayable' | 'payable'>,
  >(
    address: Address,
    abi: A,
    functionName: N,
    args?: ContractFunctionArgs<A, 'view' | 'pure' | 'nonpayable' | 'payable', N>,
  ): Promise<ContractFunctionReturnType<A, 'view' | 'pure' | 'nonpayable' | 'payable', N>> {
    const data = encodeFunctionData({ abi, functionName, args } as unknown as EncodeFunctionDataParameters);
    const result = await this.request<Hex>('eth_call', [{ to: address, data }, 'latest']);
    return decodeFunctionResult({
      abi: abi as Abi,
      functionName: functionName as string,
      data: result,
    }) as never;
  }

  /** Puts a transaction of an unlocked or impersonated account into the pool. */
  send(transaction: NodeTransaction): Promise<Hash> {
    return this.request<Hash>('eth_sendTransaction', [wireTransaction(transaction)]);
  }

  /** Null while it is in no block. */
  async receipt(hash: Hash): Promise<NodeReceipt | null> {
    const found = await this.request<{ status: Hex; gasUsed: Hex } | null>('eth_getTransactionReceipt', [
      hash,
    ]);
    if (found === null) return null;
    return { transactionHash: hash, succeeded: BigInt(found.status) === 1n, gasUsed: BigInt(found.gasUsed) };
  }

  /** The newest block. */
  async head(): Promise<{
    number: bigint;
    hash: Hash;
    timestampSeconds: number;
    baseFeeWei: bigint;
    gasLimit: bigint;
  }> {
    const block = await this.request<
      Record<'number' | 'hash' | 'timestamp' | 'baseFeePerGas' | 'gasLimit', Hex>
    >('eth_getBlockByNumber', ['latest', false]);
    return {
      number: BigInt(block.number),
      hash: block.hash,
      timestampSeconds: Number(block.timestamp),
      baseFeeWei: BigInt(block.baseFeePerGas),
      gasLimit: BigInt(block.gasLimit),
    };
  }
}

/** A transaction in JSON-RPC's own field names. */
function wireTransaction(transaction: NodeTransaction): Record<string, unknown> {
  const { from, to, data, valueWei, gas, maxFeePerGasWei, nonce } = transaction;
  return {
    from,
    to,
    data,
    value: valueWei,
    gas,
    maxFeePerGas: maxFeePerGasWei,
    maxPriorityFeePerGas: maxFeePerGasWei === undefined ? undefined : 1n,
    nonce: nonce === undefined ? undefined : BigInt(nonce),
  };
}

function bigintsAsHex(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `0x${value.toString(16)}` : value;
}
