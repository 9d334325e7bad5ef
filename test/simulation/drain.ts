/** Resolves once every promise that can go on has gone on: Node empties its queue of them before the next immediate. */
export function drained(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
