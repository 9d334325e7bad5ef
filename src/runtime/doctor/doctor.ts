import { hedgeModuleAddress } from '../../adapters/chain/deployment.ts';
import { announcesHeads } from '../../adapters/chain/index.ts';
import type { Config } from '../config/schema.ts';
import type { WorldTools } from '../worlds/tools.ts';
import { type Finding, runChecks } from './checks.ts';
import {
  chainCheck,
  configCheck,
  identityCheck,
  journalCheck,
  LATE_BLOCKS,
  relayCheck,
  signerCheck,
} from './endpointChecks.ts';
import { endpointsCheck } from './endpointLines.ts';
import { moduleCheck } from './moduleCheck.ts';
import { shareBetweenChecks } from './shared.ts';
import { vaultCheck } from './vaultChecks.ts';

const TIMEOUT_SECONDS = 15;
const WEBSOCKET_MS = 3_000;

/** Looks at everything a keeper depends on: failures first; every check completes, or runs out of its time. */
export function examine(config: Config, tools: WorldTools): Promise<readonly Finding[]> {
  const shared = shareBetweenChecks(config, tools);
  const checks = [
    configCheck(shared),
    chainCheck(shared),
    endpointsCheck(shared, LATE_BLOCKS * config.submission.blockSeconds, (wsUrl) =>
      announcesHeads(wsUrl, WEBSOCKET_MS),
    ),
    moduleCheck(shared, hedgeModuleAddress),
    signerCheck(shared),
    identityCheck(shared),
    relayCheck(shared),
    journalCheck(shared),
    ...config.vaults.map(({ name }) => vaultCheck(shared, name)),
  ];
  return runChecks(checks, tools.clock, TIMEOUT_SECONDS);
}
