import { messageOf } from '../../core/errors.ts';
import { havePassed } from '../../core/havePassed.ts';
import { toWhole } from '../../core/units.ts';
import type { TickResult } from '../../engine/tick.ts';
import type { VaultSetup, World } from '../../engine/world.ts';
import type { ObserveRequest } from '../configuredChain.ts';
import { createExporter, type Exporter } from './exporter.ts';
import { declareAll, type KeeperFacts, signerAlias } from './facts.ts';
import type { Readiness } from './handler.ts';
import { instrumentWorld, type JournalPulse } from './instrument.ts';
import { rpcErrorCodes, rpcMethods, within } from './labels.ts';
import { continueTotals } from './orderTotals.ts';
import { sampleVault } from './vaultSamples.ts';

const WEI_DECIMALS = 18;
/** Turns without a decision after which a keeper is not ready. */
const TURNS_OF_PATIENCE = 3;
/** A key's gas money is looked at no more often. */
const BALANCE_SECONDS = 30;

/** Everything that is measured of one keeper. */
export interface KeeperMetrics {
  readonly exporter: Exporter;
  /** For the chain adapter; to be given before the chain is opened. */
  readonly observeRequest: ObserveRequest;
  /** The world to run with, timed and counted. Resolves when totals stand where an earlier keeper left them. */
  attach(world: World, facts: KeeperFacts): Promise<World>;
  /** Takes in what a look showed, and what it took. */
  took(results: readonly TickResult[], seconds: number): void;
  /** Brings figures up to date that depend on the time of asking. */
  refresh(): void;
  readiness(): Readiness;
  /** Gas money of every key by its place in the config, wei; empty until it was looked at. */
  balancesWei(): readonly bigint[];
}

/**
 * @param turnSeconds expected time from one look to the next
 */
export function createKeeperMetrics(turnSeconds: number): KeeperMetrics {
  const exporter = createExporter();
  const pulse: JournalPulse = { failingSinceSeconds: null };
  const decidedAt = new Map<string, number>();
  let running: { readonly world: World; readonly facts: KeeperFacts } | null = null;
  let startedSeconds = 0;
  let balances: readonly bigint[] = [];
  let balancesAtSeconds = Number.NEGATIVE_INFINITY;

  const lookAtBalances = async ({ chain, signers }: World, head: NonNullable<TickResult['block']>) => {
    balances = await Promise.all(signers.map(({ address }) => chain.balanceWei(address, head)));
    balances.forEach((wei, index) => {
      const labels = { chain: String(chain.chainId), signer: signerAlias(index) };
      exporter.set('ballast_signer_balance_native', labels, toWhole(wei, WEI_DECIMALS));
    });
  };
  const permissions = (vaults: readonly VaultSetup[], { permission, signers }: World) => {
    for (const { terms } of vaults) {
      const mayTrade = signers.length > 0 && (permission?.refusal(terms.name) ?? null) === null;
      exporter.set('ballast_armed', { vault: terms.name }, mayTrade ? 1 : 0);
    }
  };
  return {
    exporter,
    observeRequest(endpoint, method, seconds, errorCode) {
      const labels = { endpoint, method: within(rpcMethods, method) };
      exporter.observe('ballast_rpc_request_duration_seconds', labels, seconds);
      if (errorCode === null) return;
      exporter.add('ballast_rpc_errors_total', { endpoint, code: within(rpcErrorCodes, errorCode) }, 1);
    },
    async attach(world, facts) {
      declareAll(exporter, facts);
      for (const setup of facts.vaults) await continueTotals(exporter, world.store, setup, facts.relays);
      running = { world, facts };
      startedSeconds = world.clock.nowSeconds();
      return instrumentWorld(exporter, world, facts.vaults, facts.relays, pulse);
    },
    took(results, seconds) {
      if (running === null) return;
      const { world, facts } = running;
      const now = world.clock.nowSeconds();
      exporter.observe('ballast_tick_duration_seconds', { stage: 'tick' }, seconds);
      for (const result of results) {
        sampleVault(exporter, result, now);
        if (result.decisionId !== null) decidedAt.set(result.vault, now);
      }
      const block = results.find((result) => result.block !== null)?.block ?? null;
      if (block === null) return;
      const chain = String(facts.chainId);
      exporter.set('ballast_chain_head_timestamp_seconds', { chain }, block.timestampSeconds);
      if (!havePassed(BALANCE_SECONDS, balancesAtSeconds, now)) return;
      balancesAtSeconds = now;
      void lookAtBalances(world, block).catch((error) =>
        world.log.debug({ error: messageOf(error) }, 'gas money was not looked at'),
      );
    },
    refresh() {
      if (running === null) return;
      const now = running.world.clock.nowSeconds();
      const { failingSinceSeconds } = pulse;
      exporter.set(
        'ballast_journal_lag_seconds',
        {},
        failingSinceSeconds === null ? 0 : now - failingSinceSeconds,
      );
      permissions(running.facts.vaults, running.world);
    },
    readiness() {
      if (running === null) return { isReady: false, reasons: ['starting'] };
      const now = running.world.clock.nowSeconds();
      const reasons = running.facts.vaults.flatMap(({ terms: { name } }) => {
        const at = decidedAt.get(name);
        if (at === undefined) return [`${name}: nothing decided in ${Math.round(now - startedSeconds)} s`];
        const age = now - at;
        return age > TURNS_OF_PATIENCE * turnSeconds ? [`${name}: decided ${Math.round(age)} s ago`] : [];
      });
      if (pulse.failingSinceSeconds !== null) reasons.push('the journal does not take what is decided');
      return { isReady: reasons.length === 0, reasons };
    },
    balancesWei: () => balances,
  };
}
