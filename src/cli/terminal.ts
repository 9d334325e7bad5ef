import type { Redactor } from '../runtime/log/redact.ts';
import { shortAddress } from './output/numbers.ts';
import { type Style, styleFor } from './output/style.ts';

/** Version of the JSON documents that `--json` prints. */
export const JSON_SCHEMA = 1;

/** The config that is read where none is named. */
export const DEFAULT_CONFIG = 'ballast.yaml';

/** Where a command writes: lines for people, or one JSON document, never both. */
export interface Terminal {
  readonly isJson: boolean;
  readonly style: Style;
  /** An address as it is shown: shortened unless `--wide` asks for all of it. */
  address(address: string): string;
  /** Prints lines for people; nothing at all in JSON mode. */
  line(...lines: readonly string[]): void;
  /** Prints the one document of JSON mode; nothing otherwise. Bigints become text, secrets are hidden. */
  document(fields: Readonly<Record<string, unknown>>): void;
  /** The same for a document whose keys are fixed elsewhere. */
  exactly(document: unknown): void;
  /** A command as it has to be typed to mean the same config: `plan` is `ballast plan -c mine.yaml`. */
  command(words: string): string;
  /** What is going on, on stderr, where somebody waits: never part of the output. */
  progress(text: string): void;
}

/** The options that every command takes. */
export interface GlobalOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly wide?: boolean;
  readonly color?: boolean;
  readonly debug?: boolean;
  readonly logLevel?: string;
}

/** Nothing for the config that is read where none is named. */
function configFlag(file = DEFAULT_CONFIG): string {
  if (file === DEFAULT_CONFIG) return '';
  return ` -c ${/^[\w./-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`}`;
}

/** The process's own terminal, as the options and the environment want it. */
export function openTerminal(options: GlobalOptions, redactor: Redactor): Terminal {
  const isJson = options.json === true;
  const style = styleFor({
    isTerminal: process.stdout.isTTY === true,
    noColor: process.env.NO_COLOR,
    term: process.env.TERM,
    isWanted: options.color !== false,
  });
  const print = (document: unknown) => {
    if (isJson) process.stdout.write(`${JSON.stringify(redactor.value(document), null, 2)}\n`);
  };
  return {
    isJson,
    style,
    address: options.wide === true ? (address) => address : shortAddress,
    line: (...lines) => {
      if (!isJson) for (const line of lines) process.stdout.write(`${redactor.text(line)}\n`);
    },
    document: (fields) => print({ schema: JSON_SCHEMA, ...fields }),
    exactly: print,
    command: (words) => `ballast ${words}${configFlag(options.config)}`,
    progress: (text) => {
      if (!isJson && process.stderr.isTTY === true)
        process.stderr.write(`${style.dim(redactor.text(text))}\n`);
    },
  };
}
