import type { Address } from '../../core/units.ts';
import type { ConfigIssue } from '../errors.ts';
import type { Registry } from '../registry.ts';
import type { Plugged } from './kinds.ts';
import type { Config } from './schema.ts';
import { type Path, renderPath, type Source } from './source.ts';

/** What one entry of a list counts. */
interface Counting {
  /** In small letters; one that begins as another and a slash is a part of it. */
  readonly names: readonly string[];
  /** Whether people know the names: not where one stands for a whole config. */
  readonly isReadable: boolean;
}

/**
 * A position that is read twice is hedged twice, and a pool's liquidity is there only once.
 *
 * @param source the file, for the lines of what is wrong
 */
export function countedTwice(source: Source, config: Config, registry: Registry): readonly ConfigIssue[] {
  return config.vaults.flatMap(({ account, positions, venues }, vault) =>
    Object.entries({
      positions: positions.map((one) => holdings(one, account.address, registry)),
      venues: venues.map(whatIsRead),
    }).flatMap(([list, counted]) =>
      counted.flatMap((counting, at) => {
        const found = repetition(list, counted.slice(0, at), counting);
        if (found === null) return [];
        const path: Path = ['vaults', vault, list, at];
        return [
          {
            line: source.lineOf(path),
            path: renderPath(path),
            found,
            expected: `${list} that are each named once, for they are added up`,
            action: 'delete one of the two',
          },
        ];
      }),
    ),
  );
}

function holdings(plugged: Plugged, account: Address, { protocols }: Registry): Counting {
  const names = protocols[plugged.kind]?.counts?.(plugged.config, account);
  return names === undefined
    ? whatIsRead(plugged)
    : { names: names.map((name) => name.toLowerCase()), isReadable: true };
}

/** A pool is the same pool however much of it is read. */
function whatIsRead({ kind, config }: Plugged): Counting {
  const { pool } = config as { readonly pool?: unknown };
  const name = `${kind} ${JSON.stringify(typeof pool === 'string' ? pool : config)}`;
  return { names: [name.toLowerCase()], isReadable: false };
}

/** What an entry counts that it or one before it has counted, in words; null where nothing. */
function repetition(list: string, before: readonly Counting[], { names, isReadable }: Counting) {
  for (const [place, name] of names.entries()) {
    const overlaps = (other: string) => isPart(other, name) || isPart(name, other);
    const first = before.findIndex((counting) => counting.names.some(overlaps));
    if (first >= 0)
      return isReadable ? `${name}, which ${list}[${first}] counts too` : `the same as ${list}[${first}]`;
    if (names.slice(0, place).some(overlaps)) return `${name} twice`;
  }
  return null;
}

function isPart(name: string, whole: string): boolean {
  return name === whole || name.startsWith(`${whole}/`);
}
