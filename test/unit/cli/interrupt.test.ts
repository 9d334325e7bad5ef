import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Interrupt, interruptible } from '../../../src/cli/interrupt.ts';

let interrupt: Interrupt | null = null;

afterEach(() => {
  interrupt?.dispose();
  interrupt = null;
  vi.restoreAllMocks();
});

describe.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s', (signal) => {
  it('asks for the end once, and ends at once when it comes again', () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Error(`ended with ${code}`);
    });
    const onFirst = vi.fn();
    interrupt = interruptible(onFirst);
    expect(interrupt.signal.aborted).toBe(false);
    process.emit(signal);
    expect(interrupt.signal.aborted).toBe(true);
    expect(onFirst).toHaveBeenCalledTimes(1);
    expect(exit).not.toHaveBeenCalled();
    expect(() => process.emit(signal)).toThrow('ended with 130');
    expect(onFirst).toHaveBeenCalledTimes(1);
  });

  it('is nobody’s any more once it was disposed of', () => {
    const before = process.listenerCount(signal);
    interruptible(() => {}).dispose();
    expect(process.listenerCount(signal)).toBe(before);
  });
});
