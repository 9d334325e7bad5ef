import { isLoopbackUrl } from '../adapters/chain/loopback.ts';

/** A fetch that refuses, without asking, whatever leads off this machine, also by a redirect. */
export function loopbackOnly(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!isLoopbackUrl(url)) throw new TypeError(`${new URL(url).host} is not on this machine`);
    return fetch(input, { ...init, redirect: 'error' });
  };
}
