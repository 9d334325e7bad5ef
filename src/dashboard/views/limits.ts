import { count, quote } from '../../core/report/numbers.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { toWhole } from '../../core/units.ts';
import type { VaultFacts } from '../source.ts';

type NamedValue = { readonly name: string; readonly value: string };

const inQuote = (value: number, unit: string) => `${quote(value)} ${unit}`;

/** Words and forms of the limits that people look for; what has none is shown under its own name. */
const WORDS: Readonly<
  Record<string, readonly [name: string, form: (value: number, unit: string) => string]>
> = {
  maxSlippageBps: ['slippage against the oracle', (value) => `${count(value)} bps`],
  quoteToleranceBps: ['slippage against the pools', (value) => `${count(value)} bps`],
  maxDivergenceBps: ['oracle from pools', (value) => `${count(value)} bps`],
  minTradeQuote: ['least trade', inQuote],
  maxTradeQuote: ['largest trade', inQuote],
  minFillBps: ['least fill', (value) => `${value / 100} %`],
  minSpacingSeconds: ['least time between hedges', (value) => `${count(value)} s`],
  maxGasQuote: ['gas of a hedge', inQuote],
  maxGasPerDayQuote: ['gas a day', inQuote],
  maxConsecutiveFailures: ['failures in a row', (value) => count(value)],
};

/**
 * The keeper's own limits, as the config has them.
 *
 * @param unit what the vault's quote is called
 */
export function configLimits(limits: Readonly<Record<string, unknown>>, unit: string): readonly NamedValue[] {
  return Object.entries(limits).flatMap(([key, value]) => {
    if (typeof value !== 'number') return [];
    const [name, form] = WORDS[key] ?? [key, String];
    return [{ name, value: form(value, unit) }];
  });
}

/** The same, and what the chain itself holds the keeper to at the newest block. */
export function limitRows(configured: VaultFacts | null, snapshot: Snapshot | null): readonly NamedValue[] {
  const own = configured === null ? [] : configLimits(configured.limits, configured.quote);
  return [...(snapshot === null ? [] : guardRows(snapshot)), ...own];
}

/** An amount beyond this is no limit: the guard counts in 256 bits. */
const ENDLESS_RAW = 10n ** 40n;

function guardRows({ chain: { guard }, vault, history }: Snapshot): readonly NamedValue[] {
  const amount = (raw: bigint, of: 'base' | 'quote') =>
    raw > ENDLESS_RAW ? 'no limit' : `${quote(toWhole(raw, vault[of].decimals))} ${vault[of].symbol}`;
  return [
    { name: 'module', value: guard.paused ? 'PAUSED' : guard.enabled ? 'enabled' : 'NOT ENABLED' },
    { name: 'keeper on chain', value: guard.keeperAllowed ? 'allowed' : 'NOT ALLOWED' },
    { name: 'slippage held on chain', value: `${count(guard.maxSlippageBps)} bps` },
    { name: 'turnover left', value: amount(guard.turnoverAvailableRaw, 'quote') },
    { name: 'least base', value: amount(guard.minBaseRaw, 'base') },
    { name: 'most base', value: amount(guard.maxBaseRaw, 'base') },
    { name: 'failed in a row', value: count(history.consecutiveFailures) },
  ];
}
