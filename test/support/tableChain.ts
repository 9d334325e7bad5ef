import {
  type Abi,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type ContractFunctionReturnType,
  encodeFunctionData,
  encodeFunctionResult,
} from 'viem';
import type { Call, CallResult, Read } from '../../src/core/read.ts';
import type { Address, Hex } from '../../src/core/units.ts';

/** What running a read from a table took and gave. */
export interface TableRun<T> {
  readonly value: T;
  readonly rounds: number;
  readonly calls: number;
}

/**
 * A chain that is a table of answers: reads are run against it without a network. Answers are encoded by viem's general
 * encoder, so the decoders under test do not meet their own work.
 */
export class TableChain {
  readonly #answers = new Map<string, CallResult>();

  set<
    const A extends Abi,
    N extends ContractFunctionName<A, 'view' | 'pure'>,
    const Args extends ContractFunctionArgs<A, 'view' | 'pure', N>,
  >(
    abi: A,
    address: Address,
    functionName: N,
    args: Args,
    result: ContractFunctionReturnType<A, 'view' | 'pure', N, Args>,
  ): this {
    const data = encodeFunctionData({
      abi: abi as Abi,
      functionName: functionName as string,
      args: args as readonly unknown[],
    });
    const answer = encodeFunctionResult({ abi: abi as Abi, functionName, result: result as unknown });
    return this.setRaw({ to: address, data }, { ok: true, data: answer });
  }

  revert(abi: Abi, address: Address, functionName: string, args: readonly unknown[], data: Hex = '0x'): this {
    return this.setRaw(
      { to: address, data: encodeFunctionData({ abi, functionName, args }) },
      { ok: false, data },
    );
  }

  setRaw(call: Call, result: CallResult): this {
    this.#answers.set(keyOf(call), result);
    return this;
  }

  run<T>(read: Read<T>): TableRun<T> {
    let rounds = 0;
    let calls = 0;
    let step = read.next();
    while (!step.done) {
      if (step.value.length > 0) rounds += 1;
      calls += step.value.length;
      step = read.next(step.value.map((call) => this.#answer(call)));
    }
    return { value: step.value, rounds, calls };
  }

  #answer(call: Call): CallResult {
    const found = this.#answers.get(keyOf(call));
    if (!found) throw new Error(`the table has no answer for ${call.data} of ${call.to}`);
    return found;
  }
}

function keyOf({ to, data }: Call): string {
  return to.toLowerCase() + data.toLowerCase();
}
