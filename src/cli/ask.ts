import { createInterface } from 'node:readline/promises';
import type { Question } from '../runtime/init/interview.ts';

/** Somebody who can be asked; the questions go to stderr, where no pipe reads them. */
export interface Questioner {
  ask(question: Question): Promise<string>;
  close(): void;
}

/** Null where nobody sits at a terminal: nothing ever waits for an answer there. */
export function openQuestioner(): Questioner | null {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return null;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  return {
    ask: ({ text, proposed }) => prompt.question(`${text}${proposed === null ? '' : ` [${proposed}]`}: `),
    close: () => prompt.close(),
  };
}
