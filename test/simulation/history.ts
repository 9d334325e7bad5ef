import type { Address } from '../../src/core/units.ts';
import { orderState } from '../../src/engine/orderState.ts';
import { type TickResult, tickFleet } from '../../src/engine/tick.ts';
import type { LadderRung, VaultSetup, World } from '../../src/engine/world.ts';
import type { OrderEvent } from '../../src/ports/store.ts';
import { type RandomStream, randomStream } from '../../src/sim/random.ts';
import { Bytes, hashOfBytes } from '../../src/sim/world/bytes.ts';
import { Ledger } from '../../src/sim/world/ledger.ts';
import { freshVault, marketAt } from '../../src/sim/world/module.ts';
import { SimulatedNode, simulatedChain } from '../../src/sim/world/node.ts';
import { type BuilderPool, simulatedRelay } from '../../src/sim/world/relay.ts';
import { simulatedSigner } from '../../src/sim/world/signer.ts';
import { SimulatedProcess } from '../../src/sim/world/simulatedProcess.ts';
import { SimulatedDisk, simulatedStore } from '../../src/sim/world/store.ts';
import { Timeline } from '../../src/sim/world/timeline.ts';
import { simulatedVault } from '../../src/sim/world/vault.ts';
import { ChainWeather } from './chainWeather.ts';
import { Checker } from './checker.ts';
import { Faults } from './faults.ts';
import { JournalChecker } from './journalChecker.ts';
import type { Mutant } from './mutants.ts';
import { noFaults, swarmOf } from './swarm.ts';
import type { Violation } from './violation.ts';

/** What to play. */
export interface HistoryOptions {
  readonly seed: number;
  /** A keeper that is broken on purpose; null = the real one. */
  readonly mutant?: Mutant | null;
  /** Ends here, without looking at the end. */
  readonly untilStep?: number;
  /** Told what happens, in words. */
  readonly trace?: (line: string) => void;
}

/** What came of it. */
export interface HistoryResult {
  readonly seed: number;
  readonly violation: Violation | null;
  /** How often each fault struck and each state was reached. */
  readonly counts: ReadonlyMap<string, number>;
  readonly steps: number;
  readonly ticks: number;
  readonly blocks: number;
  /** Simulated seconds. */
  readonly seconds: number;
  readonly disk: SimulatedDisk;
}

const startSeconds = 1_770_000_000;
const blockSeconds = 12;
const leastBlocks = 50;
/** After the faults end, everything is settled and every vault is in its band within so many blocks. */
export const healingBlocks = 60;
const keeperAddresses = [
  '0x00000000000000000000000000000000000c0ffe',
  '0x00000000000000000000000000000000000decaf',
] as const satisfies readonly Address[];

/** Faults of ticks after which the journal need not agree with the chain yet. */
const faultCodes = new Set(['chainFault', 'journalFault', 'dataFault', 'signerFault']);

/** A ladder of two rungs: half of all histories climb it. */
const climbing: readonly LadderRung[] = [
  { relays: null, blocks: 1, tipMultiplierBps: 10_000, publicMempool: false },
  { relays: null, blocks: 2, tipMultiplierBps: 15_000, publicMempool: false },
];

/** Plays one seed: some fifty blocks with faults, then healing, with every promise held against the truth at every step. */
export class History {
  readonly #options: HistoryOptions;
  readonly #schedule: RandomStream;
  readonly #counts = new Map<string, number>();
  readonly #bytes = new Bytes();
  readonly #timeline: Timeline;
  readonly #disk = new SimulatedDisk();
  readonly #ledger: Ledger;
  readonly #pool: BuilderPool = [];
  readonly #faults: Faults;
  readonly #weather: ChainWeather;
  readonly #node: SimulatedNode;
  readonly #checker: Checker;
  readonly #journal: JournalChecker;
  readonly #vaults: readonly VaultSetup[];
  readonly #keepers: readonly Address[];
  readonly #relayCount: number;
  readonly #faultyBlocks: number;
  /** Slots from tick to tick: some keepers look at every block, others not. */
  readonly #period: number;
  #process: SimulatedProcess | null = null;
  #stop = new AbortController();
  #world: World | null = null;
  #isBusy = false;
  #isWoken = false;
  #isTroubled = false;
  #isHealing = false;
  #skewSeconds = 0;
  #steps = 0;
  #ticks = 0;
  #blocks = 0;
  #slots = 0;
  #healedFor = 0;
  #isDone = false;

