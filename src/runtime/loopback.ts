import { isIP } from 'node:net';

/** Whether an address leads nowhere but to this machine. Names other than `localhost` do not count, whatever they resolve to. */
export function isLoopbackUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
