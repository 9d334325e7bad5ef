import { usableOracle } from '../../core/risk/oracle.ts';
import type { TickResult } from '../../engine/tick.ts';
import { shareOfLevel } from '../status.ts';
import type { Exporter } from './exporter.ts';
import { haltCodes } from './labels.ts';

/** What a look at one vault showed; what it could not show has no sample until it can again. */
export function sampleVault(
  exporter: Exporter,
  { vault, decision, snapshot, open }: TickResult,
  nowSeconds: number,
): void {
  const { exposure, netDelta, band, spot } = decision.numbers;
  const set = (name: string, value: number | null | undefined) =>
    exporter.set(`ballast_${name}`, { vault }, value ?? null);
  set('decision_timestamp_seconds', nowSeconds);
  for (const code of haltCodes) {
    const isHalted = decision.kind === 'halt' && decision.code === code;
    exporter.set('ballast_halted', { vault, code }, isHalted ? 1 : 0);
  }
  set('net_delta_base', netDelta);
  set('gamma_base_per_quote', exposure?.gamma);
  set('vega_quote', exposure?.vega);
  set('theta_quote_per_year', exposure?.theta);
  set('vault_value_quote', exposure?.valueQuote);
  set('spot_quote', spot);
  for (const side of ['sell', 'buy'] as const) {
    exporter.set('ballast_band_act_base', { vault, side }, band?.[side].act ?? null);
    exporter.set('ballast_band_target_base', { vault, side }, band?.[side].target ?? null);
  }
  set('band_used_ratio', band === null || netDelta === null ? null : shareOfLevel(band, netDelta));
  set('orders_open', open.length);
  const decidedAt = open.map(({ record }) => record.decidedAtSeconds);
  set('order_oldest_timestamp_seconds', decidedAt.length === 0 ? 0 : Math.min(...decidedAt));
  if (snapshot === null) return;
  const { turnoverAvailableRaw, turnoverCapacityRaw } = snapshot.chain.guard;
  const hasCapacity = turnoverCapacityRaw !== undefined && turnoverCapacityRaw > 0n;
  set(
    'turnover_available_ratio',
    hasCapacity ? Number(turnoverAvailableRaw) / Number(turnoverCapacityRaw) : null,
  );
  const oracle = usableOracle(snapshot);
  const newest = snapshot.chain.prices
    .filter(({ fault }) => fault === null)
    .map((one) => one.updatedAtSeconds);
  const updated = 'code' in oracle ? Math.max(...newest) : oracle.updatedAtSeconds;
  if (Number.isFinite(updated)) set('oracle_update_timestamp_seconds', updated);
}
