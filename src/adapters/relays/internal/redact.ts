import { oneLine } from '../../../core/oneLine.ts';

/** More hexadecimal than a hash: signed bytes, a signature. */
const LONG_HEX = /(0x[0-9a-fA-F]{8})[0-9a-fA-F]{57,}/g;
const ANY_URL = /\b(?:https?|wss?):\/\/[^\s"'<>)\]}]+/gi;

/**
 * A relay's own words, fit to be kept and shown: on one line, short, and without what is secret, that is everything in
 * the relay's URL behind the host, every other URL, signed bytes, and what is named.
 *
 * @param url the relay's URL, whose path and query may carry a token
 * @param hidden further secrets, for example the values of headers
 */
export function redact(text: string, url: string, hidden: readonly string[] = []): string {
  const secrets = [...hidden.filter((secret) => secret !== ''), ...secretsOf(url)];
  const withoutSecrets = secrets.reduce((left, secret) => left.replaceAll(secret, '[hidden]'), text);
  return oneLine(withoutSecrets.replace(ANY_URL, '[url]').replace(LONG_HEX, '$1…'));
}

/** Longest first, so that no part is left of a longer one. */
function secretsOf(url: string): readonly string[] {
  const { pathname, search, searchParams, hash } = new URL(url);
  const parts = [...pathname.split('/'), ...search.split(/[?&=]/), ...searchParams.values(), hash.slice(1)];
  const wholes = [url, `${pathname}${search}`, search];
  return [...wholes, ...parts, ...parts.map(decoded)]
    .filter((part) => part.length >= 5)
    .sort((a, b) => b.length - a.length);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
