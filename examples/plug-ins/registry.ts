import { type Registry, registry } from 'ballast';
import { auditedSqlite } from './auditedSqlite.ts';
import { heldToken } from './heldToken.ts';
import { jsonVolatility } from './jsonVolatility.ts';
import { keyFile } from './keyFile.ts';
import { ntfy } from './ntfy.ts';
import { ownBuilder } from './ownBuilder.ts';
import { patientBand } from './patientBand.ts';
import { poolAverage } from './poolAverage.ts';
import { reservingSafe } from './reservingSafe.ts';
import { sushiSwap } from './sushiSwap.ts';

/** Everything that comes with Ballast, and what is ours: one line for each, its name being the `kind` in the config. */
export const ownRegistry: Registry = {
  ...registry,
  accounts: { ...registry.accounts, reservingSafe },
  alerts: { ...registry.alerts, ntfy },
  feeds: { ...registry.feeds, jsonVolatility, poolAverage },
  policies: { ...registry.policies, patientBand },
  protocols: { ...registry.protocols, heldToken },
  relays: { ...registry.relays, ownBuilder },
  signers: { ...registry.signers, keyFile },
  stores: { ...registry.stores, auditedSqlite },
  venues: { ...registry.venues, sushiSwap },
} as Registry;
