import { createInterface } from 'node:readline/promises';
import { UsageError } from '../runtime/errors.ts';

/**
 * Waits for somebody to type a name, to agree to what was just shown. Anything else, nothing included, is a no.
 *
 * @param given names that were agreed to on the command line
 * @throws UsageError INPUT_MISSING where nobody sits at a terminal and the command line does not agree
 */
export async function agreesTo(name: string, given: readonly string[]): Promise<boolean> {
  if (given.includes(name)) return true;
  if (process.stdin.isTTY !== true) {
    throw new UsageError('INPUT_MISSING', 'nobody is at a terminal to agree', {
      facts: { vault: name },
      action: `read what is shown above, then say --agree ${name}`,
    });
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await prompt.question(`type ${name} to agree, anything else to leave: `)).trim() === name;
  } finally {
    prompt.close();
  }
}
