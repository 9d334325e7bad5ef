import { describe, expect, it } from 'vitest';
import { loopbackOnly } from '../../../src/runtime/loopback.ts';

describe('a fetch that stays on this machine', () => {
  const asked: { readonly url: string; readonly redirect: string | undefined }[] = [];
  const fetch = loopbackOnly(async (url, init) => {
    asked.push({ url: String(url), redirect: init?.redirect });
    return new Response('here');
  });

  it('asks what is here, and follows no redirect, wherever one was allowed to lead', async () => {
    await fetch('http://127.0.0.1:8545/x', { redirect: 'follow' });
    await fetch(new URL('http://localhost/y'));
    expect(asked).toEqual([
      { url: 'http://127.0.0.1:8545/x', redirect: 'error' },
      { url: 'http://localhost/y', redirect: 'error' },
    ]);
  });

  it.each([
    'https://exchange.example/ticker?token=secret',
    'http://192.0.2.1/',
    'http://127.0.0.1.exchange.example/',
    new Request('https://exchange.example/'),
  ])('does not ask %s', async (elsewhere) => {
    const before = asked.length;
    await expect(fetch(elsewhere)).rejects.toThrow(/is not on this machine/);
    await expect(fetch(elsewhere)).rejects.not.toThrow(/secret/);
    expect(asked.length).toBe(before);
  });
});
