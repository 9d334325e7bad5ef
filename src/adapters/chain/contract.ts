import type { Abi, ContractFunctionArgs, ContractFunctionName, ContractFunctionReturnType } from 'viem';
import type { CallResult, Read } from '../../core/read.ts';
import type { Address } from '../../core/units.ts';
import { type FunctionCodec, functionCodec } from './codec.ts';
import { CallRevertedError, NoContractError } from './errors.ts';
import { reasonOf } from './reverts.ts';

type Views = 'view' | 'pure';

/**
 * One view call as a read of one round.
 *
 * @example const balance = yield* call(erc20Abi, token, 'balanceOf', [account]);
 * @throws CallRevertedError (in the read) when the contract refuses
 * @throws NoContractError when nothing answers at that address
 * @throws CorruptDataError when the answer is not what the ABI says
 */
export function* call<
  const A extends Abi,
  N extends ContractFunctionName<A, Views>,
  const Args extends ContractFunctionArgs<A, Views, N>,
>(
  abi: A,
  address: Address,
  functionName: N,
  args: Args,
): Read<ContractFunctionReturnType<A, Views, N, Args>> {
  const codec = codecOf(abi, functionName, args as readonly unknown[]);
  const [result] = yield [{ to: address, data: codec.encode(args as readonly unknown[]) }];
  if (!result!.ok) throw new CallRevertedError(address, functionName, reasonOf(result!.data, [abi]));
  return madeOnce(result!, codec, () =>
    decode(codec, address, functionName, result!),
  ) as ContractFunctionReturnType<A, Views, N, Args>;
}

/**
 * As {@link call}, null where the contract reverts: for views that revert as an ordinary answer, such as the owner of a
 * token that was burnt.
 */
export function* tryCall<
  const A extends Abi,
  N extends ContractFunctionName<A, Views>,
  const Args extends ContractFunctionArgs<A, Views, N>,
>(
  abi: A,
  address: Address,
  functionName: N,
  args: Args,
): Read<ContractFunctionReturnType<A, Views, N, Args> | null> {
  const codec = codecOf(abi, functionName, args as readonly unknown[]);
  const [result] = yield [{ to: address, data: codec.encode(args as readonly unknown[]) }];
  if (!result!.ok) return null;
  return decode(codec, address, functionName, result!) as ContractFunctionReturnType<A, Views, N, Args>;
}

/**
 * As {@link call}, and what `make` makes of the value: made once as long as the answer stays the same.
 *
 * @param make depends on the value alone, and is the same function on every call
 */
export function* callInto<
  const A extends Abi,
  N extends ContractFunctionName<A, Views>,
  const Args extends ContractFunctionArgs<A, Views, N>,
  T,
>(
  abi: A,
  address: Address,
  functionName: N,
  args: Args,
  make: (value: ContractFunctionReturnType<A, Views, N, Args>) => T,
): Read<T> {
  const codec = codecOf(abi, functionName, args as readonly unknown[]);
  const [result] = yield [{ to: address, data: codec.encode(args as readonly unknown[]) }];
  if (!result!.ok) throw new CallRevertedError(address, functionName, reasonOf(result!.data, [abi]));
  const decoded = () =>
    decode(codec, address, functionName, result!) as ContractFunctionReturnType<A, Views, N, Args>;
  return madeOnce(result!, make, () => make(decoded()));
}

/** What was last made of an answer, and what made it; an answer that stays the same stays the same object. */
const madeOf = new WeakMap<CallResult, { readonly by: object; readonly value: unknown }>();

function madeOnce<T>(result: CallResult, by: object, make: () => T): T {
  const known = madeOf.get(result);
  if (known?.by === by) return known.value as T;
  const value = make();
  madeOf.set(result, { by, value });
  return value;
}

function decode(codec: FunctionCodec, address: Address, functionName: string, result: CallResult): unknown {
  if (result.data === '0x') throw new NoContractError(address, functionName);
  return codec.decode(result.data);
}

/** Codecs by ABI, name and number of arguments: preparing one costs more than using it. */
const codecs = new WeakMap<Abi, Map<string, FunctionCodec[]>>();

function codecOf(abi: Abi, functionName: string, args: readonly unknown[]): FunctionCodec {
  return codecs.get(abi)?.get(functionName)?.[args.length] ?? prepare(abi, functionName, args.length);
}

function prepare(abi: Abi, functionName: string, argumentCount: number): FunctionCodec {
  const codec = functionCodec(abi, functionName, argumentCount);
  const ofAbi = codecs.get(abi) ?? new Map<string, FunctionCodec[]>();
  const ofName = ofAbi.get(functionName) ?? [];
  ofName[argumentCount] = codec;
  codecs.set(abi, ofAbi.set(functionName, ofName));
  return codec;
}
