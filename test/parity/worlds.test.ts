import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeJournaled } from '../../src/adapters/stores/internal/canonicalJson.ts';
import { decide } from '../../src/core/decide.ts';
import type { ReasonCode } from '../../src/core/decision.ts';
import { type BoundPolicy, bindPolicy } from '../../src/core/policy.ts';
import type { Limits } from '../../src/core/risk/limits.ts';
import { type Devnet, startDevnet } from '../../src/devnet/index.ts';
import { type DevRelay, startDevRelay } from '../../src/devnet/relay/index.ts';
import { type TickResult, tickFleet } from '../../src/engine/tick.ts';
import type { VaultSetup } from '../../src/engine/world.ts';
import { fixedBand } from '../../src/policies/fixedBand.ts';
import type { StoredDecision } from '../../src/ports/store.ts';
import { parseConfig } from '../../src/runtime/config/load.ts';
import { devnetConfigText } from '../../src/runtime/demo/config.ts';
import { demoPath } from '../../src/runtime/demo/path.ts';
import { createDemoVault } from '../../src/runtime/demo/vault.ts';
import { type ReplayResult, replayJournal } from '../../src/runtime/journal/replay.ts';
import { openLive } from '../../src/runtime/worlds/live.ts';
import { openJournalToRead, openLook } from '../../src/runtime/worlds/look.ts';
import { openShadow } from '../../src/runtime/worlds/shadow.ts';
import type { OpenWorld } from '../../src/runtime/worlds/tools.ts';
import { toolsWith } from '../support/keeperOnDevnet.ts';
import { tickSimulated } from './simulated.ts';

const BLOCKS = 36;
/** Reasons that the engine gives where a decided hedge meets what no snapshot shows: an open order, a simulation. */
const ofTheEngine: ReadonlySet<ReasonCode> = new Set(['orderOpen', 'simulation', 'gasCap', 'gasMoney']);

let devnet: Devnet;
let relay: DevRelay;
let folder: string;
let configOf: (journal: string) => ReturnType<typeof parseConfig>;
const tools = () => toolsWith(devnet.accounts.keeper.privateKey);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-parity-'));
  devnet = await startDevnet({ price: 3_000 });
  relay = await startDevRelay({ rpcUrl: devnet.url });
  devnet.addPrivatePool(relay.pool);
  const { safe, heldOtokens } = await createDemoVault(devnet);
  configOf = (journal) => {
    const text = devnetConfigText({
      devnet,
      account: safe.address,
      heldOtokens,
      relayUrl: relay.url,
      journalPath: join(folder, journal),
      variables: { keeper: 'KEEPER', identity: 'IDENTITY' },
    });
    return parseConfig('parity.yaml', text, tools());
  };
});
afterAll(async () => {
  await relay?.stop();
  await devnet?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function tickIn(open: OpenWorld): Promise<TickResult> {
  const [result] = await tickFleet(open.world, open.vaults);
  return result as TickResult;
}

/** A tick in a world with a journal of its own, opened for it and closed after. */
async function lookOnce(open: Promise<OpenWorld>): Promise<TickResult> {
  const world = await open;
  try {
    return await tickIn(world);
  } finally {
    await world.close();
  }
}

/** The configured vault with its plug-ins. */
async function vaultOf(journal: string): Promise<VaultSetup> {
  const open = await openLook(configOf(journal), tools());
  await open.close();
  return open.vaults[0] as VaultSetup;
}

/** The journal of a run, decided again. */
async function replayOf(journal: string, policy: BoundPolicy, limits: Limits): Promise<ReplayResult> {
  const store = await openJournalToRead(configOf(journal).journal, tools());
  try {
    return await replayJournal(store, { vault: 'eth-strangle', policy, limits });
  } finally {
    await store.close();
  }
}

describe('the same snapshots give the same decisions', () => {
  it('live, shadow, plan and the simulated world decide alike at the same block, byte for byte', async () => {
    const kinds = new Set<string>();
    for (const [index, price] of [3_000, 3_000, 2_930].entries()) {
      await devnet.mineBlock({ price });
      await devnet.mineBlock({ price });
      const journal = `shadow-${index}.sqlite`;
      const shadow = await lookOnce(openShadow(configOf(journal), tools()));
      const plan = await lookOnce(openLook(configOf(`plan-${index}.sqlite`), tools()));
      const live = await lookOnce(openLive(configOf(`live-${index}.sqlite`), tools()));
      kinds.add(live.decision.kind);
      expect(encodeJournaled(shadow.decision)).toBe(encodeJournaled(live.decision));
      expect(encodeJournaled(plan.decision)).toBe(encodeJournaled(live.decision));
      expect(encodeJournaled(shadow.snapshot?.chain)).toBe(encodeJournaled(live.snapshot?.chain));
      const simulated = await tickSimulated(live.snapshot!, await vaultOf(`sim-${index}.sqlite`));
      expect(encodeJournaled(simulated.snapshot)).toBe(encodeJournaled(live.snapshot));
      expect(encodeJournaled(simulated.decision)).toBe(encodeJournaled(live.decision));
      expect(shadow.order?.state.status ?? null).toBe(live.order === null ? null : 'paper');
    }
    expect([...kinds].sort()).toEqual(['hedge', 'hold']);
  });

  it('what a run journaled is decided again, byte for byte', async () => {
    const open = await openLive(configOf('run.sqlite'), tools());
    const [vault] = open.vaults;
    let stored: readonly StoredDecision[];
    try {
      for (const price of demoPath(devnet.market.price, 5).slice(0, BLOCKS)) {
        await devnet.mineBlock({ price });
        await tickIn(open);
      }
      stored = await open.world.store.decisions('eth-strangle', 1_000);
    } finally {
      await open.close();
    }
    expect(stored).toHaveLength(BLOCKS);
    const replayed = await replayOf('run.sqlite', vault!.policy, vault!.limits);
    expect(replayed.changed).toEqual([]);
    expect(replayed).toMatchObject({ vault: 'eth-strangle', same: BLOCKS, unread: 0 });
    expect(replayed.identical + replayed.heldByEngine).toBe(BLOCKS);
    const never = bindPolicy('fixedBand', fixedBand, { halfWidth: { base: 1e6 }, tradeTo: 'edge' });
    const otherwise = await replayOf('run.sqlite', never, vault!.limits);
    const hedged = stored.filter(({ decision }) => decision.kind === 'hedge');
    expect(hedged.length).toBeGreaterThan(1);
    expect(otherwise.changed.map(({ id }) => id)).toEqual(hedged.map(({ id }) => id).reverse());
    for (const { then, now, costDifferenceQuote } of otherwise.changed) {
      expect(now.kind).toBe('hold');
      expect(costDifferenceQuote).toBe(-then.numbers.cost!.totalQuote);
    }
    const seen = new Map<string, number>();
    for (const { id, snapshot, decision } of stored) {
      seen.set(decision.code, (seen.get(decision.code) ?? 0) + 1);
      const again = decide(snapshot!, vault!.policy, vault!.limits);
      if (ofTheEngine.has(decision.code)) {
        expect(encodeJournaled(again.numbers), id).toBe(encodeJournaled(decision.numbers));
      } else {
        expect(encodeJournaled(again), id).toBe(encodeJournaled(decision));
      }
    }
    expect(seen.get('beyondBand')).toBeGreaterThan(1);
    expect(seen.get('insideBand')).toBeGreaterThan(10);
  });
});
