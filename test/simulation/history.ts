import { messageOf } from '../../src/core/errors.ts';
import type { World } from '../../src/engine/world.ts';
import type { OrderEvent } from '../../src/ports/store.ts';
import { type RandomStream, randomStream } from '../../src/sim/random.ts';
import { ChainWeather, deepestReorg } from './chainWeather.ts';
import { Checker } from './checker.ts';
import { countStates } from './countStates.ts';
import { Faults } from './faults.ts';
import type { HistoryOptions, HistoryResult } from './historyResult.ts';
import { JournalChecker } from './journalChecker.ts';
import { keeperWorld } from './keeperWorld.ts';
import { Operator } from './operator.ts';
import { noFaults, swarmOf } from './swarm.ts';
import { TickLoop } from './tickLoop.ts';
import { describeBlock, short } from './words.ts';
import { type Workload, workloadOf } from './workload.ts';
import { Bytes } from './world/bytes.ts';
import type { Ledger } from './world/ledger.ts';
import { SimulatedNode } from './world/node.ts';
import type { BuilderPool } from './world/relay.ts';
import { SimulatedProcess } from './world/simulatedProcess.ts';
import { SimulatedDisk } from './world/store.ts';
import { Timeline } from './world/timeline.ts';

const startSeconds = 1_770_000_000;
const blockSeconds = 12;
/** After the faults end, everything is settled and every vault is in its band within so many blocks. */
const healingBlocks = 60;
/** Where nonces that were used for good are free again, everything that can be settled is by then. */
const haltingBlocks = 30;
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
  readonly #workload: Workload;
  readonly #operator: Operator;
  readonly #ticks: TickLoop;
  #process: SimulatedProcess | null = null;
  #stop = new AbortController();
  #isDisarmed = false;
  #isHealing = false;
  #skewSeconds = 0;
  #steps = 0;
  #blocks = 0;
  #slots = 0;
  #healedFor = 0;
  #isDone = false;
  #isSettled = false;

  constructor(options: HistoryOptions) {
    this.#options = options;
    const { seed } = options;
    this.#schedule = randomStream(seed, 'schedule');
    const workload = randomStream(seed, 'workload');
    this.#timeline = new Timeline(startSeconds, randomStream(seed, 'ties'));
    this.#workload = workloadOf(seed, workload, this.#bytes, startSeconds, options.mutant ?? null);
    const { ledger, keepers, finality } = this.#workload;
    this.#ledger = ledger;
    this.#operator = new Operator(this.#disk, this.#timeline, this.#workload);
    this.#faults = new Faults(swarmOf(seed), randomStream(seed, 'faults'), (what) => this.#fault(what));
    const streams = { schedule: this.#schedule, workload };
    this.#weather = new ChainWeather(this.#ledger, this.#pool, this.#faults, streams, keepers);
    this.#node = new SimulatedNode(this.#ledger, this.#bytes, this.#weather.mood);
    this.#checker = new Checker(this.#ledger, this.#disk, this.#bytes, () => this.#steps);
    this.#journal = new JournalChecker(this.#ledger, this.#disk, this.#checker, finality, (vault) =>
      this.#operator.hasAccepted(vault),
    );
    this.#ticks = new TickLoop({
      ledger,
      weather: this.#weather,
      checker: this.#checker,
      journal: this.#journal,
      vaults: this.#workload.vaults,
      random: this.#schedule,
      count: (what) => this.#count(what),
      say: (what) => this.#say(what),
    });
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
      if (this.#checker.violation === null && this.#isSettled) this.#journal.checkEnd();
      countStates(this.#disk, (what) => this.#count(what));
    });
    return {
      seed: this.#options.seed,
      violation: this.#checker.violation,
      counts: this.#counts,
      steps: this.#steps,
      ticks: this.#ticks.count,
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
    if (this.#faults.strikes('disarm', 0.1)) this.#disarm();
    if (this.#isHealing) this.#look(() => this.#lookForEnd());
    else if (this.#blocks >= this.#workload.faultyBlocks) this.#heal();
    if (this.#slots % this.#workload.period === 0) this.#ticks.wake();
  }

  #mine(): void {
    this.#blocks += 1;
    const before = this.#ledger.head;
    const block = this.#weather.nextBlock(Math.floor(this.#timeline.nowSeconds));
    this.#checker.onTip(this.#node.tip);
    if (block.parent !== before) this.#count('reorg seen');
    this.#say(() => describeBlock(block.facts.number, block.included, block.parent !== before));
    for (const canonical of this.#ledger.blocks.slice(-deepestReorg)) {
      this.#checker.onBlock(canonical, (hash) => this.#weather.foreign.has(hash));
    }
  }

  #heal(): void {
    this.#isHealing = true;
    this.#faults.rates = noFaults;
    this.#weather.heal();
    this.#checker.onTip(this.#node.tip);
    this.#skewSeconds = 0;
    if (this.#isDisarmed) this.#arm();
    this.#restart();
    this.#say(() => 'everything works from here on');
  }

  #lookForEnd(): void {
    this.#healedFor += 1;
    this.#operator.act();
    const open = this.#journal.whatIsOpen();
    const unnoticed = this.#unnoticed();
    const isOver = this.#journal.isNonceFreed() && this.#healedFor >= haltingBlocks;
    if (unnoticed === null && (open === null || isOver)) {
      this.#isDone = true;
      this.#isSettled = open === null;
      if (this.#journal.lostVaults().size > 0) this.#count('finality broken');
      if (isOver) this.#count('finality broken, nonces freed');
    } else if (this.#healedFor >= healingBlocks) {
      if (unnoticed === null) this.#checker.broken('I14', `after ${healingBlocks} blocks ${open}`);
      else this.#checker.broken('I9', `${unnoticed} goes on although what was final is undone`);
    }
  }

  /** Fault 27: a vault of which the chain has lost what was final, and that neither halts nor was resumed by a person. */
  #unnoticed(): string | null {
    const halts = new Set(['chainFault', 'finalityBroken']);
    const isNoticed = (vault: string) =>
      this.#operator.hasAccepted(vault) || halts.has(this.#ticks.lastCodes.get(vault) ?? '');
    return [...this.#journal.lostVaults()].find((vault) => !isNoticed(vault)) ?? null;
  }

  /** I13: looks at the journal, which must not contradict itself. */
  #look(look: () => void): void {
    try {
      look();
    } catch (thrown) {
      this.#checker.broken('I13', messageOf(thrown));
    }
  }

  #pullSwitch(): void {
    if (this.#stop.signal.aborted) return;
    this.#checker.stopped = true;
    this.#stop.abort();
    this.#timeline.after(20 + 60 * this.#schedule.uniform(), () => this.#restart());
  }

  #restart(): void {
    if (!this.#stop.signal.aborted) return;
    this.#process?.kill();
  }

  /** Takes leave back, and gives it again after a while: the process goes on meanwhile, and one that starts has none. */
  #disarm(): void {
    if (this.#isDisarmed) return;
    this.#isDisarmed = true;
    this.#checker.stopped = true;
    this.#timeline.after(20 + 60 * this.#schedule.uniform(), () => this.#arm());
  }

  #arm(): void {
    this.#isDisarmed = false;
    this.#checker.stopped = this.#stop.signal.aborted;
  }

  #start(): void {
    const process = new SimulatedProcess(
      this.#timeline,
      (port) => this.#fateOf(process, port),
      () => this.#died(),
    );
    this.#process = process;
    this.#stop = new AbortController();
    this.#checker.stopped = this.#isDisarmed;
    this.#ticks.start(process, this.#worldOf(process));
  }

  #died(): void {
    this.#disk.crash((unflushed) => this.#schedule.index(unflushed + 1));
    this.#checker.stopped = this.#isDisarmed;
    this.#say(() => 'the process died');
    if (!this.#isDone) this.#timeline.after(1 + 40 * this.#schedule.uniform(), () => this.#start());
  }

  #fateOf(process: SimulatedProcess, port: string) {
    this.#steps += 1;
    if (this.#isHealing) return null;
    if (this.#faults.strikes('blockDuringTick', 0.02)) this.#mine();
    // A signal comes between two steps of a program, never within one.
    if (this.#faults.strikes('killSwitch', 0.002)) queueMicrotask(() => this.#pullSwitch());
    if (this.#faults.strikes('disarm', 0.002)) queueMicrotask(() => this.#disarm());
    const fate = this.#faults.callFate(port, this.#weather.has('diskFull'), this.#weather.has('nodeOutage'));
    if (fate !== null) {
      this.#ticks.trouble();
      this.#say(() => `${port}: ${fate.kind}${process.alive ? '' : ', dead'}`);
    }
    return fate;
  }

  #worldOf(process: SimulatedProcess): World {
    const world = keeperWorld({
      process,
      workload: this.#workload,
      ledgerPorts: { node: this.#node, mood: this.#weather.mood, pool: this.#pool, disk: this.#disk },
      bytes: this.#bytes,
      timeline: this.#timeline,
      skewSeconds: () => this.#skewSeconds,
      stop: this.#stop.signal,
      isDisarmed: () => this.#isDisarmed,
      fateOfRelay: () => this.#faults.relayFate(),
      nodeWatch: this.#checker,
      onAsk: () => this.#checker.onAsk(),
      onEvent: (id, event) => this.#journaled(id, event),
      onAlert: (severity, title) => this.#alerted(severity, title),
      onSubmit: (relay, submission) => {
        this.#say(() => `${relay} is handed ${short(submission.transactionHash)}`);
        this.#checker.onRelease(submission);
      },
    });
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
}
