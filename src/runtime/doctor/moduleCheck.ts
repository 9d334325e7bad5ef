import { keccak256 } from 'viem';
import { hedgeModuleDeployment } from '../../adapters/chain/deployment.ts';
import { openEndpoint } from '../../adapters/chain/endpoint.ts';
import type { Address, Hex } from '../../core/units.ts';
import { type Check, fail, ok } from './checks.ts';
import type { Shared } from './shared.ts';

/** The HedgeModule of this build stands where it should. Its address follows from its creation code, so code there is its code. */
export function moduleCheck(shared: Shared, address: Address): Check {
  return {
    name: 'contracts',
    async look() {
      const { config } = shared;
      await shared.head();
      const endpoint = openEndpoint({ url: config.chain.rpc, timeoutMs: 4_000, retries: 1 });
      const modules = new Set(
        config.vaults.flatMap(({ account }) => (account.config as { module?: Address }).module ?? []),
      );
      return Promise.all(
        [...modules].map(async (module) => {
          const code = (await endpoint.request('eth_getCode', [module, 'latest'])) as Hex;
          const deploy = `anybody may deploy it: ballast mandate puts that into the batch (to ${hedgeModuleDeployment.to})`;
          if (code === '0x') return fail('contracts', `no HedgeModule at ${module}`, deploy);
          const isOurs = module.toLowerCase() === address.toLowerCase();
          const hash = `${keccak256(code).slice(0, 10)}…`;
          const found = `HedgeModule, code ${hash}${isOurs ? ', of this build' : ''}`;
          return isOurs
            ? ok('contracts', found)
            : {
                ...ok('contracts', found),
                verdict: 'warn' as const,
                action: 'not the module of this build: compare its code before trusting it',
              };
        }),
      );
    },
  };
}
