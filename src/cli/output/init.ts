import type { InitResult } from '../../runtime/init/interview.ts';
import type { KeyHelp } from '../../runtime/init/keyHelp.ts';
import { counted } from './numbers.ts';
import type { Style } from './style.ts';
import { labelled } from './table.ts';

const LABEL_WIDTH = 10;

/** What was found and written, and what is to be done next. */
export function initLines(
  { draft, discovery, guesses }: InitResult,
  file: string,
  unset: readonly string[],
  address: (full: string) => string,
  style: Style,
): readonly string[] {
  const { account, venues, price, positions, base, quote } = discovery;
  const feeds = price.part === null ? 0 : 1;
  const found = [
    counted(venues.used.length, 'pool'),
    counted(feeds, 'price'),
    counted(positions.positions, 'position'),
    account.role !== null ? 'its role' : account.mandate === null ? 'no mandate yet' : 'its mandate',
  ].join(', ');
  const say = (label: string, text: string) => labelled(label, text, LABEL_WIDTH);
  return [
    ...say('vault', `${address(draft.vault)}  ${account.words}, ${base.symbol}/${quote.symbol}`),
    ...say('found', found),
    ...(venues.leftOut.length === 0
      ? []
      : say('left out', venues.leftOut.map(({ words }) => words).join('; '))),
    ...say(
      'wrote',
      `${file}${guesses === 0 ? '' : `   ${style.yellow(`${counted(guesses, 'guess').replace('guesss', 'guesses')} marked # CHECK`)}`}`,
    ),
    ...(unset.length === 0 ? [] : say('to set', unset.map((name) => `export ${name}=…`).join('   '))),
    '',
    nextLine(file),
  ];
}

/** The next safe command. */
function nextLine(file: string): string {
  return `next  ballast doctor${file === 'ballast.yaml' ? '' : ` -c ${file}`}`;
}

/** What keys mean, one after the other. */
export function keyHelpLines(keys: readonly KeyHelp[], style: Style): readonly string[] {
  return keys.flatMap((key, index) => {
    const say = (label: string, text: string) => labelled(`  ${label}`, text, LABEL_WIDTH + 2);
    const kind = key.kind === null ? '' : style.dim(`  of ${key.kind}`);
    const standard =
      key.standard === undefined
        ? key.isRequired
          ? 'none: it has to be given'
          : 'none: it may be left out'
        : JSON.stringify(key.standard);
    const examples = key.examples.map((one) => `${key.path.split('.').at(-1)}: ${JSON.stringify(one)}`);
    return [
      ...(index === 0 ? [] : ['']),
      `${style.bold(key.path)}${kind}`,
      ...(key.description === null ? [] : say('means', key.description)),
      ...say('takes', key.takes),
      ...say('default', standard.length > 200 ? 'each key has its own' : standard),
      ...(key.keys.length === 0 ? [] : say('keys', key.keys.join(', '))),
      ...(examples.length === 0 ? [] : say('example', examples.join('   '))),
    ];
  });
}
