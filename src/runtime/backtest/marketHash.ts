import { createHash, type Hash } from 'node:crypto';
import type { MarketPath } from '../../sim/market/marketPath.ts';

/** Adds every column of a market to a hash, by name. */
export function addMarket(hash: Hash, market: MarketPath): void {
  for (const [name, column] of Object.entries(market)) {
    hash.update(name);
    hash.update(
      ArrayBuffer.isView(column)
        ? new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
        : String(column),
    );
  }
}

/** SHA-256 of the data that a study runs over: prices, feed, volatilities, fees, depth and inclusion, cleaned and cut. */
export function dataHash(markets: readonly MarketPath[]): string {
  const hash = createHash('sha256');
  for (const market of markets) addMarket(hash, market);
  return hash.digest('hex');
}
