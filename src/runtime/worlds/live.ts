import { byHealth, type RelayHealth } from '../../engine/relay/relayHealth.ts';
import { ladderOf, relaysOf } from '../../engine/submit/ladder.ts';
import type { Relay } from '../../ports/relay.ts';
import { permissionFor, refuseUnarmed } from '../arm/leave.ts';
import type { Config } from '../config/schema.ts';
import { endpointAlerts, remoteEndpoints } from '../configuredChain.ts';
import { UsageError } from '../errors.ts';
import { readRelayHealths } from '../relayScores.ts';
import { refuseSharedKey } from './keys.ts';
import {
  commonPorts,
  configuredKeys,
  openConfiguredChain,
  openJournal,
  openRelays,
  openSigner,
  openSigners,
  openVaults,
} from './parts.ts';
import { refuseRealChain, refuseRemoteRehearsal } from './rehearsalAccounts.ts';
import { refuseSharedMandate } from './sharedMandate.ts';
import type { OpenWorld, WorldTools } from './tools.ts';
import { isDevnet, refuseUnverified } from './unverified.ts';

/**
 * What of a config does not stay on this machine.
 *
 * @param relays as opened from the config
 */
function remoteParts(config: Config, relays: readonly Relay[]): readonly string[] {
  const chain = remoteEndpoints(config.chain);
  return [...chain, ...relays.filter((relay) => !relay.isLoopback).map((relay) => `relays.${relay.name}`)];
}

/** @throws UsageError where a rung of the ladder may use none of the relays */
function refuseEmptyRungs({ submission }: Config, relays: readonly Relay[]): void {
  const empty = ladderOf(submission).findIndex((rung) => relaysOf(rung, relays).length === 0);
  if (empty < 0) return;
  throw new UsageError('RUNG_WITHOUT_RELAY', `submission.ladder[${empty}] may use none of the relays`, {
    action: 'name a private relay in it, or allow publicMempool knowingly',
  });
}

/** A journal that cannot be read halts the vaults that it concerns; the order of the relays is not worth more. */
const NOTHING_KNOWN: ReadonlyMap<string, RelayHealth> = new Map();

/**
 * The world that sends: the configured chain, key, relays and journal.
 *
 * @throws NotArmedError where anything that is sent could leave this machine, or the config always asks for it, and nobody
 *   armed it
 * @throws UsageError where the config has no key or no relay
 * @throws IdentityIsSignerError where relays would be shown the key that trades
 * @throws SharedMandateError where two vaults would act under one mandate
 * @throws RehearsalAccountError where an account for rehearsals could act on a real chain
 * @throws UnverifiedReaderError where a reader was never run on real contracts and the config does not consent
 */
export async function openLive(config: Config, tools: WorldTools): Promise<OpenWorld> {
  if (configuredKeys(config).length === 0) {
    throw new UsageError(
      'SIGNER_MISSING',
      'the config names no signer, and without a key nothing can be sent',
      {
        action: 'add signer: to the config, or look without sending: ballast run --shadow',
      },
    );
  }
  const remoteChain = remoteEndpoints(config.chain);
  // Before any key is touched.
  refuseRemoteRehearsal(config, tools.registry, remoteChain);
  refuseUnarmed(config, tools, remoteChain, null);
  refuseSharedMandate(config);
  if (remoteChain.length > 0) refuseUnverified(config, tools.registry);
  const identity = await openSigner(config.identity, tools);
  const relays = await openRelays(config, tools, identity);
  if (relays.length === 0) {
    throw new UsageError('RELAYS_MISSING', 'the config names no relay, and without one nothing can be sent', {
      action: 'add relays: to the config, or look without sending: ballast run --shadow',
    });
  }
  refuseEmptyRungs(config, relays);
  const remote = remoteParts(config, relays);
  refuseRemoteRehearsal(config, tools.registry, remote);
  await refuseRealChain(config, tools.registry);
  refuseUnarmed(config, tools, remote, null);
  const chain = await openConfiguredChain(config, {
    report: endpointAlerts(commonPorts(tools).alert),
    ...(tools.observeRequest && { observe: tools.observeRequest }),
  });
  if (!(await isDevnet(chain))) refuseUnverified(config, tools.registry);
  const signers = await openSigners(config, tools);
  refuseSharedKey(signers, identity);
  const keepers = signers.map(({ address }) => address);
  refuseUnarmed(config, tools, remote, keepers);
  const permission = permissionFor(config, tools, remote, keepers);
  const vaults = await openVaults(config, chain, tools);
  const store = await openJournal(config.journal, tools);
  const names = vaults.map(({ terms }) => terms.name);
  const healths = await readRelayHealths(store, names).catch(() => NOTHING_KNOWN);
  const ordered = byHealth(relays, healths, tools.clock.nowSeconds());
  return {
    mode: 'live',
    world: {
      ...commonPorts(tools),
      chain,
      store,
      relays: ordered,
      signers,
      ...(remoteChain.length > 0 && { maxSkewSeconds: config.chain.maxSkewSeconds }),
      ...(permission && { permission }),
    },
    vaults,
    close: async () => {
      chain.close();
      await store.close();
    },
  };
}
