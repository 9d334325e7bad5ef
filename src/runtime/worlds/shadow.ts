import type { Relay } from '../../ports/relay.ts';
import type { Config } from '../config/schema.ts';
import { endpointAlerts, remoteEndpoints } from '../configuredChain.ts';
import { commonPorts, openConfiguredChain, openJournal, openVaults } from './parts.ts';
import { refuseRealChain, refuseRemoteRehearsal } from './rehearsalAccounts.ts';
import type { OpenWorld, WorldTools } from './tools.ts';

/** Takes everything and passes nothing on. */
export const withholdingRelay: Relay = {
  name: 'shadow',
  isPrivate: true,
  isLoopback: true,
  submit: async () => ({ status: 'withheld', detail: 'shadow: nothing is sent' }),
};

/**
 * The world that only looks: the configured chain and journal, no key, nothing sent, hedges filled on paper.
 *
 * @throws RehearsalAccountError where an account for rehearsals stands on a real chain: what is looked at is to be run one day
 */
export async function openShadow(config: Config, tools: WorldTools): Promise<OpenWorld> {
  refuseRemoteRehearsal(config, tools.registry, remoteEndpoints(config.chain));
  await refuseRealChain(config, tools.registry);
  const chain = await openConfiguredChain(config, {
    report: endpointAlerts(commonPorts(tools).alert),
    ...(tools.observeRequest && { observe: tools.observeRequest }),
  });
  const vaults = await openVaults(config, chain, tools);
  const store = await openJournal(config.journal, tools);
  return {
    mode: 'shadow',
    world: { ...commonPorts(tools), chain, store, relays: [withholdingRelay], signers: [] },
    vaults,
    close: async () => {
      chain.close();
      await store.close();
    },
  };
}
