import { keccak256 } from 'viem';
import { type OpenedChain, openChain } from '../../adapters/chain/index.ts';
import { sameAddress } from '../../core/units.ts';
import { emptyNotes } from '../../engine/notes.ts';
import { defaultRelayPolicy, guardRelay, type RelayPolicy } from '../../engine/relay/relayGuard.ts';
import type { VaultSetup, World } from '../../engine/world.ts';
import type { Chain } from '../../ports/chain.ts';
import type { Relay } from '../../ports/relay.ts';
import type { Signer } from '../../ports/signer.ts';
import type { Store } from '../../ports/store.ts';
import { plugin, readVaultSetup } from '../bind.ts';
import { openCalendar } from '../calendar/openCalendar.ts';
import type { Plugged } from '../config/kinds.ts';
import type { RelayGuardConfig } from '../config/parts.ts';
import type { Config } from '../config/schema.ts';
import { type ChainAsking, chainOptions } from '../configuredChain.ts';
import { documentLoader } from '../documentLoader.ts';
import { UsageError } from '../errors.ts';
import { alertsToLog, noMetrics, type WorldTools } from './tools.ts';

/** Opens the chain that a config names. @throws WrongChainError, ChainUnavailableError */
export function openConfiguredChain(config: Config, asking: ChainAsking = {}): Promise<OpenedChain> {
  return openChain(chainOptions(config.chain, asking));
}

/** Opens a journal to be written into. @throws JournalError */
export function openJournal(journal: Plugged, { registry }: WorldTools): Promise<Store> {
  return plugin(registry.stores, journal).open(journal.config);
}

/** Null where the config names no key. */
export async function openSigner(
  signer: Plugged | null,
  { registry, secrets, fetch }: WorldTools,
): Promise<Signer | null> {
  return signer && plugin(registry.signers, signer).open(signer.config, secrets, fetch);
}

/** What the config says of a relay, in the terms of its guard; a tenth of a minute's worth may come at once. */
export function relayPolicyOf({ timeoutSeconds, retries, perMinute }: RelayGuardConfig): RelayPolicy {
  const { retry, breaker } = defaultRelayPolicy;
  const burst = Math.max(1, Math.ceil(perMinute / 10));
  return { timeoutSeconds, retry: { ...retry, retries }, rateLimit: { perMinute, burst }, breaker };
}

/**
 * Every relay of the config, under its name there and behind its guard, sharing one identity.
 *
 * @param known the config's identity where it is open already
 */
export async function openRelays(
  config: Config,
  tools: WorldTools,
  known: Signer | null = null,
): Promise<readonly Relay[]> {
  const identity = known ?? (await openSigner(config.identity, tools));
  const { fetch, secrets, clock } = tools;
  return Object.entries(config.relays).map(([name, part]) => {
    const kind = plugin(tools.registry.relays, part);
    const relay = kind.open(name, part.config, { identity, fetch, secrets, clock });
    return guardRelay(relay, relayPolicyOf(part), clock);
  });
}

/** The keys of a config that sign transactions: `signer`, then `signers`. */
export function configuredKeys({ signer, signers }: Pick<Config, 'signer' | 'signers'>): readonly Plugged[] {
  return signer === null ? signers : [signer, ...signers];
}

/**
 * Every key of the config that signs transactions, in its order.
 *
 * @throws UsageError where two of them are the same: one lane would be led twice
 */
export async function openSigners(config: Config, tools: WorldTools): Promise<readonly Signer[]> {
  const signers: Signer[] = [];
  for (const part of configuredKeys(config)) {
    const signer = (await openSigner(part, tools)) as Signer;
    if (signers.some(({ address }) => sameAddress(address, signer.address))) {
      throw new UsageError('SIGNER_TWICE', `the config names the key of ${signer.address} twice`, {
        action: 'name each key once in signer: and signers:',
      });
    }
    signers.push(signer);
  }
  return signers;
}

/**
 * Every vault of a config, ready for the engine.
 *
 * @throws the first fault of a vault whose tokens cannot be read, or of a calendar
 */
export async function openVaults(
  config: Config,
  chain: Chain,
  tools: WorldTools,
): Promise<readonly VaultSetup[]> {
  const reads = config.vaults.map((vault) =>
    readVaultSetup(tools.registry, config.chain.id, vault, config.submission, tools.fetch),
  );
  const outcomes = await chain.read(reads, await chain.head());
  const setups = outcomes.map((outcome) => {
    if (!outcome.ok) throw outcome.error;
    return outcome.value;
  });
  const load = documentLoader(tools.fetch);
  return Promise.all(
    setups.map(async (setup, index) => {
      const source = config.vaults[index]?.calendar ?? null;
      return source === null ? setup : { ...setup, calendar: await openCalendar(source, { ...tools, load }) };
    }),
  );
}

/** The ports that are the same in every world of this runtime, with notes that are the world's own. */
export function commonPorts(
  tools: WorldTools,
): Pick<World, 'clock' | 'log' | 'metrics' | 'alert' | 'keccak256' | 'stop' | 'notes'> {
  return {
    clock: tools.clock,
    log: tools.log,
    metrics: noMetrics,
    alert: tools.alert ?? alertsToLog(tools.log),
    keccak256: (bytes) => keccak256(bytes),
    notes: emptyNotes(),
    stop: tools.stop,
  };
}
