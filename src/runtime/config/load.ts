import { readFile } from 'node:fs/promises';
import { Cron } from 'croner';
import { sameAddress, type Token } from '../../core/units.ts';
import { ConfigError, type ConfigIssue } from '../errors.ts';
import type { Registry } from '../registry.ts';
import { wrongChecksums } from './checksums.ts';
import { countedTwice } from './countedTwice.ts';
import { explainIssues } from './explain.ts';
import { toJsonSchema } from './jsonSchema.ts';
import { nearest } from './nearest.ts';
import type { TokenConfig } from './parts.ts';
import { type Config, configSchema, type VaultConfig } from './schema.ts';
import { unknownSendEndpoints, withSendEndpoints } from './sendEndpoints.ts';
import { type Path, readSource, renderPath, type Source } from './source.ts';
import { wellKnownSymbols, wellKnownToken, wrappedNativeToken } from './tokens.ts';

/** What reading a config needs besides its file. */
export interface LoadOptions {
  readonly registry: Registry;
  readonly environment: (name: string) => string | undefined;
  /** Top-level parts that are neither checked nor filled in from the environment. */
  readonly without?: readonly string[];
}

/** Why a file cannot be read, in words. */
const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'a folder',
  EACCES: 'a file that this user may not read',
};

/**
 * Reads and checks a config file.
 *
 * @throws ConfigError with everything that is wrong, not only the first
 */
export async function loadConfig(file: string, options: LoadOptions): Promise<Config> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const found = UNREADABLE[cause.code ?? ''] ?? cause.code ?? String(cause);
    const action =
      'ballast init writes one, ballast devnet --write-config ballast.yaml one to play with; or name yours with --config';
    throw new ConfigError(file, [{ line: null, path: '', found, expected: 'a config file', action }]);
  });
  return parseConfig(file, text, options);
}

/**
 * Checks the text of a config.
 *
 * @param file what errors call it
 * @throws ConfigError with everything that is wrong, not only the first
 */
export function parseConfig(file: string, text: string, options: LoadOptions): Config {
  const { without = [] } = options;
  const source = readSource(file, text, { environment: options.environment, without });
  if (source.data === null && source.issues.length > 0) throw new ConfigError(file, source.issues);
  const { schema, families } = configSchema(options.registry);
  const parsed = schema.safeParse(source.data ?? {});
  const ownIssues = parsed.success
    ? []
    : explainIssues(source, toJsonSchema(schema, families), parsed.error.issues);
  const unset = new Set(source.issues.map((issue) => issue.path));
  const issues = [
    ...source.issues,
    ...ownIssues.filter((issue) => !unset.has(issue.path)),
    ...wrongChecksums(source),
    ...duplicateNames(source, 'vaults'),
    ...(without.includes('alerts') ? [] : duplicateNames(source, 'alerts')),
    ...(parsed.success
      ? [
          ...unknownTokens(source, parsed.data),
          ...foreignGasPrices(source, parsed.data),
          ...countedTwice(source, parsed.data, options.registry),
          ...(without.includes('relays')
            ? []
            : [...unknownRelays(source, parsed.data), ...unknownSendEndpoints(source, parsed.data)]),
          ...badCron(source, parsed.data),
        ]
      : []),
  ];
  if (!parsed.success || issues.length > 0) throw new ConfigError(file, issues.sort(byLine));
  return withSendEndpoints(parsed.data);
}

const byLine = (a: ConfigIssue, b: ConfigIssue) => (a.line ?? 0) - (b.line ?? 0);

/** Looked for in the raw data, so that it is reported beside whatever else is wrong. */
function duplicateNames(source: Source, list: 'vaults' | 'alerts'): readonly ConfigIssue[] {
  const named: unknown = (source.data as Readonly<Record<string, unknown>> | null)?.[list];
  if (!Array.isArray(named)) return [];
  const names = named.map((one: unknown) => (one as { name?: unknown } | null)?.name);
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    if (typeof name !== 'string' || first === index) return [];
    const path: Path = [list, index, 'name'];
    return [
      {
        line: source.lineOf(path),
        path: renderPath(path),
        found: `"${name}", which ${list}[${first}] has too`,
        expected: `a name of its own for every ${list === 'vaults' ? 'vault' : 'channel'}`,
        action: `rename ${list}[${index}]`,
      },
    ];
  });
}

