import { createRequire } from 'node:module';

/** The version of the package that this file belongs to: the nearest package.json above it. */
export function packageVersion(): string {
  const require = createRequire(import.meta.url);
  for (const above of ['../../package.json', '../../../package.json']) {
    try {
      return (require(above) as { version: string }).version;
    } catch {
      // Sources and build stand at different depths.
    }
  }
  return 'unknown';
}
