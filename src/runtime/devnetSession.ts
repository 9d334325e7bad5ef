import { readFile, writeFile } from 'node:fs/promises';
import { generatePrivateKey } from 'viem/accounts';
import { messageOf } from '../core/errors.ts';
import type { Address, Hex } from '../core/units.ts';
import {
  type Devnet,
  type DevnetVenue,
  type PoolSnapshot,
  readPoolSnapshot,
  startDevnet,
} from '../devnet/index.ts';
import { type DevRelay, startDevRelay } from '../devnet/relay/index.ts';
import type { Clock, Log } from '../ports/ambient.ts';
import { DEVNET_CONFIG_HEAD, devnetConfigText } from './demo/config.ts';
import { createDemoVault } from './demo/vault.ts';
import { UsageError } from './errors.ts';

/** What a devnet run by hand is started with. */
export interface DevnetSessionOptions {
  readonly price: number;
  /** Recorded pools to load instead of the devnet's own liquidity. */
  readonly poolFiles: readonly string[];
  /** Kinds of pools beside v3; none where absent. */
  readonly venues?: readonly DevnetVenue[];
  /** 0 = any free one. */
  readonly port: number;
  /** Wall-clock seconds between blocks. */
  readonly everySeconds: number;
  /** Where a config for the devnet's vault goes; none is made where null. */
  readonly configFile: string | null;
  /** Whether that file may be one that no devnet wrote; it may not unless given. */
  readonly mayReplaceConfig?: boolean;
  readonly journalPath: string;
}

export type { DevnetVenue } from '../devnet/index.ts';

/** Kinds of pools that a devnet can have beside v3; v4 needs packages of its own. */
export const DEVNET_VENUES: readonly DevnetVenue[] = ['uniswapV2', 'uniswapV4'];

/** Environment variables that the written config asks for. */
export const DEVNET_VARIABLES = { keeper: 'BALLAST_KEY', identity: 'BALLAST_IDENTITY' } as const;

/** A devnet with a relay and, on request, a vault and a config for it. */
export interface DevnetSession {
  readonly devnet: Devnet;
  readonly relay: DevRelay;
  readonly vault: Address | null;
  /** Values for {@link DEVNET_VARIABLES}: public test keys, worth nothing anywhere else. */
  readonly keys: { readonly keeper: Hex; readonly identity: Hex };
  /** Mines until told to stop. */
  mine(stop: AbortSignal, clock: Clock, log: Log): Promise<void>;
  close(): Promise<void>;
}

async function readPool(file: string): Promise<PoolSnapshot> {
  try {
    return await readPoolSnapshot(file);
  } catch (cause) {
    const action = 'name files that ballast record-pools wrote, of pools that the devnet has';
    throw new UsageError('RECORD_UNUSABLE', `${file}: ${messageOf(cause)}`, { action });
  }
}

/** A config of the user's own is not replaced; one that an earlier devnet wrote is. */
async function checkConfigFile(file: string): Promise<void> {
  const action = 'name another file with --write-config';
  const found = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new UsageError('FILE_UNUSABLE', `${file} cannot be written: ${messageOf(error)}`, { action });
  });
  if (found === null || found.trim() === '' || found.startsWith(DEVNET_CONFIG_HEAD)) return;
  throw new UsageError('FILE_EXISTS', `${file} is there already, and no devnet wrote it`, { action });
}

/**
 * Starts everything that somebody needs to try Ballast on a chain of their own.
 *
 * @throws UsageError for a recorded pool that cannot be loaded, or a config file that cannot or must not be replaced
 */
export async function startDevnetSession(options: DevnetSessionOptions): Promise<DevnetSession> {
  const pools = await Promise.all(options.poolFiles.map(readPool));
  if (options.configFile !== null && options.mayReplaceConfig !== true)
    await checkConfigFile(options.configFile);
  const { venues = [] } = options;
  const devnet = await startDevnet({ price: options.price, pools, venues, anvil: { port: options.port } });
  const endings: (() => Promise<void>)[] = [() => devnet.stop()];
  const close = async () => {
    for (const end of endings.splice(0)) await end();
  };
  try {
    const relay = await startDevRelay({ rpcUrl: devnet.url });
    endings.unshift(() => relay.stop());
    devnet.addPrivatePool(relay.pool);
    const keys = { keeper: devnet.accounts.keeper.privateKey, identity: generatePrivateKey() };
    const vault = options.configFile === null ? null : await createDemoVault(devnet, venues);
    if (options.configFile !== null && vault !== null) {
      const { journalPath } = options;
      const facts = {
        devnet,
        venues,
        account: vault.safe.address,
        heldOtokens: vault.heldOtokens,
        relayUrl: relay.url,
      };
      await writeFile(
        options.configFile,
        devnetConfigText({ ...facts, journalPath, variables: DEVNET_VARIABLES }),
      );
    }
    return {
      devnet,
      relay,
      vault: vault?.safe.address ?? null,
      keys,
      async mine(stop, clock, log) {
        while (!stop.aborted) {
          await clock.sleep(options.everySeconds * 1000, stop);
          if (stop.aborted) return;
          await devnet
            .mineBlock()
            .catch((error) => log.error({ error: messageOf(error) }, 'no block was mined'));
        }
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
