/**
 * Whether a URL leads nowhere but to this machine: 127.0.0.0/8, ::1 or `localhost`. Other names do not count, whatever
 * they resolve to. The URL parser has already turned `127.1` and `0x7f000001` into four decimal parts.
 */
export function isLoopbackUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
