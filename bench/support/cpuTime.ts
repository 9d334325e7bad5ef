/**
 * CPU time that this process has used so far, microseconds: unlike the clock it stands still while the machine does
 * something else. Coarse, so what is measured should last a millisecond or more.
 */
export function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