/** The tokens that a vault names, each with its place in the vault. */
function tokensOf({ base, quote, bridges }: VaultConfig): readonly (readonly [Path, TokenConfig])[] {
  return [
    [['base'], base],
    [['quote'], quote],
    ...bridges.map((bridge, index): readonly [Path, TokenConfig] => [['bridges', index], bridge]),
  ];
}

function unknownTokens(source: Source, config: Config): readonly ConfigIssue[] {
  const symbols = wellKnownSymbols(config.chain.id);
  return config.vaults.flatMap((vault, index) =>
    tokensOf(vault).flatMap(([place, token]) => {
      if ('address' in token || wellKnownToken(config.chain.id, token.symbol)) return [];
      const path: Path = ['vaults', index, ...place];
      const meant = nearest(token.symbol, symbols);
      return [
        {
          line: source.lineOf(path),
          path: renderPath(path),
          found: `"${token.symbol}", not a well-known symbol on chain ${config.chain.id}`,
          expected: symbols.length > 0 ? `an address, or one of ${symbols.join(', ')}` : 'an address',
          action: meant ? `write ${meant} instead of ${token.symbol}` : `write the token's address`,
        },
      ];
    }),
  );
}

/** Gas counted at the price of a base that gas is not paid in is wrong by their ratio, and so are its cap and the split. */
function foreignGasPrices(source: Source, config: Config): readonly ConfigIssue[] {
  const wrapped = wrappedNativeToken(config.chain.id);
  if (wrapped === null) return [];
  return config.vaults.flatMap(({ base, quote, nativePrice }, index) => {
    const isKnown = 'address' in base || wellKnownToken(config.chain.id, base.symbol) !== null;
    if (nativePrice !== 'base' || !isKnown || isToken(base, wrapped)) return [];
    const path: Path = ['vaults', index, 'nativePrice'];
    const found = 'address' in base ? base.address : base.symbol;
    return [
      {
        line: source.lineOf(path),
        path: renderPath(path),
        found: `base, which is ${found} and not ${wrapped.symbol}`,
        expected: 'what one native token costs, a number in quote',
        action: `add nativePrice to vaults[${index}]${isToken(quote, wrapped) ? ': here it is 1' : ', for example 3000'}`,
      },
    ];
  });
}

function isToken(config: TokenConfig, token: Token): boolean {
  return 'address' in config ? sameAddress(config.address, token.address) : config.symbol === token.symbol;
}

/** A rung that names a relay which is not there would hand its bytes to nobody. */
function unknownRelays(source: Source, { submission, relays }: Config): readonly ConfigIssue[] {
  const known = Object.keys(relays);
  return (submission.ladder ?? []).flatMap((rung, index) =>
    (rung.relays ?? []).flatMap((name, at) => {
      if (known.includes(name)) return [];
      const path: Path = ['submission', 'ladder', index, 'relays', at];
      const meant = nearest(name, known);
      return [
        {
          line: source.lineOf(path),
          path: renderPath(path),
          found: `"${name}", which relays does not have`,
          expected: known.length > 0 ? `one of ${known.join(', ')}` : 'a relay of the config',
          action: meant
            ? `write ${meant} instead of ${name}`
            : `add relays.${name}, or take it out of the rung`,
        },
      ];
    }),
  );
}

function badCron(source: Source, config: Config): readonly ConfigIssue[] {
  if (config.schedule.kind !== 'cron') return [];
  const { expression, timeZone } = config.schedule;
  try {
    new Cron(expression, { timezone: timeZone, paused: true }).nextRun();
    return [];
  } catch (error) {
    const path: Path = ['schedule', 'cron'];
    return [
      {
        line: source.lineOf(path),
        path: renderPath(path),
        found: `"${expression}" in time zone "${timeZone}": ${error instanceof Error ? error.message : String(error)}`,
        expected: 'five or six cron fields and a time zone of the tz database',
        action: 'change schedule.cron, for example cron: "*/5 * * * *"',
      },
    ];
  }
}
