/** One metric as scrapers know it. */
export interface MetricDefinition {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds, of a histogram. */
  readonly buckets?: readonly number[];
}

const gauge = (name: string, help: string, ...labels: readonly string[]): MetricDefinition => ({
  name: `ballast_${name}`,
  type: 'gauge',
  help,
  labels,
});
const counter = (name: string, help: string, ...labels: readonly string[]): MetricDefinition => ({
  ...gauge(name, help, ...labels),
  type: 'counter',
});
const histogram = (
  name: string,
  help: string,
  buckets: readonly number[],
  ...labels: readonly string[]
): MetricDefinition => ({ ...gauge(name, help, ...labels), type: 'histogram', buckets });

/** From a hundredth of a second to half a minute. */
const seconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const writeSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5];

/**
 * Everything that is exported, and nothing else. Base units; labels from closed sets, never hashes, ids, addresses or free
 * text; timestamps rather than ages; ratios from 0 to 1.
 */
export const metricDefinitions = [
  gauge('build_info', 'always 1: which program this is', 'version', 'commit'),
  gauge('vault_info', 'always 1: what is kept neutral', 'vault', 'chain', 'base', 'quote', 'policy'),
  gauge('mode', '1 for the mode that the keeper runs in', 'mode'),
  gauge('armed', '1 where the vault may trade', 'vault'),
  gauge('halted', '1 for the reason that halts the vault now', 'vault', 'code'),
  gauge('decision_timestamp_seconds', 'when the vault was decided on last', 'vault'),
  counter('decisions_total', 'decisions in the journal', 'vault', 'kind', 'code'),
  gauge('net_delta_base', 'exposure delta less its target; above 0 = long', 'vault'),
  gauge('gamma_base_per_quote', 'change of delta per 1.00 quote of price', 'vault'),
  gauge('vega_quote', 'change of value per 1.00 of volatility', 'vault'),
  gauge('theta_quote_per_year', 'change of value with time alone', 'vault'),
  gauge('band_act_base', 'net delta beyond which the policy trades', 'vault', 'side'),
  gauge('band_target_base', 'net delta that the policy trades to', 'vault', 'side'),
  gauge(
    'band_used_ratio',
    'net delta as a share of the level at which the policy trades; 1 = at it',
    'vault',
  ),
  gauge('vault_value_quote', 'what the vault is worth', 'vault'),
  gauge('spot_quote', 'fair price of base', 'vault'),
  counter('hedges_total', 'hedges that filled and are final', 'vault', 'side'),
  counter('hedged_base_total', 'base that final hedges traded', 'vault', 'side'),
  counter('hedge_fees_quote_total', 'pool fees of final hedges, as planned for what filled', 'vault'),
  counter('gas_cost_quote_total', 'gas of final orders, at the price that they were decided at', 'vault'),
  gauge('execution_cost_quote', 'fair value less value received of final hedges, added up', 'vault'),
  counter('gas_used_total', 'gas units of final orders', 'vault'),
  gauge('turnover_available_ratio', 'share of the mandate’s turnover that can be traded now', 'vault'),
  gauge('orders_open', 'orders that may still execute', 'vault'),
  gauge('order_oldest_timestamp_seconds', 'when the oldest open order was decided; 0 where none is', 'vault'),
  counter('orders_total', 'orders that are settled for good', 'vault', 'outcome'),
  histogram(
    'inclusion_delay_blocks',
    'blocks from decision to fill; 1 = the very next',
    [1, 2, 3, 5, 10, 25],
    'chain',
    'relay',
  ),
  counter('relay_submissions_total', 'what relays answered when they were given an order', 'relay', 'answer'),
  histogram('tick_duration_seconds', 'how long a look took, and its parts', seconds, 'stage'),
  histogram('rpc_request_duration_seconds', 'how long a node took to answer', seconds, 'endpoint', 'method'),
  counter(
    'rpc_errors_total',
    'requests that a node did not answer, or answered with an error',
    'endpoint',
    'code',
  ),
  gauge('chain_head_timestamp_seconds', 'time of the newest block that was decided on', 'chain'),
  gauge('oracle_update_timestamp_seconds', 'when the price that bounds are taken from was updated', 'vault'),
  histogram(
    'journal_write_duration_seconds',
    'how long the journal took to hold something for good',
    writeSeconds,
  ),
  gauge('journal_lag_seconds', 'how long decisions have not been journaled; 0 where they are'),
  gauge('signer_balance_native', 'gas money of a key, whole native tokens', 'chain', 'signer'),
  counter('alert_failures_total', 'alerts that a channel did not take', 'channel'),
  counter('samples_omitted_total', 'values that were no finite number and were left out', 'metric'),
] as const satisfies readonly MetricDefinition[];
