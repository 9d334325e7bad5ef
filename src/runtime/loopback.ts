import { isIP } from 'node:net';

/** Whether an address leads nowhere but to this machine. Names other than `localhost` do not count, whatever they resolve to. */
export function isLoopbackUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

/** A fetch that refuses, without asking, whatever leads off this machine, also by a redirect. */
export function loopbackOnly(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!isLoopbackUrl(url)) throw new TypeError(`${new URL(url).host} is not on this machine`);
    return fetch(input, { ...init, redirect: 'error' });
  };
}
