/** The process died. Nothing after it may reach a port. */
class Crash extends Error {}

/** Counts calls to ports and dies at one of them; `before` its effect or `after` it, when only the reply is lost. */
export interface Fuse {
  calls: number;
  readonly blowsAt: number;
  readonly when: 'before' | 'after';
  blown: boolean;
  /** Where given, this happens at the call instead of dying: the world moves on in the middle of a tick. */
  readonly instead: (() => void) | null;
}

/** A fuse that blows at the given call, counted from 1; never for 0. */
export function fuse(blowsAt: number, when: Fuse['when'] = 'before'): Fuse {
  return { calls: 0, blowsAt, when, blown: false, instead: null };
}

/** Lets something happen just before the given call. */
export function interruption(atCall: number, instead: () => void): Fuse {
  return { calls: 0, blowsAt: atCall, when: 'before', blown: false, instead };
}

/** A port whose every method goes through a fuse. */
export function fused<T extends object>(port: T, through: Fuse): T {
  return new Proxy(port, {
    get(target, name, receiver) {
      const member = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      return async (...given: unknown[]) => {
        if (through.blown) throw new Crash('dead already');
        through.calls += 1;
        const isReached = through.calls === through.blowsAt;
        if (isReached) through.instead?.();
        const blows = isReached && through.instead === null;
        if (blows && through.when === 'before') {
          through.blown = true;
          throw new Crash(`before ${String(name)}`);
        }
        const result = await member.apply(target, given);
        if (through.blown) throw new Crash('died meanwhile');
        if (blows) {
          through.blown = true;
          throw new Crash(`after ${String(name)}`);
        }
        return result;
      };
    },
  });
}
