import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { PriceObservation } from '../../src/core/volatility/observations.ts';
import { sharedFolder } from './sharedData.ts';

/** The recorded hourly ETH closes, oldest first. */
export function ethHourlyCloses(): PriceObservation[] {
  const packed = readFileSync(join(sharedFolder, 'data/prices/eth_usd_hourly_close.csv.gz'));
  const [, ...lines] = gunzipSync(packed).toString('utf8').trim().split('\n');
  return lines.map((line) => {
    const [timestamp, close] = line.split(',');
    return { timestampSeconds: Number(timestamp), price: Number(close) };
  });
}
