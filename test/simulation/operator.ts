import type { Address } from '../../src/core/units.ts';
import { acknowledgeForeign } from '../../src/engine/laneMemory.ts';
import type { Store } from '../../src/ports/store.ts';
import { SimulatedProcess } from '../../src/sim/world/simulatedProcess.ts';
import { type SimulatedDisk, simulatedStore } from '../../src/sim/world/store.ts';
import type { Timeline } from '../../src/sim/world/timeline.ts';

/** The person behind a keeper, once everything works again: looks into foreign transactions and lets the key go on. */
export class Operator {
  readonly #store: Store;
  readonly #keepers: readonly Address[];

  constructor(disk: SimulatedDisk, timeline: Timeline, keepers: readonly Address[]) {
    const process = new SimulatedProcess(
      timeline,
      () => null,
      () => {},
    );
    this.#store = simulatedStore(disk, process, () => {});
    this.#keepers = keepers;
  }

  /** Acknowledges what is known of. */
  acknowledge(): void {
    for (const keeper of this.#keepers) void acknowledgeForeign(this.#store, 1, keeper);
  }
}
