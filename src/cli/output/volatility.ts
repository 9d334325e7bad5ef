import { isUsableVolatility } from '../../core/risk/volatilitySource.ts';
import type { BlockFacts, ObservedFacts, VolatilityReading } from '../../core/snapshot.ts';
import { age, percent, UNKNOWN } from './numbers.ts';

const ADDRESS = /0x[0-9a-fA-F]{40}/g;

/** A text with the addresses in it as they are shown. */
export function withAddresses(text: string, shown: (address: string) => string): string {
  return text.replace(ADDRESS, shown);
}

/** `62.0 % ± 3.1 %`; the mark for "not known" where it cannot be used. */
export function volatilityNumber(reading: VolatilityReading, block: BlockFacts): string {
  if (!isUsableVolatility(reading, block)) return UNKNOWN;
  const { volatility, stdError } = reading;
  return stdError === undefined ? percent(volatility) : `${percent(volatility)} ± ${percent(stdError)}`;
}

/** The volatility that is priced with, where it comes from, how old it is, and what was passed over for it. */
export function volatilityWords(
  { volatility, volatilityPassedOver = [] }: ObservedFacts,
  block: BlockFacts,
  shown: (address: string) => string,
): string {
  const old = age(block.timestampSeconds - volatility.observedAtSeconds);
  const passedOver = volatilityPassedOver.map(({ source }) => source).join(', ');
  const words = `${volatilityNumber(volatility, block)}   ${volatility.source}, ${old} old`;
  return withAddresses(passedOver === '' ? words : `${words}; passed over: ${passedOver}`, shown);
}
