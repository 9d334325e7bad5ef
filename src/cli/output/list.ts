import { type PluginFacts, pluginFamilies } from '../../runtime/plugins.ts';
import { UNKNOWN } from './numbers.ts';
import type { Style } from './style.ts';
import { pad, wrap } from './table.ts';

const WIDTH = 80;
const GAP = '  ';
const VERIFIED_WIDTH = 'contracts'.length;
const SAMPLE_INDENT = '  ';
/** A blank at which no line is broken. */
const HOLDS = '\u00a0';
/** A longer text is shown by its two ends; the JSON has all of it. */
const LONGEST_TEXT = 60;

/** Plug-ins as a table per family: kind, what it was verified on, what it reads or does, and its sample below. */
export function pluginLines(plugins: readonly PluginFacts[], style: Style): readonly string[] {
  const kindWidth = Math.max('kind'.length, ...plugins.map(({ kind }) => kind.length));
  const sections = pluginFamilies.flatMap(({ name, where }) => {
    const own = plugins.filter(({ family }) => family === name);
    if (own.length === 0) return [];
    const head = [
      pad('kind', kindWidth, 'left'),
      pad('verified', VERIFIED_WIDTH, 'left'),
      'what it reads or does',
    ];
    return [
      '',
      ...wrap(`${style.bold(name)}  in the config: ${where}`, WIDTH),
      style.dim(head.join(GAP)),
      ...own.flatMap((plugin) => rowLines(plugin, kindWidth, style)),
    ];
  });
  return [...sections.slice(1), ...legend(plugins)];
}

function rowLines({ kind, summary, verified, sample }: PluginFacts, kindWidth: number, style: Style) {
  const left = kindWidth + VERIFIED_WIDTH + 2 * GAP.length;
  const words = wrap(summary, WIDTH - left);
  const mark = pad(verified ?? UNKNOWN, VERIFIED_WIDTH, 'left');
  const shown = verified === 'abi-only' ? style.yellow(mark) : verified === null ? style.dim(mark) : mark;
  const first = [pad(kind, kindWidth, 'left'), shown, words[0] ?? ''].join(GAP).trimEnd();
  const example = sample === null ? [] : sampleLines(kind, sample);
  return [
    first,
    ...words.slice(1).map((line) => ' '.repeat(left) + line),
    ...example.map((line) => style.dim(line)),
  ];
}

/** A sample as a config would hold it, in one flow of YAML, which is broken between its parts. */
function sampleLines(kind: string, sample: unknown): readonly string[] {
  const indent = `${SAMPLE_INDENT}  `;
  return wrap(flow({ kind, ...(sample as object) }), WIDTH - indent.length).map(
    (line, index) => (index === 0 ? SAMPLE_INDENT : indent) + line.replaceAll(HOLDS, ' '),
  );
}

/** A value in YAML's flow style, in which a key holds on to its value when the line is broken. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([key, one]) => `${/^[A-Za-z]\w*$/.test(key) ? key : `"${key}"`}:${HOLDS}${flow(one)}`);
    return `{${HOLDS}${parts.join(', ')}${HOLDS}}`;
  }
  if (typeof value !== 'string') return String(value);
  const shown = value.length > LONGEST_TEXT ? `${value.slice(0, 28)}…${value.slice(-28)}` : value;
  return /^[A-Za-z][\w./-]*$/.test(shown) ? shown : `"${shown}"`;
}

/** What the words of the second column mean, where they occur. */
function legend(plugins: readonly PluginFacts[]): readonly string[] {
  const has = (verified: PluginFacts['verified']) => plugins.some((plugin) => plugin.verified === verified);
  const lines = [
    ...(has('contracts') ? ['contracts  run against the protocol’s real contracts'] : []),
    ...(has('abi-only')
      ? [
          'abi-only   made after the published ABI; as a position it trades live only with',
          '           allowUnverified: true in the config',
        ]
      : []),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}
