/** Colours that only strengthen a word or a mark; each is the identity where colour is not wanted. */
export interface Style {
  /** Needs you. */
  red(text: string): string;
  /** Look at it. */
  yellow(text: string): string;
  /** Verified. */
  green(text: string): string;
  /** Detail. */
  dim(text: string): string;
  bold(text: string): string;
  /** The word LIVE, and nothing else. */
  alarm(text: string): string;
}

const paint = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`;
const plain = (text: string) => text;

/** Text as it is. */
export const plainStyle: Style = {
  red: plain,
  yellow: plain,
  green: plain,
  dim: plain,
  bold: plain,
  alarm: plain,
};

/** ANSI colours of the terminal's own palette. */
export const colourStyle: Style = {
  red: paint(31, 39),
  yellow: paint(33, 39),
  green: paint(32, 39),
  dim: paint(2, 22),
  bold: paint(1, 22),
  alarm: (text) => `\u001b[7;31m${text}\u001b[27;39m`,
};

/** What decides whether output is coloured. */
export interface TerminalFacts {
  readonly isTerminal: boolean;
  /** `NO_COLOR` as set in the environment. */
  readonly noColor: string | undefined;
  /** `TERM` as set in the environment. */
  readonly term: string | undefined;
  /** False after `--no-color`. */
  readonly isWanted: boolean;
}

/** Colour only where somebody looks at it and nobody said no. */
export function styleFor(facts: TerminalFacts): Style {
  const isRefused = !facts.isWanted || (facts.noColor ?? '') !== '' || facts.term === 'dumb';
  return facts.isTerminal && !isRefused ? colourStyle : plainStyle;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the escape sequences that the styles write
const ESCAPES = /\u001b\[[0-9;]*m/g;

/** How many columns a text takes on screen. */
export function visibleWidth(text: string): number {
  return text.replace(ESCAPES, '').length;
}
