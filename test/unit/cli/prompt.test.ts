import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { askHidden, askTwice, type Keyboard } from '../../../src/cli/prompt.ts';
import { errorOf } from '../../support/secrets.ts';

/** A terminal of a test: what is typed at it, and what is seen on it. */
function terminal(isTTY = true) {
  const events: string[] = [];
  const emitter = new EventEmitter();
  const keyboard = Object.assign(emitter, {
    isTTY,
    setRawMode: (isRaw: boolean) => events.push(isRaw ? 'raw' : 'cooked'),
    resume: () => events.push('resume'),
    pause: () => events.push('pause'),
  }) as unknown as Keyboard & EventEmitter;
  const screen = { write: (text: string) => events.push(text) };
  const type = (text: string | Buffer) => emitter.emit('data', Buffer.from(text as string));
  return { keyboard, screen, events, type };
}

async function typed(...chunks: (string | Buffer)[]): Promise<string> {
  const { keyboard, screen, type } = terminal();
  const answer = askHidden('? ', keyboard, screen);
  for (const chunk of chunks) type(chunk);
  return answer;
}

describe('a hidden prompt', () => {
  it('turns the echo off before it asks, shows nothing that is typed, and puts the terminal back', async () => {
    const { keyboard, screen, events, type } = terminal();
    const answer = askHidden('Passphrase: ', keyboard, screen);
    type('hunter2 ');
    type('is old\r');
    expect(await answer).toBe('hunter2 is old');
    expect(events).toEqual(['raw', 'Passphrase: ', 'resume', 'cooked', 'pause', '\n']);
    expect(keyboard.listenerCount('data') + keyboard.listenerCount('end')).toBe(0);
  });

  it.each<[string, (string | Buffer)[], string]>([
    ['one key at a time', ['a', 'b', '\n'], 'ab'],
    ['with corrections', ['abx\u007fc\u0008d\r'], 'abd'],
    ['with more corrections than characters', ['\u007f\u007fab\r'], 'ab'],
    ['with a letter in two pieces', [Buffer.from([0xc3]), Buffer.from([0xbc]), '\r'], 'ü'],
    ['with keys that are no characters', ['a\u0001b\tc\r'], 'abc'],
    ['and more behind the line end', ['ab\rcd'], 'ab'],
    ['as nothing', ['\r'], ''],
  ])('takes a line typed %s', async (_, chunks, line) => {
    expect(await typed(...chunks)).toBe(line);
  });

  it.each(['\u0003', '\u0004'])('is left with %j, and what was typed is in no error', async (key) => {
    const error = await errorOf(typed('half a secret', key));
    expect(error.code).toBe('INPUT_MISSING');
    expect(JSON.stringify([error.message, error.facts, error.action])).not.toContain('half');
  });

  it('ends with its input', async () => {
    const { keyboard, screen } = terminal();
    const answer = errorOf(askHidden('? ', keyboard, screen));
    keyboard.emit('end');
    expect((await answer).code).toBe('INPUT_MISSING');
  });

  it('does not wait where nobody is at a terminal', async () => {
    const { keyboard, screen, events } = terminal(false);
    expect((await errorOf(askHidden('? ', keyboard, screen))).code).toBe('INPUT_MISSING');
    expect(events).toEqual([]);
  });
});

describe('a new secret', () => {
  async function answers(...lines: string[]): Promise<string> {
    const { keyboard, screen, type } = terminal();
    const answer = askTwice('New', keyboard, screen);
    for (const line of lines) {
      await new Promise(setImmediate);
      type(`${line}\r`);
    }
    return answer;
  }

  it('is asked for twice, and again where the two differ', async () => {
    expect(await answers('one', 'one')).toBe('one');
    expect(await answers('one', 'two', 'three', 'three')).toBe('three');
  });

  it('is given up after three pairs', async () => {
    expect((await errorOf(answers('1', '2', '3', '4', '5', '6'))).code).toBe('INPUT_MISSING');
  });
});
