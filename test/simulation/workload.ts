import type { Address } from '../../src/core/units.ts';
import type { LadderRung, SubmissionSettings, VaultSetup } from '../../src/engine/world.ts';
import { type RandomStream, randomStream } from '../../src/sim/random.ts';
import type { Mutant } from './mutants.ts';
import type { Bytes } from './world/bytes.ts';
import { Ledger } from './world/ledger.ts';
import { freshVault, marketAt } from './world/module.ts';
import { simulatedVault } from './world/vault.ts';

const leastBlocks = 50;
/** The slowest keepers look once in so many slots: later than an order's window and its deadline. */
const mostSlots = 6;
const keeperAddresses = [
  '0x00000000000000000000000000000000000c0ffe',
  '0x00000000000000000000000000000000000decaf',
] as const satisfies readonly Address[];

/** A ladder of two rungs: half of all histories climb it. */
const climbing: readonly LadderRung[] = [
  { relays: null, blocks: 1, tipMultiplierBps: 10_000, publicMempool: false },
  { relays: null, blocks: 2, tipMultiplierBps: 15_000, publicMempool: false },
];

/** Who keeps what, and how: everything of a history that stays as it is. */
export interface Workload {
  readonly ledger: Ledger;
  readonly keepers: readonly Address[];
  readonly vaults: readonly VaultSetup[];
  readonly relayCount: number;
  /** Slots from tick to tick: some keepers look at every block, others not. */
  readonly period: number;
  readonly faultyBlocks: number;
  /** Whether relays have the guard in front that a keeper puts there. */
  readonly guarded: boolean;
  /** What the keeper takes for final. */
  readonly finality: 'blocks' | 'finalized';
  /** What a transaction that the journal does not know does to its lane. */
  readonly haltsAtForeign: boolean;
  /** How far the head's time may be from the keeper's clock; null = however far. */
  readonly maxSkewSeconds: number | null;
}

/** Settings that only some operators choose, drawn apart so that they shift no other draw. */
function rareSettings(random: RandomStream): Partial<SubmissionSettings> {
  const [patient, finalized, halting] = [random.uniform(), random.uniform(), random.uniform()];
  return {
    ...(patient < 0.25 ? { patience: { quantile: 0.5, blocks: 20, urgentAt: 10 } } : {}),
    ...(finalized < 0.25 ? { finality: 'finalized' as const } : {}),
    ...(halting < 0.2 ? { foreignTransactions: 'halt' as const } : {}),
  };
}

/** Draws what a history is about. */
export function workloadOf(
  seed: number,
  workload: RandomStream,
  bytes: Bytes,
  startSeconds: number,
  mutant: Mutant | null,
): Workload {
  const settings = randomStream(seed, 'settings');
  const size = workload.uniform();
  const names = ['north', 'south', 'west'].slice(0, size < 0.8 ? 1 : size < 0.95 ? 2 : 3);
  const exposure = () => (workload.uniform() < 0.5 ? -1 : 1) * (2_000 + 3_000 * workload.uniform());
  const states = new Map(names.map((name) => [name, freshVault(exposure(), startSeconds)]));
  const ledger = new Ledger(states, marketAt(0, startSeconds), startSeconds);
  const keepers = keeperAddresses.slice(0, workload.uniform() < 0.7 ? 1 : 2);
  const relayCount = 1 + workload.index(3);
  const period = 1 + workload.index(mostSlots);
  const faultyBlocks = leastBlocks + workload.index(4);
  const ladder = workload.uniform() < 0.5 ? {} : { ladder: climbing };
  const rare = rareSettings(settings);
  const change = mutant?.vault ?? ((vault: VaultSetup) => vault);
  const vaults = names.map((name) => change(simulatedVault(bytes, name, { ...ladder, ...rare })));
  const guarded = settings.uniform() < 0.5;
  const haltsAtForeign = rare.foreignTransactions === 'halt';
  const { finality = 'blocks' } = rare;
  const maxSkewSeconds = settings.uniform() < 0.25 ? 300 : null;
  return {
    ledger,
    keepers,
    vaults,
    relayCount,
    period,
    faultyBlocks,
    guarded,
    finality,
    haltsAtForeign,
    maxSkewSeconds,
  };
}
