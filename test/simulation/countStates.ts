import { orderState } from '../../src/engine/order/orderState.ts';
import type { SimulatedDisk } from './world/store.ts';

/** Counts what became of every order and filler of a journal, and by which transitions. */
export function countStates(disk: SimulatedDisk, count: (what: string) => void): void {
  for (const { record } of disk.fillers.values()) count(`filler ${record.why}`);
  for (const history of disk.histories()) {
    count(`state ${orderState(history).status}`);
    let before = 'decided';
    for (const { event } of history.events) {
      if (event.kind === 'answered') {
        count(`answered ${event.answer.status}`);
        if (event.answer.heldBack !== undefined) count(`held back ${event.answer.heldBack}`);
        continue;
      }
      const name = event.kind === 'expired' ? `expired ${event.why}` : event.kind;
      count(`${before} > ${name}`);
      before = name;
    }
  }
}
