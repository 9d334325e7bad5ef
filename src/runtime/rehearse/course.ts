import type { ReasonCode } from '../../core/decision.ts';
import type { RandomStream } from '../../sim/random.ts';
import type { VaultTick } from './messages.ts';
import type { Fault, FaultActs, NextBlock, Scene } from './scene.ts';
import { REHEARSAL_FINALITY_BLOCKS } from './stage.ts';

/** Largest move of the price from one block to the next, as a share. */
const MOST_STEP = 0.012;
/** Blocks in which everything has to be well again. */
const MOST_RECOVERY_BLOCKS = 30;

/** How a run went as its vaults show it. */
export interface CourseLooks {
  /** From the end of the fault until nothing was open and nothing to do; null where that never came. */
  readonly blocksToRecover: number | null;
  /** How each vault stood at the first and at the last look. */
  readonly first: readonly VaultTick[];
  readonly last: readonly VaultTick[];
}

/** Whether nothing is open and nothing to do. */
export function isAtRest(vaults: readonly VaultTick[], restingCodes: ReadonlySet<ReasonCode>): boolean {
  const rests = ({ kind, code, open }: VaultTick) =>
    open === 0 && (kind === 'hold' ? restingCodes.has(code) : kind === 'halt' && restingCodes.has(code));
  return vaults.length > 0 && vaults.every(rests);
}

/** The blocks of one run, one after the other. */
export class Course {
  readonly #scene: Scene;
  readonly #acts: FaultActs;
  readonly #market: RandomStream;
  readonly #restingCodes: ReadonlySet<ReasonCode>;
  #price: number | null;
  #block = 0;
  #first: readonly VaultTick[] = [];
  #last: readonly VaultTick[] = [];
  #troubleAt = 0;
  #restedAt: number | null = null;
  #wasReached = false;

  constructor(scene: Scene, acts: FaultActs, market: RandomStream, restingCodes: ReadonlySet<ReasonCode>) {
    this.#scene = scene;
    this.#acts = acts;
    this.#market = market;
    this.#restingCodes = restingCodes;
    this.#price = scene.stage.startPrice;
  }

  /** Whether what the fault is about has happened. */
  wasReached(): boolean {
    return this.#wasReached;
  }

  /** Plays the fault, and then calm blocks until all is well. */
  async run({ blocks, family, untilFinal }: Fault): Promise<CourseLooks> {
    const isOneShot = family === 'kill' || family === 'reorg' || family === 'calm';
    for (let block = 0; block < blocks; block += 1) await this.#step(this.#acts, block, isOneShot);
    await this.#acts.heal?.();
    if (!isOneShot) this.#trouble();
    await this.#rest();
    if (untilFinal === true) await this.#finish();
    return { blocksToRecover: this.#blocksToRecover(), first: this.#first, last: this.#last };
  }

  /** Blocks without a fault until all is well, and the market stands still. */
  async #rest(): Promise<void> {
    for (let block = 0; block < MOST_RECOVERY_BLOCKS; block += 1) {
      await this.#step({}, block, true);
      if (isAtRest(this.#last, this.#restingCodes)) return;
    }
  }

  /** Lets every outcome become final, and the keeper see it. */
  async #finish(): Promise<void> {
    for (let block = 0; block < REHEARSAL_FINALITY_BLOCKS; block += 1) await this.#build();
    await this.#rest();
  }

  async #step(acts: FaultActs, block: number, isOneShot: boolean): Promise<void> {
    const { seat } = this.#scene;
    const { deaths } = seat;
    await acts.beforeBlock?.(block);
    if (acts === this.#acts) this.#movePrice();
    await this.#build();
    await acts.beforeTick?.(block);
    const { timestampSeconds } = await this.#scene.stage.node.head();
    const vaults = (await seat.tick(timestampSeconds)) ?? [];
    await acts.afterTick?.(block, vaults);
    if (this.#first.length === 0) this.#first = vaults;
    this.#last = vaults;
    const wasReached = this.#acts.wasReached?.() ?? true;
    if (isOneShot && (seat.deaths > deaths || (wasReached && !this.#wasReached))) this.#trouble();
    this.#wasReached ||= wasReached;
    if (this.#restedAt === null && isAtRest(vaults, this.#restingCodes)) this.#restedAt = this.#block;
    this.#block += 1;
  }

  #trouble(): void {
    this.#troubleAt = this.#block;
    this.#restedAt = null;
  }

  #blocksToRecover(): number | null {
    if (this.#restedAt === null || !isAtRest(this.#last, this.#restingCodes)) return null;
    return this.#restedAt - this.#troubleAt;
  }

  #movePrice(): void {
    if (this.#price !== null) this.#price *= 1 + (this.#market.uniform() * 2 - 1) * MOST_STEP;
  }

  async #build(): Promise<void> {
    const { stage, next } = this.#scene;
    const { rawTransactions, baseFeeWei, laterSeconds } = next;
    const filled: NextBlock = { rawTransactions: [...rawTransactions] };
    next.rawTransactions.length = 0;
    delete next.baseFeeWei;
    delete next.laterSeconds;
    const later =
      laterSeconds === undefined
        ? {}
        : { timestampSeconds: (await stage.node.head()).timestampSeconds + Math.ceil(laterSeconds) };
    await stage.build({
      ...filled,
      ...later,
      ...(baseFeeWei === undefined ? {} : { baseFeeWei }),
      ...(this.#price === null ? {} : { price: this.#price }),
    });
  }
}
