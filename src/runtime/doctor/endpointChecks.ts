import { isLoopbackUrl } from '../../adapters/chain/loopback.ts';
import { BallastError } from '../../core/errors.ts';
import { counted } from '../../core/report/numbers.ts';
import { toWhole } from '../../core/units.ts';
import type { Signer } from '../../ports/signer.ts';
import { armingOf } from '../arm/leave.ts';
import { remoteEndpoints } from '../configuredChain.ts';
import { IdentityIsSignerError, refuseSharedKey } from '../worlds/keys.ts';
import { journalExists, keeperAddress, openJournalToRead } from '../worlds/look.ts';
import { configuredKeys, openRelays, openSigner } from '../worlds/parts.ts';
import { type Check, type Finding, fail, ok, warn } from './checks.ts';
import type { Shared } from './shared.ts';

/** A head older than this many blocks is a node that hangs behind. */
export const LATE_BLOCKS = 5;
const RELAY_TIMEOUT_MS = 3_000;
/** Hedges that the gas money should last for. */
const HEDGES_OF_GAS = 10n;
const GAS_OF_A_HEDGE = 250_000n;

/** The config itself: it was read, or there would be no doctor. */
export function configCheck({ config }: Shared): Check {
  return {
    name: 'config',
    look: async () => [ok('config', counted(config.vaults.length, 'vault'))],
  };
}

/** The node answers, for the right chain, and is not behind. */
export function chainCheck(shared: Shared): Check {
  return {
    name: 'chain',
    async look() {
      const { config, tools } = shared;
      await shared.chain();
      const head = await shared.head();
      const seconds = Math.round(tools.clock.nowSeconds() - head.timestampSeconds);
      const found = `id ${config.chain.id}, block ${head.number}, ${seconds} s old`;
      const late = LATE_BLOCKS * config.submission.blockSeconds;
      if (isLoopbackUrl(config.chain.rpc))
        return [ok('chain', `${found.split(',').slice(0, 2).join(',')}, on this machine`)];
      return [
        seconds > late
          ? warn('chain', found, 'the node is behind: use another endpoint')
          : ok('chain', found),
      ];
    },
  };
}

/** The key can be had, and has money for gas. */
export function signerCheck(shared: Shared): Check {
  return {
    name: 'signer',
    async look() {
      const { config, tools } = shared;
      if (config.signer === null)
        return [warn('signer', 'none: only looking is possible', 'add signer: to the config')];
      const signer = await keeperAddress(config, tools);
      if ('why' in signer)
        return [fail('signer', signer.why, 'set what it names, or correct signer: in the config')];
      const head = await shared.head();
      const balance = await (await shared.chain()).balanceWei(signer.address, head);
      const needed = HEDGES_OF_GAS * GAS_OF_A_HEDGE * head.baseFeePerGasWei * 2n;
      const money = `${signer.address}, ${toWhole(balance, 18).toFixed(4)} for gas`;
      if (balance === 0n) return [fail('signer', money, `send gas money to ${signer.address}`)];
      return [
        balance < needed
          ? warn('signer', `${money}: less than ten hedges`, `send gas money to ${signer.address}`)
          : ok('signer', money),
      ];
    },
  };
}

/** Every relay can be opened and its machine answers; what it would do with a transaction nobody can know before. */
export function relayCheck(shared: Shared): Check {
  return {
    name: 'relays',
    async look() {
      const { config, tools } = shared;
      const relays = await openRelays(config, tools);
      if (relays.length === 0)
        return [warn('relays', 'none: only looking is possible', 'add relays: to the config')];
      const reached = await Promise.all(
        relays.map(async ({ name, isPrivate }): Promise<Finding> => {
          const url = (config.relays[name]?.config as { readonly url?: unknown } | undefined)?.url;
          const answers = typeof url !== 'string' || (await answersAt(url, tools.fetch));
          if (!answers)
            return fail(`relay ${name}`, 'does not answer', `see whether relays.${name}.url is right and up`);
          const isPublic = 'public: everybody sees a hedge before it executes';
          return isPrivate
            ? ok(`relay ${name}`, 'answers, private')
            : warn(`relay ${name}`, isPublic, 'use a private relay');
        }),
      );
      const remote = relays.filter(({ isLoopback }) => !isLoopback).map(({ name }) => name);
      const isRemote = remote.length > 0 || remoteEndpoints(config.chain).length > 0;
      return [...reached, ...armedFindings(shared, isRemote)];
    },
  };
}

/** Whether every vault may trade where leave is needed. */
function armedFindings({ config, tools }: Shared, isRemote: boolean): readonly Finding[] {
  if (!isRemote && !config.arming.always)
    return [ok('armed', 'not needed: chain and relays are on this machine')];
  const refusals = armingOf(config, tools, null).flatMap(({ refusal }) => refusal ?? []);
  if (refusals.length === 0) return [ok('armed', config.vaults.map(({ name }) => name).join(', '))];
  return refusals.map((refusal) =>
    warn('armed', `no: ${refusal}`, 'ballast run --shadow, or ballast fork; then ballast arm'),
  );
}

/** The key that signs relay requests is none of those that trade. */
export function identityCheck({ config, tools }: Shared): Check {
  return {
    name: 'identity',
    async look() {
      if (config.identity === null) return [];
      const identity = await openSigner(config.identity, tools);
      const signers = await Promise.all(
        configuredKeys(config).map((key) => ifAtHand(openSigner(key, tools))),
      );
      try {
        refuseSharedKey(signers, identity);
      } catch (error) {
        if (!(error instanceof IdentityIsSignerError)) throw error;
        const found = `${error.message}, ${identity?.address}: relays would be shown the key that trades`;
        return [fail('identity', found, error.action ?? 'use a key of its own')];
      }
      const isSure = signers.every((signer) => signer !== null);
      return [ok('identity', isSure ? 'a key of its own' : 'a key of its own, as far as keys are at hand')];
    },
  };
}

/** Null for a key that cannot be had: that is the signer's own line. */
async function ifAtHand(opening: Promise<Signer | null>): Promise<Signer | null> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof BallastError) return null;
    throw error;
  }
}

/** The journal can be read and its last decisions pass their checksums. */
export function journalCheck({ config, tools }: Shared): Check {
  return {
    name: 'journal',
    async look() {
      if (!journalExists(config.journal)) return [ok('journal', 'none yet: the first run makes it')];
      const store = await openJournalToRead(config.journal, tools);
      try {
        const open = await Promise.all(
          config.vaults.map(async ({ name }) => {
            await store.decisions(name, 1);
            return (await store.unsettledOrders(name)).length;
          }),
        );
        const unsettled = open.reduce((sum, count) => sum + count, 0);
        return [ok('journal', `readable, ${unsettled} order${unsettled === 1 ? '' : 's'} not final`)];
      } finally {
        await store.close();
      }
    },
  };
}

/** Anything that answers over HTTP, whatever it says. */
async function answersAt(url: string, fetch: typeof globalThis.fetch): Promise<boolean> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] });
  const headers = { 'content-type': 'application/json' };
  try {
    await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(RELAY_TIMEOUT_MS) });
    return true;
  } catch {
    return false;
  }
}
