import { type TickResult, tickFleet } from '../../src/engine/tick.ts';
import type { VaultSetup, World } from '../../src/engine/world.ts';
import type { RandomStream } from '../../src/sim/random.ts';
import type { ChainWeather } from './chainWeather.ts';
import type { Checker } from './checker.ts';
import type { JournalChecker } from './journalChecker.ts';
import { describeResult } from './words.ts';
import type { Ledger } from './world/ledger.ts';
import type { SimulatedProcess } from './world/simulatedProcess.ts';

/** Faults of ticks after which the journal need not agree with the chain yet. */
const faultCodes = new Set(['chainFault', 'finalityBroken', 'journalFault', 'dataFault', 'signerFault']);

/** What ticks are held against. */
export interface TickLoopParts {
  readonly ledger: Ledger;
  readonly weather: ChainWeather;
  readonly checker: Checker;
  readonly journal: JournalChecker;
  readonly vaults: readonly VaultSetup[];
  readonly random: RandomStream;
  readonly count: (what: string) => void;
  readonly say: (what: () => string) => void;
}

/** Ticks of a keeper's processes, one at a time, and what must hold after each. */
export class TickLoop {
  count = 0;
  /** Under which reason each vault's last tick ended. */
  readonly lastCodes = new Map<string, string>();
  readonly #parts: TickLoopParts;
  #process: SimulatedProcess | null = null;
  #world: World | null = null;
  #isBusy = false;
  #isWoken = false;
  #isTroubled = false;

  constructor(parts: TickLoopParts) {
    this.#parts = parts;
  }

  /** Another process takes over, and looks at once. */
  start(process: SimulatedProcess, world: World): void {
    this.#process = process;
    this.#world = world;
    this.#isBusy = false;
    this.wake();
  }

  /** Something befell a call of this tick: it need not have seen everything. */
  trouble(): void {
    this.#isTroubled = true;
  }

  /** Ticks now, or once more when the tick under way ends. */
  wake(): void {
    if (this.#process?.alive !== true) return;
    if (this.#isBusy) {
      this.#isWoken = true;
      return;
    }
    this.#isBusy = true;
    void this.#tick(this.#process, this.#world as World);
  }

  async #tick(process: SimulatedProcess, world: World): Promise<void> {
    try {
      await this.#tickOnce(process, world);
    } catch (thrown) {
      this.#parts.say(() => (thrown instanceof Error ? (thrown.stack ?? '') : ''));
      this.#parts.checker.broken('engine', String(thrown));
    }
    if (!process.alive) return;
    this.#isBusy = false;
    if (!this.#isWoken) return;
    this.#isWoken = false;
    this.wake();
  }

  async #tickOnce(process: SimulatedProcess, world: World): Promise<void> {
    const { ledger, weather, checker, journal, vaults, random, count, say } = this.#parts;
    this.count += 1;
    this.#isTroubled = false;
    const headBefore = ledger.head;
    const results = await tickFleet(world, vaults);
    if (!process.alive) return;
    for (const { vault, decision } of results) {
      count(`decided ${decision.code}`);
      this.lastCodes.set(vault, decision.code);
    }
    say(() => results.map(describeResult).join('; '));
    const isSame = headBefore === ledger.head && !checker.stopped;
    if (this.#isTroubled || !weather.isClear || !isSame) return;
    for (const { vault, decision } of results) {
      if (!faultCodes.has(decision.code)) journal.checkBooked(vault);
    }
    if (random.uniform() < 0.02) await this.#tickAgain(process, world, results);
  }

  /** I13: what was looked after needs nothing more at the same head. */
  async #tickAgain(process: SimulatedProcess, world: World, before: readonly TickResult[]): Promise<void> {
    const { ledger, checker, vaults, count } = this.#parts;
    if (before.some(({ decision }) => faultCodes.has(decision.code))) return;
    const headBefore = ledger.head;
    const again = await tickFleet(world, vaults);
    const isSame = headBefore === ledger.head && !checker.stopped;
    if (!process.alive || this.#isTroubled || !isSame) return;
    count('ticked twice');
    for (const { vault, settled, order } of again) {
      if (settled.length === 0 && order === null) continue;
      const what = settled[0]?.event.kind ?? 'an order';
      checker.broken('I13', `${vault} was changed again at the same head: ${what}`);
    }
  }
}
