import { z } from 'zod';

/** A relay's address in a config. */
export const relayUrl = z.string().refine(isHttpUrl, {
  error: 'an http(s):// URL without user name and password',
});

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

/** How long a relay may take to answer, in a config; milliseconds. */
export const relayTimeout = z.int().min(50).max(60_000);
