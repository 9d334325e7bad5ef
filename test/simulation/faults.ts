import type { RandomStream } from '../../src/sim/random.ts';
import type { FaultClass, Rates } from './swarm.ts';
import type { RelayFate } from './world/relay.ts';
import type { CallFate } from './world/simulatedProcess.ts';

/** Calls are many: what strikes at calls strikes so much more rarely than what strikes at blocks. */
const perCall = 0.05;
/** Calls that are made for an order alone: between them a crash tells most, and they are few. */
const orderCalls: ReadonlySet<string> = new Set([
  'chain.simulate',
  'chain.balanceWei',
  'store.recordOrder',
  'signer.sign',
  'relay.submit',
]);
/** So many times more often does the process die at one of them. */
const moreAtOrders = 10;

/** Draws what happens, at the rates of one history, and counts it. */
export class Faults {
  rates: Rates;
  readonly #random: RandomStream;
  readonly #count: (what: string) => void;

  constructor(rates: Rates, random: RandomStream, count: (what: string) => void) {
    this.rates = rates;
    this.#random = random;
    this.#count = count;
  }

  /** Whether a fault strikes here; counted where it does. */
  strikes(name: FaultClass, scale = 1): boolean {
    const rate = this.rates[name];
    if (rate === 0 || this.#random.uniform() >= rate * scale) return false;
    this.#count(`fault ${name}`);
    return true;
  }

  /** What befalls the next call of a port. */
  callFate(port: string, diskIsFull: boolean, nodeIsOut: boolean): CallFate | null {
    const { uniform } = this.#random;
    const deadly = perCall / 4;
    if (this.strikes('crash', orderCalls.has(port) ? deadly * moreAtOrders : deadly)) {
      const when = uniform() < 0.5 ? 'before' : 'after';
      this.#count(`crash ${when} ${port}`);
      return { kind: 'crash', when };
    }
    if (this.strikes('pause', perCall / 10)) return this.#delay(30 + uniform() * 150);
    if (this.strikes('slowCalls')) return this.#delay(uniform() * 4);
    if (port.startsWith('store.')) {
      const isWrite = port === 'store.appendEvent' || port.startsWith('store.re');
      if (diskIsFull && isWrite && !port.startsWith('store.recall'))
        return { kind: 'lost', what: 'question', seconds: 0 };
      if (this.strikes('storeFails', perCall)) return this.#loss(0);
    }
    if (port.startsWith('chain.')) {
      if (nodeIsOut) return { kind: 'lost', what: 'question', seconds: 0 };
      if (this.strikes('nodeTimeouts', perCall)) return this.#loss(uniform() * 20);
    }
    if (port === 'signer.sign' && this.strikes('signerFails')) return this.#loss(uniform() * 10);
    if (port.startsWith('relay.') && this.strikes('relayHangs')) return this.#loss(5 + uniform() * 25);
    return null;
  }

  #loss(seconds: number): CallFate {
    return { kind: 'lost', what: this.#random.uniform() < 0.5 ? 'question' : 'answer', seconds };
  }

  #delay(seconds: number): CallFate {
    const effectSeconds = this.#random.uniform() * seconds;
    return { kind: 'delayed', effectSeconds, answerSeconds: seconds - effectSeconds };
  }

  /** What a relay does with a submission. */
  relayFate(): RelayFate {
    const later = 1 + this.#random.index(3);
    const passes = this.strikes('relayDelays') ? later : 0;
    const overstaysBlocks = this.strikes('relayOverstays') ? 1 + this.#random.index(15) : 0;
    const leaks = this.strikes('relayLeaks');
    const fate = {
      passesAfterBlocks: passes,
      says: 'accepted',
      leaks,
      overstaysBlocks,
      throws: false,
    } as const;
    if (this.strikes('relayDrops')) return { ...fate, passesAfterBlocks: null, says: 'unknown' };
    if (this.strikes('relayRefuses')) return { ...fate, passesAfterBlocks: null, says: 'refused' };
    if (this.strikes('relayLiesAccepted')) return { ...fate, passesAfterBlocks: null };
    if (this.strikes('relayLiesRefused')) return { ...fate, says: 'refused' };
    if (this.strikes('relayThrows')) return { ...fate, throws: true };
    return fate;
  }
}
