import { parseAbi } from 'viem';
import type { Read } from '../../core/read.ts';
import type { SequencerState } from '../../core/risk/breakers/readBreakers.ts';
import type { BlockFacts } from '../../core/snapshot.ts';
import type { Address } from '../../core/units.ts';
import { call } from './contract.ts';

const uptimeAbi = parseAbi([
  'function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)',
]);

/**
 * What a Chainlink L2 uptime feed says: 0 for up and 1 for down, and since when. A round that has not begun, as on a chain
 * that has only just got its feed, counts as down.
 *
 * @returns a read of the sequencer's state at a block
 */
export function sequencerReader({
  feed,
  graceSeconds,
}: {
  readonly feed: Address;
  readonly graceSeconds: number;
}): (block: BlockFacts) => Read<SequencerState> {
  return function* read({ timestampSeconds }) {
    const [, answer, startedAt] = yield* call(uptimeAbi, feed, 'latestRoundData', []);
    const isUp = answer === 0n && startedAt > 0n;
    return { isUp, sinceSeconds: Math.max(0, timestampSeconds - Number(startedAt)), graceSeconds };
  };
}
