import type { MarketPath } from '../../sim/market/marketPath.ts';
import { type TimedTrade, toxicityAlong } from '../../sim/market/toxicity.ts';
import { readNetSwaps } from './recordedInputs.ts';
import type { StudyAssumption, StudyFinding } from './study.ts';
import type { StudyConfig } from './studySchema.ts';

/**
 * Markets with the toxicity of recorded order flow, where a study names swaps: each minute counts as one trade of its net.
 *
 * @throws UsageError where a file cannot be read
 */
export async function withToxicity(
  markets: readonly MarketPath[],
  { toxicity }: StudyConfig,
): Promise<{
  readonly markets: readonly MarketPath[];
  readonly findings: readonly StudyFinding[];
  readonly assumptions: readonly StudyAssumption[];
}> {
  if (toxicity === undefined) return { markets, findings: [], assumptions: [] };
  const { files, bucketBase, bucketCount, baseIsToken0, baseDecimals } = toxicity;
  const { series, findings } = await readNetSwaps(files, baseIsToken0);
  const trades = series.timestampSeconds.map((timestampSeconds, index): TimedTrade => {
    const net = series.value[index]! / 10 ** baseDecimals;
    return { timestampSeconds, volume: Math.abs(net), side: net > 0 ? 'sell' : 'buy' };
  });
  const buckets = { bucketVolume: bucketBase, bucketCount };
  return {
    markets: markets.map((market) => ({
      ...market,
      toxicity: toxicityAlong(market.timestampSeconds, trades, buckets),
    })),
    findings,
    assumptions: [
      {
        part: 'toxicity',
        source: 'recorded',
        text: `${trades.length} minutes with swaps, ${bucketCount} buckets of ${bucketBase} base`,
        parameters: { bucketBase, bucketCount },
      },
    ],
  };
}
