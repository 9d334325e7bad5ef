import { encodeAbiParameters, encodeFunctionData, parseAbi, parseAbiParameters } from 'viem';
import { devnetAggregatorBytecode } from '../../../abis/bytecode/devnetAggregator.ts';
import { devnetAggregatorAbi } from '../../../abis/devnetAggregator.ts';
import type { Address, Hex } from '../../core/units.ts';
import { ethUsdFeedRule, feedReports } from '../../devnet/index.ts';
import type { AnvilNode } from '../../devnet/node/node.ts';
import { executeAs } from './impersonate.ts';

/** What a Chainlink proxy tells of itself. */
const proxyAbi = parseAbi([
  'function aggregator() view returns (address)',
  'function decimals() view returns (uint8)',
  'function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)',
]);

/** The rounds of a phase are counted in the low bits of a proxy's round id. */
const ROUND_MASK = (1n << 64n) - 1n;

/** A feed whose answers can be dictated: its proxy is the real one, the aggregator behind it is not. */
export interface ForkFeed {
  readonly decimals: number;
  readonly aggregator: Address;
  /** Calldata that reports an answer, null while the real feed would not report yet: 0.5 % of deviation or an hour. */
  report(answer: bigint, atSeconds: number): Promise<Hex | null>;
}

/**
 * Puts an aggregator that takes answers in the place of the one behind a proxy, on a local fork; it goes on from the last
 * round and its answer.
 *
 * @throws DevnetError when there is no Chainlink proxy at that address
 */
export async function takeOverFeed(node: AnvilNode, proxy: Address, operator: Address): Promise<ForkFeed> {
  const aggregator = await node.read(proxy, proxyAbi, 'aggregator');
  const decimals = await node.read(proxy, proxyAbi, 'decimals');
  const [roundId, answer, , updatedAt] = await node.read(proxy, proxyAbi, 'latestRoundData');
  const argumentsOfCode = encodeAbiParameters(parseAbiParameters('uint8, string'), [decimals, 'fork']);
  const creation: Hex = `${devnetAggregatorBytecode}${argumentsOfCode.slice(2)}`;
  await node.request('anvil_setCode', [aggregator, creation]);
  const runtime = await node.request<Hex>('eth_call', [{ to: aggregator }, 'latest']);
  await node.request('anvil_setCode', [aggregator, runtime]);
  const call = (data: Hex) => executeAs(node, { from: operator, to: aggregator, data });
  const lastRound = Number(roundId & ROUND_MASK & 0xffff_ffffn);
  await call(
    encodeFunctionData({
      abi: devnetAggregatorAbi,
      functionName: 'configure',
      args: [decimals, 'fork', Math.max(0, lastRound - 1)],
    }),
  );
  const times = [answer, Number(updatedAt), Number(updatedAt)] as const;
  await call(encodeFunctionData({ abi: devnetAggregatorAbi, functionName: 'transmitAt', args: times }));
  return {
    decimals,
    aggregator,
    async report(wanted, atSeconds) {
      const [, last, , lastAt] = await node.read(proxy, proxyAbi, 'latestRoundData');
      const observed = { answer: wanted, timeSeconds: atSeconds };
      const reports = feedReports({ answer: last, timeSeconds: Number(lastAt) }, observed, ethUsdFeedRule);
      return reports
        ? encodeFunctionData({ abi: devnetAggregatorAbi, functionName: 'transmit', args: [wanted] })
        : null;
    },
  };
}
