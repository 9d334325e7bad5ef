import { readFile } from 'node:fs/promises';
import { UsageError } from '../errors.ts';

/**
 * A price path from a file: a JSON array of numbers, or one price per line, of which the last column counts and a line
 * without a number in it (a title) is passed over.
 *
 * @throws UsageError where the file cannot be read or holds no prices
 */
export async function readPricePath(file: string): Promise<readonly number[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw unusable(file, 'it cannot be read');
  });
  const prices = text.trimStart().startsWith('[') ? fromJson(file, text) : fromLines(text);
  const bad = prices.findIndex((price) => !(price > 0) || !Number.isFinite(price));
  if (bad >= 0) throw unusable(file, `price ${bad + 1} is ${prices[bad]}`);
  if (prices.length === 0) throw unusable(file, 'it holds no prices');
  return prices;
}

function fromJson(file: string, text: string): readonly number[] {
  try {
    return (JSON.parse(text) as unknown[]).map(Number);
  } catch {
    throw unusable(file, 'it is no JSON array');
  }
}

function fromLines(text: string): readonly number[] {
  return text
    .split('\n')
    .map(
      (line) =>
        line
          .trim()
          .split(/[,;\t ]+/)
          .at(-1) ?? '',
    )
    .filter((cell) => cell !== '' && !Number.isNaN(Number(cell)))
    .map(Number);
}

function unusable(file: string, why: string): UsageError {
  return new UsageError('PATH_UNUSABLE', `${file} is no price path: ${why}`, {
    action: 'give a JSON array of prices, or one price per line: quote per base, one for each block',
  });
}
