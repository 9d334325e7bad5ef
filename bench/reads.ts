/**
 * How much faster 100 and 1,000 reads are than viem's multicall, in the same run, on the same anvil, at the same block:
 * `npx tsx bench/reads.ts`. Both must give the same values. The node's own time, measured by posting the very request of
 * ours and leaving the answer as it is, bounds what anybody can reach end to end; beside it is what is left of both
 * without it: encoding and decoding.
 */
import { type Abi, createPublicClient, decodeFunctionResult, encodeFunctionResult, http } from 'viem';
import { erc20Abi } from '../abis/erc20.ts';
import { multicall3Abi } from '../abis/multicall3.ts';
import { uniswapV3PoolAbi } from '../abis/uniswapV3Pool.ts';
import { decodeAggregate3 } from '../src/adapters/chain/aggregateAnswer.ts';
import { functionCodec } from '../src/adapters/chain/codec.ts';
import { call } from '../src/adapters/chain/contract.ts';
import { openHttp } from '../src/adapters/chain/http.ts';
import { requestText } from '../src/adapters/chain/jsonRpc.ts';
import { encodeAggregate3, MULTICALL3 } from '../src/adapters/chain/multicall.ts';
import { openChain } from '../src/adapters/chain/openChain.ts';
import type { Call, Read } from '../src/core/read.ts';
import type { Address } from '../src/core/units.ts';
import { startDevnet } from '../src/devnet/index.ts';

/** How many reads at once, and the least ratio end to end, of which the node's own time is the same for both. */
const SIZES = [
  { reads: 100, endToEnd: 5 },
  { reads: 1_000, endToEnd: 6 },
];
const DECODE_TARGET = 8;
const MOST_WAIT_MS = 10_000;
const BESIDE_NODE_TARGET = 5;
/** Samples that do not count: the compiler warms up on them. */
const WARM_UP = 10;
const SAMPLES = 51;

const median = (samples: readonly number[]) =>
  [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)]!;
const numbered = (number: number): Address => `0x${(0x1000_0000 + number).toString(16).padStart(40, '0')}`;

async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

interface Compared {
  readonly ours: number;
  readonly theirs: number;
  /** What both wait for. */
  readonly node: number;
}

/** Samples of all in turns, so that whatever else the machine does meets all. */
async function compare(
  ours: () => unknown,
  theirs: () => unknown,
  node: () => unknown = () => undefined,
): Promise<Compared> {
  const works = { ours, theirs, node };
  const samples: Record<keyof Compared, number[]> = { ours: [], theirs: [], node: [] };
  for (let sample = -WARM_UP; sample < SAMPLES; sample++) {
    for (const [name, work] of Object.entries(works) as [keyof Compared, () => unknown][]) {
      const milliseconds = await timed(work);
      if (sample >= 0) samples[name].push(milliseconds);
    }
  }
  return { ours: median(samples.ours), theirs: median(samples.theirs), node: median(samples.node) };
}

function report(what: string, { ours, theirs }: Pick<Compared, 'ours' | 'theirs'>, target: number) {
  const ratio = theirs / ours;
  const cells = [what.padEnd(34), ours.toFixed(2).padStart(8), theirs.toFixed(2).padStart(9)];
  console.log(
    `${cells.join('')}${ratio.toFixed(1).padStart(8)}${String(target).padStart(9)}${ratio < target ? '  missed' : ''}`,
  );
  if (ratio < target) process.exitCode = 1;
}

interface Workload {
  readonly name: string;
  readonly abi: Abi;
  readonly address: Address;
  readonly functionName: string;
  readonly args: (index: number) => readonly unknown[];
  readonly read: (index: number) => Read<unknown>;
}

const devnet = await startDevnet();
try {
  const { weth, usdcWeth500 } = devnet.addresses;
  const workloads: readonly Workload[] = [
    {
      name: 'balanceOf',
      abi: erc20Abi,
      address: weth,
      functionName: 'balanceOf',
      args: (index) => [numbered(index)],
      read: (index) => call(erc20Abi, weth, 'balanceOf', [numbered(index)]),
    },
    {
      name: 'ticks (8 words)',
      abi: uniswapV3PoolAbi,
      address: usdcWeth500,
      functionName: 'ticks',
      args: (index) => [196_000 + index],
      read: (index) => call(uniswapV3PoolAbi, usdcWeth500, 'ticks', [196_000 + index]),
    },
  ];
  const chain = await openChain({ url: devnet.url });
  const wire = openHttp(devnet.url);
  const peer = createPublicClient({ transport: http(devnet.url) });
  const at = await chain.head();
  console.log(`${'ms, median'.padEnd(34)}    ours     viem   ratio   target`);
  for (const { size, workload } of SIZES.flatMap((size) =>
    workloads.map((workload) => ({ size, workload })),
  )) {
    const { name, abi, address, functionName, args, read } = workload;
    const indexes = Array.from({ length: size.reads }, (_, index) => index);
    const contracts = indexes.map((index) => ({ address, abi, functionName, args: args(index) }));
    const ours = () => chain.read(indexes.map(read), at);
    const theirs = () =>
      peer.multicall({
        contracts,
        batchSize: 0,
        blockNumber: at.number,
        multicallAddress: MULTICALL3,
        allowFailure: false,
      });
    const values = (await ours()).map((outcome) => (outcome.ok ? outcome.value : outcome.error));
    const expected = await theirs();
    if (String(values) !== String(expected)) throw new Error(`not the same values of ${name}`);
    const calls = indexes.flatMap((index) => read(index).next().value as readonly Call[]);
    const params = [
      { from: MULTICALL3, to: MULTICALL3, data: encodeAggregate3(calls) },
      { blockHash: at.hash, requireCanonical: true },
    ];
    const request = requestText(1, 'eth_call', params);
    const compared = await compare(ours, theirs, () => wire.post(request, MOST_WAIT_MS));
    report(`${size.reads} ${name}, on anvil`, compared, size.endToEnd);
    const { node } = compared;
    const beside = { ours: compared.ours - node, theirs: compared.theirs - node };
    report(`  without the node's ${node.toFixed(2)}`, beside, BESIDE_NODE_TARGET);
    report(
      '  decoding alone',
      await compareDecoding(abi, functionName, args(0).length, expected),
      DECODE_TARGET,
    );
  }
} finally {
  await devnet.stop();
}

/** One answer of Multicall3 with all results, decoded by both. */
function compareDecoding(abi: Abi, functionName: string, argumentCount: number, values: readonly unknown[]) {
  const result = values.map((value) => ({
    success: true,
    returnData: encodeFunctionResult({ abi, functionName, result: value }),
  }));
  const answer = encodeFunctionResult({ abi: multicall3Abi, functionName: 'aggregate3', result });
  const codec = functionCodec(abi, functionName, argumentCount);
  const body = Buffer.from(answer);
  const ours = () => decodeAggregate3(body, values.length).results.map(({ data }) => codec.decode(data));
  const theirs = () =>
    decodeFunctionResult({ abi: multicall3Abi, functionName: 'aggregate3', data: answer }).map(
      ({ returnData }) => decodeFunctionResult({ abi, functionName, data: returnData }),
    );
  if (String(ours()) !== String(theirs())) throw new Error(`not the same values of ${functionName}`);
  return compare(ours, theirs);
}
