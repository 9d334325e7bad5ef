import { keptHaltKey, keptHaltOf, resumeVault } from '../../src/engine/keptHalt.ts';
import { acknowledgeForeign } from '../../src/engine/lane/laneMemory.ts';
import type { Store } from '../../src/ports/store.ts';
import type { Workload } from './workload.ts';
import { SimulatedProcess } from './world/simulatedProcess.ts';
import { type SimulatedDisk, simulatedStore } from './world/store.ts';
import type { Timeline } from './world/timeline.ts';

/** The person behind a keeper, once everything works again: looks into what needs a person's word, and gives it. */
export class Operator {
  readonly #store: Store;
  readonly #timeline: Timeline;
  readonly #workload: Pick<Workload, 'keepers' | 'vaults'>;
  readonly #accepted = new Set<string>();

  constructor(disk: SimulatedDisk, timeline: Timeline, workload: Pick<Workload, 'keepers' | 'vaults'>) {
    const process = new SimulatedProcess(
      timeline,
      () => null,
      () => {},
    );
    this.#store = simulatedStore(disk, process, () => {});
    this.#timeline = timeline;
    this.#workload = workload;
  }

  /** Acknowledges foreign transactions that are known of, and resumes vaults of which what was final was replaced. */
  act(): void {
    for (const keeper of this.#workload.keepers) void acknowledgeForeign(this.#store, 1, keeper);
    for (const { terms } of this.#workload.vaults) void this.#resume(terms.name);
  }

  /** Whether a vault's final orders were taken as they are booked. */
  hasAccepted(vault: string): boolean {
    return this.#accepted.has(vault);
  }

  async #resume(vault: string): Promise<void> {
    const halt = keptHaltOf(await this.#store.recall(vault, keptHaltKey));
    if (halt?.code !== 'finalityBroken') return;
    this.#accepted.add(vault);
    const word = { reason: 'looked up', by: 'a person', atSeconds: this.#timeline.nowSeconds };
    await resumeVault(this.#store, vault, halt, word);
  }
}
