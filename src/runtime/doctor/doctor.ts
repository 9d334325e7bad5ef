import { hedgeModuleAddress } from '../../adapters/chain/deployment.ts';
import type { Config } from '../config/schema.ts';
import type { WorldTools } from '../worlds/tools.ts';
import { type Finding, runChecks } from './checks.ts';
import {
  chainCheck,
  configCheck,
  identityCheck,
  journalCheck,
  relayCheck,
  signerCheck,
} from './endpointChecks.ts';
import { moduleCheck } from './moduleCheck.ts';
import { shareBetweenChecks } from './shared.ts';
import { vaultCheck } from './vaultChecks.ts';

const TIMEOUT_SECONDS = 15;

/** Looks at everything a keeper depends on: failures first; every check completes, or runs out of its time. */
export function examine(config: Config, tools: WorldTools): Promise<readonly Finding[]> {
  const shared = shareBetweenChecks(config, tools);
  const checks = [
    configCheck(shared),
    chainCheck(shared),
    moduleCheck(shared, hedgeModuleAddress),
    signerCheck(shared),
    identityCheck(shared),
    relayCheck(shared),
    journalCheck(shared),
    ...config.vaults.map(({ name }) => vaultCheck(shared, name)),
  ];
  return runChecks(checks, tools.clock, TIMEOUT_SECONDS);
}
