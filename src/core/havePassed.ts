/** A clock is set back by more than this only where it was wrong before, seconds. */
const steadySeconds = 1;

/**
 * Whether so many seconds have passed since a time. They count as passed too where the clock stands before that time: it was
 * wrong then and was set back, and waiting for that time to come again could take as long as it was ahead.
 *
 * @param sinceSeconds when the waiting began, Unix seconds
 */
export function havePassed(seconds: number, sinceSeconds: number, nowSeconds: number): boolean {
  const passed = nowSeconds - sinceSeconds;
  return passed >= seconds || passed < -steadySeconds;
}
