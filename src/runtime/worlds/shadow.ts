import type { Relay } from '../../ports/relay.ts';
import type { Config } from '../config/schema.ts';
import { endpointAlerts } from '../configuredChain.ts';
import { commonPorts, openConfiguredChain, openJournal, openVaults } from './parts.ts';
import type { OpenWorld, WorldTools } from './tools.ts';

/** Takes everything and passes nothing on. */
export const withholdingRelay: Relay = {
  name: 'shadow',
  isPrivate: true,
  isLoopback: true,
  submit: async () => ({ status: 'withheld', detail: 'shadow: nothing is sent' }),
};

/** The world that only looks: the configured chain and journal, no key, nothing sent, hedges filled on paper. */
export async function openShadow(config: Config, tools: WorldTools): Promise<OpenWorld> {
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
