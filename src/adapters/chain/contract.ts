import type { Abi, ContractFunctionArgs, ContractFunctionName, ContractFunctionReturnType } from 'viem';
import type { Call, CallResult, Read } from '../../core/read.ts';
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
  const [value] = yield* callEach(abi, functionName, [{ to: address, args }]);
  return value as ContractFunctionReturnType<A, Views, N, Args>;
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
  const { codec, callOf } = viewOf(abi, functionName, args as readonly unknown[]);
  const [result] = yield [callOf(address, args as readonly unknown[])];
  if (!result!.ok) return null;
  return madeOnce(
    result!,
    codec,
    () => decode(codec, address, functionName, result!) as ContractFunctionReturnType<A, Views, N, Args>,
  );
}

/** One of many calls of the same function. */
export interface Asked<Args> {
  readonly to: Address;
  readonly args: Args;
}

/**
 * Many calls of one view as a read of one round, no round where there are none: as so many {@link call} side by side, at a
 * fraction of what running each of them takes.
 *
 * @param make what is wanted of each value, made once as long as the answer stays the same: it depends on the value alone,
 *   and is the same function on every call
 * @throws as {@link call}, for the first that fails
 */
export function* callEach<
  const A extends Abi,
  N extends ContractFunctionName<A, Views>,
  const Args extends ContractFunctionArgs<A, Views, N>,
  T = ContractFunctionReturnType<A, Views, N, Args>,
>(
  abi: A,
  functionName: N,
  asked: readonly Asked<Args>[],
  make?: (value: ContractFunctionReturnType<A, Views, N, Args>) => T,
): Read<readonly T[]> {
  const [first] = asked;
  if (first === undefined) return [];
  const { codec, callOf } = viewOf(abi, functionName, first.args as readonly unknown[]);
  const results = yield asked.map(({ to, args }) => callOf(to, args as readonly unknown[]));
  return asked.map(({ to }, index) => {
    const result = results[index]!;
    if (!result.ok) throw new CallRevertedError(to, functionName, reasonOf(result.data, [abi]));
    return madeOnce(result, make ?? codec, () => {
      const value = decode(codec, to, functionName, result);
      return (make === undefined ? value : make(value as Parameters<typeof make>[0])) as T;
    });
  });
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

/** A function of an ABI that is asked again and again. */
interface View {
  readonly codec: FunctionCodec;
  /** The call with these arguments: the very object that it was last time. */
  readonly callOf: (to: Address, args: readonly unknown[]) => Call;
}

/** Views by ABI, name and number of arguments: preparing one costs more than using it. */
const views = new WeakMap<Abi, Map<string, View[]>>();

function viewOf(abi: Abi, functionName: string, args: readonly unknown[]): View {
  return views.get(abi)?.get(functionName)?.[args.length] ?? prepare(abi, functionName, args.length);
}

function prepare(abi: Abi, functionName: string, argumentCount: number): View {
  const codec = functionCodec(abi, functionName, argumentCount);
  const view = { codec, callOf: keptCalls(codec) };
  const ofAbi = views.get(abi) ?? new Map<string, View[]>();
  const ofName = ofAbi.get(functionName) ?? [];
  ofName[argumentCount] = view;
  views.set(abi, ofAbi.set(functionName, ofName));
  return view;
}

/** Calls of one function that are kept; when there were more, all are forgotten and kept anew. */
const MOST_CALLS = 20_000;

/**
 * Encodes each call of a function once: in steady state every block asks what the block before asked, and whoever compares
 * the rounds finds the same objects.
 */
function keptCalls({ encode }: FunctionCodec): View['callOf'] {
  const contracts = new Map<Address, Map<string, Call>>();
  let kept = 0;
  return (to, args) => {
    const name = nameOf(args);
    if (name === null) return { to, data: encode(args) };
    const known = contracts.get(to)?.get(name);
    if (known !== undefined) return known;
    const made = { to, data: encode(args) };
    if (kept >= MOST_CALLS) {
      contracts.clear();
      kept = 0;
    }
    const ofContract = contracts.get(to) ?? new Map<string, Call>();
    contracts.set(to, ofContract.set(name, made));
    kept += 1;
    return made;
  };
}

/** What tells arguments of one function from others; null where one of them is a list, a group or a text. */
function nameOf(args: readonly unknown[]): string | null {
  const isPlain = (value: unknown) =>
    typeof value === 'string' ? value.startsWith('0x') : typeof value !== 'object';
  return args.every(isPlain) ? args.join() : null;
}
