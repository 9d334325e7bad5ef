import type { Command } from 'commander';
import { createProgram } from '../../src/cli/program.ts';

const program = await createProgram();

/**
 * What of the words after `ballast` the command line does not know: a command, or an option. Empty where all is known.
 * Values are not looked at.
 */
export function unknownWords(words: readonly string[]): readonly string[] {
  const path: Command[] = [program];
  for (const word of words) {
    const next = path.at(-1)?.commands.find((command) => command.name() === word);
    if (next === undefined) break;
    path.push(next);
  }
  const first = words.find((word) => !word.startsWith('-'));
  const isHelp = first === 'help';
  const unknown = path.length === 1 && first !== undefined && !isHelp ? [first] : [];
  const known = new Set([
    '-h',
    '--help',
    ...path.flatMap(({ options }) => options.flatMap(({ short, long }) => [short, long])),
  ]);
  const options = words.filter((word) => /^--?[a-zA-Z]/.test(word)).map((word) => word.replace(/=.*/, ''));
  return [...unknown, ...options.filter((option) => !known.has(option))];
}
