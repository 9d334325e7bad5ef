import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Which program this is. */
export interface Build {
  /** The version of the package. */
  readonly version: string;
  /** The first twelve digits of a SHA-256 over every file of the program: an edited build is another one. */
  readonly fingerprint: string;
}

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

let known: Build | null = null;

/** The program that runs; its files are read the first time. */
export function thisBuild(): Build {
  known ??= {
    version: packageVersion(),
    fingerprint: fingerprintOf(fileURLToPath(new URL('..', import.meta.url))),
  };
  return known;
}

function fingerprintOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.[jt]s$/.test(name),
  );
  const hash = createHash('sha256');
  for (const name of files.toSorted()) {
    const bytes = readFileSync(join(folder, name));
    hash.update(`${name}\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex').slice(0, 12);
}
