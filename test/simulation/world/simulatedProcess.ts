import type { Timeline } from './timeline.ts';

/** What befalls one call of a port. */
export type CallFate =
  /** The process dies before the call has its effect, or after it and before its answer. */
  | { readonly kind: 'crash'; readonly when: 'before' | 'after' }
  /** The question or its answer is lost; the caller is told so after some seconds. */
  | { readonly kind: 'lost'; readonly what: 'question' | 'answer'; readonly seconds: number }
  /** The effect comes after some seconds and the answer after some more. */
  | { readonly kind: 'delayed'; readonly effectSeconds: number; readonly answerSeconds: number };

/** One call of a port: what it does in the world, and what the caller is told where that is lost. */
export interface PortCall<T> {
  readonly port: string;
  readonly effect: () => T;
  /** Gives what the caller gets, or throws it. */
  readonly whenLost: () => T;
  /** Whether a question under way arrives even where the process died meanwhile: a network carries on, a disk does not. */
  readonly outlives?: boolean;
  /** Told when the answer reaches the caller. */
  readonly answered?: () => void;
}

/**
 * A process of the keeper as the ports see it. Every call goes through it, so it can die at any of them; once dead, no
 * continuation of it gets an answer any more, and so none reaches a port.
 */
export class SimulatedProcess {
  calls = 0;
  readonly #timeline: Timeline;
  readonly #fateOf: (port: string) => CallFate | null;
  readonly #onDeath: () => void;
  #alive = true;

  /**
   * @param fateOf what befalls the next call of a port; null where nothing does. It may itself kill the process.
   * @param onDeath told once
   */
  constructor(timeline: Timeline, fateOf: (port: string) => CallFate | null, onDeath: () => void) {
    this.#timeline = timeline;
    this.#fateOf = fateOf;
    this.#onDeath = onDeath;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Ends the process here and now. */
  kill(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#onDeath();
  }

  /** Makes one call of a port. */
  call<T>(call: PortCall<T>): Promise<T> {
    if (!this.#alive) return never();
    this.calls += 1;
    const fate = this.#fateOf(call.port);
    if (!this.#alive) return never();
    if (fate !== null) return this.#fated(call, fate);
    try {
      const value = call.effect();
      call.answered?.();
      return Promise.resolve(value);
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  }

  #fated<T>(call: PortCall<T>, fate: CallFate): Promise<T> {
    if (fate.kind === 'crash') return this.#crash(call, fate.when);
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => T, isAnswer: boolean) => {
        if (!this.#alive) return;
        try {
          const value = outcome();
          if (isAnswer) call.answered?.();
          resolve(value);
        } catch (thrown) {
          reject(thrown);
        }
      };
      if (fate.kind === 'lost') {
        if (fate.what === 'answer') remember(call.effect);
        this.#timeline.after(fate.seconds, () => settle(call.whenLost, false));
        return;
      }
      this.#timeline.after(fate.effectSeconds, () => {
        if (!this.#alive && call.outlives !== true) return;
        const outcome = remember(call.effect);
        this.#timeline.after(fate.answerSeconds, () => settle(outcome, true));
      });
    });
  }

  #crash<T>({ effect }: PortCall<T>, when: 'before' | 'after'): Promise<T> {
    if (when === 'after') remember(effect);
    this.kill();
    return never();
  }
}

/** Has an effect now and gives its outcome, value or error, later. */
function remember<T>(effect: () => T): () => T {
  try {
    const value = effect();
    return () => value;
  } catch (thrown) {
    return () => {
      throw thrown;
    };
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => {});
}
