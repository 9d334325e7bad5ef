/**
 * Puts back into package-lock.json the packages of other platforms that a registry mirror did not have when it was
 * written: `npm ci` refuses a lockfile without them, although it would not install them here. Run it after
 * `npm install`; `--check` only says whether it is needed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Entry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

const file = join(import.meta.dirname, '../package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Entry> };

/** The platform that a package's name speaks of, as npm writes it. */
function platformOf(name: string): Pick<Entry, 'os' | 'cpu' | 'libc'> | null {
  const os = /\b(android|darwin|linux|win32|freebsd|openbsd|netbsd|sunos|aix)\b/.exec(name)?.[1];
  const cpu = /\b(arm64|arm|amd64|x64|ia32|ppc64|riscv64|s390x|loong64)\b/.exec(name)?.[1];
  if (os === undefined || cpu === undefined) return null;
  const libc = /\b(musl)\b/.exec(name)?.[1];
  return { cpu: [cpu === 'amd64' ? 'x64' : cpu], os: [os], ...(libc === undefined ? {} : { libc: [libc] }) };
}

const added: string[] = [];
for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    const platform = platformOf(name);
    if (lock.packages[path] !== undefined || platform === null || !/^\d/.test(version)) continue;
    lock.packages[path] = {
      version,
      ...(parent.dev === true ? { dev: true } : {}),
      optional: true,
      ...platform,
    };
    added.push(name);
  }
}

if (process.argv.includes('--check')) {
  if (added.length > 0) console.error(`package-lock.json lacks ${added.join(', ')}\n  do: npm run lockfile`);
  process.exitCode = added.length > 0 ? 1 : 0;
} else {
  const [root, ...rest] = Object.entries(lock.packages);
  const sorted = [root as [string, Entry], ...rest.sort(([a], [b]) => (a < b ? -1 : 1))];
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
  console.log(added.length === 0 ? 'package-lock.json is whole' : `added ${added.join(', ')}`);
}
