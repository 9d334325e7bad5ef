import { StringDecoder } from 'node:string_decoder';
import { UsageError } from '../runtime/errors.ts';

/** A terminal's keyboard, as far as a prompt needs it. */
export interface Keyboard {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  off(event: 'data', listener: (chunk: Buffer) => void): unknown;
  off(event: 'end', listener: () => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** Where a prompt's words go: never to the output that a pipe reads. */
export interface Screen {
  write(text: string): unknown;
}

const INTERRUPT = '\u0003';
const END = '\u0004';
const ERASE = new Set(['\u0008', '\u007f']);
const ENTER = new Set(['\r', '\n']);
const MAX_TRIES = 3;

/**
 * Asks for one line that is not shown while it is typed.
 *
 * @throws UsageError INPUT_MISSING where nobody sits at a terminal, or the prompt is left without an answer
 */
export function askHidden(question: string, keyboard: Keyboard, screen: Screen): Promise<string> {
  if (keyboard.isTTY !== true || keyboard.setRawMode === undefined) {
    return Promise.reject(missing('nobody is at a terminal to be asked'));
  }
  // Echo ends before the question is seen: somebody may answer at once.
  keyboard.setRawMode(true);
  screen.write(question);
  keyboard.resume();
  return new Promise((resolve, reject) => {
    const decoder = new StringDecoder('utf8');
    let typed: string[] = [];
    const done = (settle: () => void) => {
      keyboard.off('data', onData);
      keyboard.off('end', onEnd);
      keyboard.setRawMode?.(false);
      keyboard.pause();
      screen.write('\n');
      settle();
    };
    const onEnd = () => done(() => reject(missing('the input ended')));
    const onData = (chunk: Buffer) => {
      for (const character of decoder.write(chunk)) {
        if (ENTER.has(character)) return done(() => resolve(typed.join('')));
        if (character === INTERRUPT || character === END) return done(() => reject(missing('it was left')));
        if (ERASE.has(character)) typed = typed.slice(0, -1);
        else if (character >= ' ') typed.push(character);
      }
    };
    keyboard.on('data', onData);
    keyboard.on('end', onEnd);
  });
}

/**
 * Asks for a new secret twice, until both are the same.
 *
 * @throws UsageError INPUT_MISSING also where they differ three times
 */
export async function askTwice(question: string, keyboard: Keyboard, screen: Screen): Promise<string> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const first = await askHidden(`${question}: `, keyboard, screen);
    if (first === (await askHidden(`${question}, again: `, keyboard, screen))) return first;
    screen.write('The two are not the same.\n');
  }
  throw missing(`the two were different ${MAX_TRIES} times`);
}

const missing = (why: string) =>
  new UsageError('INPUT_MISSING', `no secret was given: ${why}`, {
    action: 'type it at the prompt, or name its file or environment variable (ballast help keys)',
  });