  constructor(options: HistoryOptions) {
    this.#options = options;
    const { seed } = options;
    this.#schedule = randomStream(seed, 'schedule');
    const workload = randomStream(seed, 'workload');
    this.#timeline = new Timeline(startSeconds, randomStream(seed, 'ties'));
    const size = workload.uniform();
    const names = ['north', 'south', 'west'].slice(0, size < 0.7 ? 1 : size < 0.93 ? 2 : 3);
    const exposure = () => (workload.uniform() < 0.5 ? -1 : 1) * (2_000 + 3_000 * workload.uniform());
    const vaults = new Map(names.map((name) => [name, freshVault(exposure(), startSeconds)]));
    this.#ledger = new Ledger(vaults, marketAt(0, startSeconds), startSeconds);
    this.#keepers = keeperAddresses.slice(0, workload.uniform() < 0.7 ? 1 : 2);
    this.#relayCount = 1 + workload.index(3);
    this.#period = 1 + workload.index(3);
    this.#faultyBlocks = leastBlocks + workload.index(8);
    this.#faults = new Faults(swarmOf(seed), randomStream(seed, 'faults'), (what) => this.#fault(what));
    const streams = { schedule: this.#schedule, workload };
    this.#weather = new ChainWeather(this.#ledger, this.#pool, this.#faults, streams, this.#keepers);
    this.#node = new SimulatedNode(this.#ledger, this.#bytes, this.#weather.mood);
    this.#checker = new Checker(this.#ledger, this.#disk, this.#bytes, () => this.#steps);
    this.#journal = new JournalChecker(this.#ledger, this.#disk, this.#checker);
    const ladder = workload.uniform() < 0.5 ? {} : { ladder: climbing };
    const change = options.mutant?.vault ?? ((vault: VaultSetup) => vault);
    this.#vaults = names.map((name) => change(simulatedVault(this.#bytes, name, ladder)));
  }

  /** @param drain resolves when every promise that can go on has gone on */
  async play(drain: () => Promise<void>): Promise<HistoryResult> {
    this.#timeline.after(blockSeconds, () => this.#slot());
    this.#start();
    for (;;) {
      await drain();
      if (this.#isDone || this.#checker.violation !== null || this.#isCut()) break;
      this.#timeline.step();
    }
    this.#process?.kill();
    this.#look(() => {
      if (this.#checker.violation === null && this.#isDone) this.#journal.checkEnd();
      this.#countStates();
    });
    return {
      seed: this.#options.seed,
      violation: this.#checker.violation,
      counts: this.#counts,
      steps: this.#steps,
      ticks: this.#ticks,
      blocks: this.#blocks,
      seconds: this.#timeline.nowSeconds - startSeconds,
      disk: this.#disk,
    };
  }

  #isCut(): boolean {
    return this.#options.untilStep !== undefined && this.#steps >= this.#options.untilStep;
  }

