import type { VaultSetup } from '../../engine/world.ts';
import type { Build } from '../build.ts';
import type { Config } from '../config/schema.ts';
import type { Exporter } from './exporter.ts';
import {
  decisionLabels,
  haltCodes,
  orderOutcomes,
  relayAnswers,
  rpcErrorCodes,
  rpcMethods,
  stages,
  UNATTRIBUTED,
} from './labels.ts';

/** What is known of a keeper before it looks for the first time. */
export interface KeeperFacts {
  readonly build: Build;
  readonly mode: 'live' | 'shadow' | 'fork';
  readonly chainId: number;
  readonly vaults: readonly VaultSetup[];
  readonly relays: readonly string[];
  readonly endpoints: readonly string[];
  /** Names of keys, in the config's order. */
  readonly signers: readonly string[];
  readonly channels: readonly string[];
}

/** The closed sets of labels, as a config has them. */
export function keeperFacts(
  config: Config,
  { mode, vaults }: Pick<KeeperFacts, 'mode' | 'vaults'>,
  build: Build,
): KeeperFacts {
  const keys = (config.signer === null ? 0 : 1) + config.signers.length;
  return {
    build,
    mode,
    chainId: config.chain.id,
    vaults,
    relays: mode === 'shadow' ? ['shadow'] : Object.keys(config.relays),
    endpoints: config.chain.endpoints.map(({ name }) => name),
    signers: mode === 'shadow' ? [] : Array.from({ length: keys }, (_, index) => signerAlias(index)),
    channels: config.alerts.map(({ name }) => name),
  };
}

/** How a key is called where its address may not stand: by its place in the config, from 1. */
export function signerAlias(index: number): string {
  return `key${index + 1}`;
}

/** Makes every combination of labels exist, at 0 where it counts something. */
export function declareAll(exporter: Exporter, facts: KeeperFacts): void {
  const { build, mode, vaults } = facts;
  const chain = String(facts.chainId);
  const { version, fingerprint } = build;
  exporter.set('ballast_build_info', { version, commit: fingerprint }, 1);
  for (const one of ['live', 'shadow', 'fork'])
    exporter.set('ballast_mode', { mode: one }, one === mode ? 1 : 0);
  for (const vault of vaults) declareVault(exporter, vault, chain);
  for (const relay of facts.relays) {
    for (const answer of relayAnswers) exporter.add('ballast_relay_submissions_total', { relay, answer }, 0);
  }
  for (const relay of [...facts.relays, UNATTRIBUTED])
    exporter.observe('ballast_inclusion_delay_blocks', { chain, relay }, null);
  for (const stage of stages) exporter.observe('ballast_tick_duration_seconds', { stage }, null);
  for (const endpoint of facts.endpoints) {
    for (const method of rpcMethods)
      exporter.observe('ballast_rpc_request_duration_seconds', { endpoint, method }, null);
    for (const code of rpcErrorCodes) exporter.add('ballast_rpc_errors_total', { endpoint, code }, 0);
  }
  exporter.observe('ballast_journal_write_duration_seconds', {}, null);
  exporter.set('ballast_journal_lag_seconds', {}, 0);
  for (const channel of facts.channels) exporter.add('ballast_alert_failures_total', { channel }, 0);
}

function declareVault(exporter: Exporter, { terms, policy }: VaultSetup, chain: string): void {
  const { name: vault, base, quote } = terms;
  const info = { vault, chain, base: base.symbol, quote: quote.symbol, policy: policy.kind };
  exporter.set('ballast_vault_info', info, 1);
  exporter.set('ballast_armed', { vault }, 0);
  for (const code of haltCodes) exporter.set('ballast_halted', { vault, code }, 0);
  for (const { kind, code } of decisionLabels)
    exporter.add('ballast_decisions_total', { vault, kind, code }, 0);
  for (const side of ['sell', 'buy']) {
    exporter.add('ballast_hedges_total', { vault, side }, 0);
    exporter.add('ballast_hedged_base_total', { vault, side }, 0);
  }
  for (const outcome of orderOutcomes) exporter.add('ballast_orders_total', { vault, outcome }, 0);
  for (const total of ['hedge_fees_quote_total', 'gas_cost_quote_total', 'gas_used_total'])
    exporter.add(`ballast_${total}`, { vault }, 0);
  exporter.add('ballast_execution_cost_quote', { vault }, 0);
  exporter.set('ballast_orders_open', { vault }, 0);
  exporter.set('ballast_order_oldest_timestamp_seconds', { vault }, 0);
}
