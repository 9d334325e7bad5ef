import { userInfo } from 'node:os';

/** Who runs this process, as the operator's file names them. */
export function whoIsAsking(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run a user that has no name.
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