  #count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  #fault(what: string): void {
    this.#count(what);
    this.#say(() => what);
  }

  #say(what: () => string): void {
    const { trace } = this.#options;
    if (trace === undefined) return;
    const seconds = (this.#timeline.nowSeconds - startSeconds).toFixed(1).padStart(7);
    trace(`${String(this.#steps).padStart(6)} ${seconds} s  ${what()}`);
  }

  /** A slot of the chain's own clock: a block, or none. */
  #slot(): void {
    this.#timeline.after(blockSeconds, () => this.#slot());
    this.#steps += 1;
    this.#slots += 1;
    if (this.#faults.strikes('missedSlots', 0.5)) return;
    this.#mine();
    if (this.#faults.strikes('clockJumps', 0.2)) this.#skewSeconds = (this.#schedule.uniform() - 0.5) * 7_200;
    if (this.#faults.strikes('killSwitch', 0.1)) this.#pullSwitch();
    if (this.#isHealing) this.#lookForEnd();
    else if (this.#blocks >= this.#faultyBlocks) this.#heal();
    if (this.#slots % this.#period === 0) this.#wake();
  }

  #mine(): void {
    this.#blocks += 1;
    const before = this.#ledger.head;
    const block = this.#weather.nextBlock(Math.floor(this.#timeline.nowSeconds));
    this.#checker.onTip(this.#node.tip);
    if (block.parent !== before) this.#count('reorg seen');
    this.#say(() => describeBlock(block.facts.number, block.included, block.parent !== before));
    for (const canonical of this.#ledger.blocks.slice(-8)) {
      this.#checker.onBlock(canonical, (hash) => this.#weather.foreign.has(hash));
    }
  }

  #heal(): void {
    this.#isHealing = true;
    this.#faults.rates = noFaults;
    this.#weather.heal();
    this.#skewSeconds = 0;
    if (this.#checker.stopped) this.#restart();
    this.#say(() => 'everything works from here on');
  }

  #lookForEnd(): void {
    this.#healedFor += 1;
    const open = this.#look(() => this.#journal.whatIsOpen());
    if (open === null) this.#isDone = true;
    else if (this.#healedFor >= healingBlocks)
      this.#checker.broken('I14', `after ${healingBlocks} blocks ${open}`);
  }

  /** I13: looks at the journal, which must not contradict itself. */
  #look<T>(look: () => T): T | string {
    try {
      return look();
    } catch (thrown) {
      const what = thrown instanceof Error ? thrown.message : String(thrown);
      this.#checker.broken('I13', what);
      return what;
    }
  }

  #pullSwitch(): void {
    if (this.#checker.stopped) return;
    this.#checker.stopped = true;
    this.#stop.abort();
    this.#timeline.after(20 + 60 * this.#schedule.uniform(), () => this.#restart());
  }

  #restart(): void {
    if (!this.#checker.stopped) return;
    this.#checker.stopped = false;
    this.#process?.kill();
  }

  #start(): void {
    const process = new SimulatedProcess(
      this.#timeline,
      (port) => this.#fateOf(process, port),
      () => this.#died(),
    );
    this.#process = process;
    this.#stop = new AbortController();
    this.#checker.stopped = false;
    this.#isBusy = false;
    this.#world = this.#worldOf(process);
    this.#wake();
  }

  #died(): void {
    this.#disk.crash((unflushed) => this.#schedule.index(unflushed + 1));
    this.#checker.stopped = false;
    this.#say(() => 'the process died');
    if (!this.#isDone) this.#timeline.after(1 + 40 * this.#schedule.uniform(), () => this.#start());
  }

  #fateOf(process: SimulatedProcess, port: string) {
    this.#steps += 1;
    if (this.#isHealing) return null;
    if (this.#faults.strikes('blockDuringTick', 0.02)) this.#mine();
    // A signal comes between two steps of a program, never within one.
    if (this.#faults.strikes('killSwitch', 0.002)) queueMicrotask(() => this.#pullSwitch());
    const fate = this.#faults.callFate(port, this.#weather.has('diskFull'), this.#weather.has('nodeOutage'));
    if (fate !== null) {
      this.#isTroubled = true;
      this.#say(() => `${port}: ${fate.kind}${process.alive ? '' : ', dead'}`);
    }
    return fate;
  }

  #worldOf(process: SimulatedProcess): World {
    const { mood } = this.#weather;
    const relays = Array.from({ length: this.#relayCount }, (_, index) =>
      simulatedRelay(
        `relay-${index}`,
        this.#bytes,
        this.#pool,
        process,
        () => this.#faults.relayFate(),
        (relay, submission) => {
          this.#say(() => `${relay} is handed ${short(submission.transactionHash)}`);
          this.#checker.onRelease(submission);
        },
      ),
    );
    const world: World = {
      chain: simulatedChain(this.#node, mood, process, (head) => this.#checker.onHead(head)),
      store: simulatedStore(this.#disk, process, (id, event) => this.#journaled(id, event)),
      clock: {
        nowSeconds: () => this.#timeline.nowSeconds + this.#skewSeconds,
        sleep: (milliseconds) =>
          new Promise((resolve) => this.#timeline.after(milliseconds / 1_000, resolve)),
      },
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      metrics: { count: quiet, gauge: quiet },
      alert: { send: (severity, title) => this.#alerted(severity, title) },
      relays,
      signers: this.#keepers.map((address) =>
        simulatedSigner(address, this.#bytes, process, (content) => this.#checker.onSign(content)),
      ),
      keccak256: hashOfBytes,
      stop: this.#stop.signal,
    };
    return this.#options.mutant?.world?.(world) ?? world;
  }

  #alerted(severity: string, title: string): void {
    this.#count(`alert ${severity}`);
    this.#say(() => `alert: ${title}`);
  }

  #journaled(orderId: string, event: OrderEvent): void {
    this.#say(() => `journal: ${orderId} ${event.kind}${event.kind === 'expired' ? ` (${event.why})` : ''}`);
    this.#journal.onEvent(orderId, event);
  }

  #wake(): void {
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
      this.#checker.broken(
        'engine',
        thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
      );
    }
    if (!process.alive) return;
    this.#isBusy = false;
    if (!this.#isWoken) return;
    this.#isWoken = false;
    this.#wake();
  }

  async #tickOnce(process: SimulatedProcess, world: World): Promise<void> {
    this.#ticks += 1;
    this.#isTroubled = false;
    const headBefore = this.#ledger.head;
    const results = await tickFleet(world, this.#vaults);
    if (!process.alive) return;
    for (const result of results) this.#count(`decided ${result.decision.code}`);
    this.#say(() => results.map(describeResult).join('; '));
    const isClear =
      !this.#isTroubled &&
      this.#weather.isClear &&
      headBefore === this.#ledger.head &&
      !this.#checker.stopped;
    if (!isClear) return;
    this.#checkAgreement(results);
    if (this.#schedule.uniform() < 0.02) await this.#tickAgain(process, world, results);
  }

  #checkAgreement(results: readonly TickResult[]): void {
    for (const { vault, decision } of results) {
      if (!faultCodes.has(decision.code)) this.#journal.checkBooked(vault);
    }
  }

  /** I13: what was looked after needs nothing more at the same head. */
  async #tickAgain(process: SimulatedProcess, world: World, before: readonly TickResult[]): Promise<void> {
    if (before.some(({ decision }) => faultCodes.has(decision.code))) return;
    const headBefore = this.#ledger.head;
    const again = await tickFleet(world, this.#vaults);
    if (!process.alive || this.#isTroubled || headBefore !== this.#ledger.head || this.#checker.stopped)
      return;
    this.#count('ticked twice');
    for (const { vault, settled, order } of again) {
      if (settled.length > 0 || order !== null) {
        this.#checker.broken(
          'I13',
          `${vault} was changed again at the same head: ${settled[0]?.event.kind ?? 'an order'}`,
        );
      }
    }
  }

  #countStates(): void {
    for (const { record } of this.#disk.fillers.values()) this.#count(`filler ${record.why}`);
    for (const history of this.#disk.histories()) {
      this.#count(`state ${orderState(history).status}`);
      let before = 'decided';
      for (const { event } of history.events) {
        if (event.kind === 'answered') {
          this.#count(`answered ${event.answer.status}`);
          continue;
        }
        const name = event.kind === 'expired' ? `expired ${event.why}` : event.kind;
        this.#count(`${before} > ${name}`);
        before = name;
      }
    }
  }
}

const quiet = () => {};
const short = (hash: string) => `0x…${hash.slice(-6).replace(/^f+/, '')}`;

function describeBlock(number: bigint, included: Ledger['head']['included'], isReorg: boolean): string {
  const held = included
    .map(({ hash, succeeded }) => `${short(hash)}${succeeded ? '' : ' reverted'}`)
    .join(', ');
  return `block ${number}${isReorg ? ' on another branch' : ''}${held === '' ? '' : `: ${held}`}`;
}

function describeResult({ vault, decision, block }: TickResult): string {
  return `${vault} at ${block?.number ?? 'no block'}: ${decision.kind} ${decision.code} (${decision.why.slice(0, 90)})`;
}
