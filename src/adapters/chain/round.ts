import { BlockGoneError, ChainUnavailableError } from '../../core/errors.ts';
import type { Call, CallResult } from '../../core/read.ts';
import type { BlockFacts } from '../../core/snapshot.ts';
import type { Address, Hash, Hex } from '../../core/units.ts';
import { type Endpoint, priorities } from './endpoint.ts';
import { MulticallMissingError, ReadRefusedError, RpcError } from './errors.ts';
import { JsonText } from './jsonRpc.ts';
import { encodedBytes } from './multicall.ts';
import type { RoundCodec } from './roundCodec.ts';
import { blockOf } from './wire.ts';
import { PREFIX_LENGTH } from './words.ts';

/** What an endpoint is asked to take in one `eth_call`. */
export interface BatchLimits {
  readonly calls: number;
  /** Calldata bytes. */
  readonly bytes: number;
}

/** Everything that asking one round needs. */
export interface RoundContext {
  readonly endpoint: Endpoint;
  readonly multicall: Address;
  readonly limits: BatchLimits;
  readonly at: BlockFacts;
  readonly codec: RoundCodec;
}

/** What came back for one call; an error where the node refuses this call whatever it is asked beside it. */
export type Answer = CallResult | ReadRefusedError;

/** A block by hash, refused by the node once a reorg took it out of the chain (EIP-1898). */
export function pinned(hash: Hash): { readonly blockHash: Hash; readonly requireCanonical: true } {
  return { blockHash: hash, requireCanonical: true };
}

/**
 * Asks for all calls of a round at one block, in parallel batches.
 *
 * @throws BlockGoneError when the block was reorged out
 * @throws ChainUnavailableError when the node does not answer
 * @throws MulticallMissingError when there is no Multicall3 at the block
 */
export async function askRound(context: RoundContext, calls: readonly Call[]): Promise<readonly Answer[]> {
  const batches = cut(calls, context.limits);
  // Following a signal costs a request about as much as sending it; a single batch has none beside it to call off.
  const [only] = batches;
  if (only !== undefined && batches.length === 1) return askBatch(context, only);
  const stop = new AbortController();
  try {
    return (await Promise.all(batches.map((batch) => askBatch(context, batch, stop.signal)))).flat();
  } catch (error) {
    stop.abort();
    throw error;
  }
}

/** Consecutive batches, each within the limits (a single call is a batch however large it is). */
export function cut(calls: readonly Call[], limits: BatchLimits): readonly (readonly Call[])[] {
  const batches: Call[][] = [];
  let batch: Call[] = [];
  let bytes = 0;
  for (const call of calls) {
    const size = encodedBytes(call);
    if (batch.length > 0 && (batch.length === limits.calls || bytes + size > limits.bytes)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(call);
    bytes += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** One batch in one `eth_call`; what the node refuses as too much is asked again in halves, at worst one by one. */
async function askBatch(
  context: RoundContext,
  calls: readonly Call[],
  stop?: AbortSignal,
): Promise<readonly Answer[]> {
  const [only] = calls;
  if (calls.length === 1 && only) return [await askAlone(context, only, stop)];
  let data: Buffer;
  try {
    data = await ethCall(context, aggregateParams(context, calls), stop);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    await requireCanonical(context, error);
    return askHalves(context, calls, stop);
  }
  if (data.length === PREFIX_LENGTH) throw new MulticallMissingError(context.multicall, context.at.number);
  return withoutDoubt(context, calls, context.codec.decode(calls, data), stop);
}

async function askHalves(
  context: RoundContext,
  calls: readonly Call[],
  stop?: AbortSignal,
): Promise<readonly Answer[]> {
  const middle = Math.ceil(calls.length / 2);
  const halves = [calls.slice(0, middle), calls.slice(middle)];
  return (await Promise.all(halves.map((half) => askBatch(context, half, stop)))).flat();
}

/**
 * A call that fails without data inside a batch may only have run out of the gas that its neighbours used up. It is
 * asked again in a smaller batch, in the end alone, until the failure is its own.
 */
async function withoutDoubt(
  context: RoundContext,
  calls: readonly Call[],
  results: readonly CallResult[],
  stop?: AbortSignal,
): Promise<readonly Answer[]> {
  const doubtful = results.flatMap((result, index) => (!result.ok && result.data === '0x' ? [index] : []));
  if (doubtful.length === 0) return results;
  const again = doubtful.map((index) => calls[index]!);
  const answers =
    doubtful.length === calls.length
      ? await askHalves(context, again, stop)
      : await askBatch(context, again, stop);
  const settled: Answer[] = [...results];
  for (const [position, index] of doubtful.entries()) settled[index] = answers[position]!;
  return settled;
}

/** One call without Multicall3 around it: here the node itself tells a revert from a refusal. */
async function askAlone(context: RoundContext, call: Call, stop?: AbortSignal): Promise<Answer> {
  try {
    const params = [{ from: context.multicall, to: call.to, data: call.data }, pinned(context.at.hash)];
    const data = await ethCall(context, params, stop);
    return { ok: true, data: data.toString('latin1') as Hex };
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    if (isRevert(error)) return { ok: false, data: error.data ?? '0x' };
    await requireCanonical(context, error);
    return new ReadRefusedError(call.to, call.data.slice(0, 10) as Hex, error);
  }
}

/** "Execution reverted" (geth, and anvil after it) and "VM execution error" (OpenEthereum, and Nethermind after it). */
const revertCodes: ReadonlySet<number> = new Set([3, -32015]);

/** Whether the contract itself refused. */
export function isRevert(error: RpcError): boolean {
  return (
    revertCodes.has(error.rpcCode) || error.data !== null || /revert|invalid.*opcode/i.test(error.message)
  );
}

/**
 * The sender is Multicall3 in every case, so that a call means the same alone and in a batch. The calldata is
 * hexadecimal, so it needs no escapes and goes into the text as it is.
 */
function aggregateParams({ multicall, at, codec }: RoundContext, calls: readonly Call[]): JsonText {
  const data = codec.encode(calls);
  const pin = JSON.stringify(pinned(at.hash));
  return new JsonText(`[{"from":"${multicall}","to":"${multicall}","data":"${data}"},${pin}]`);
}

/** `0x` and digits, ASCII. */
function ethCall(
  { endpoint }: RoundContext,
  params: readonly unknown[] | JsonText,
  signal?: AbortSignal,
): Promise<Buffer> {
  return endpoint.requestHex('eth_call', params, { priority: priorities.reading, ...(signal && { signal }) });
}

/** Nodes word a missing block in many ways, so the chain is asked whether the block is still in it. */
export async function requireCanonical(
  { endpoint, at }: Pick<RoundContext, 'endpoint' | 'at'>,
  error: RpcError,
) {
  const number = `0x${at.number.toString(16)}`;
  const now = blockOf(await endpoint.request('eth_getBlockByNumber', [number, false]));
  if (now?.hash !== at.hash) throw new BlockGoneError(at.hash, { cause: error });
  if (error.rpcCode === blockNotFound) {
    throw new ChainUnavailableError(`it does not have the state of block ${at.number}`, { cause: error });
  }
}

/** "Resource not found" (EIP-1474): a node behind a balancer that has not seen the block yet, or pruned it. */
const blockNotFound = -32001;
