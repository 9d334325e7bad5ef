/** Longer words of others say no more. */
const usualLongest = 240;

/**
 * Words of others (a node's, a relay's, a contract's), fit to be shown on a terminal and kept in a journal: on one line,
 * without control characters, and cut where they are long.
 *
 * @param longest characters that are kept
 */
export function oneLine(text: string, longest = usualLongest): string {
  // What is cut off anyway is not looked at.
  const line = text
    .slice(0, 8 * longest)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
