import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../../../src/adapters/relays/internal/redact.ts';

describe('redacting a relay’s words', () => {
  const url = 'https://relay.example.org/v2/s3cr3t-token?key=abc%20defgh';

  it('hides what stands in the URL behind the host, as written and decoded', () => {
    const words = `GET ${url}: bad key abc defgh (abc%20defgh), token s3cr3t-token`;
    const shown = redact(words, url);
    expect(shown).not.toMatch(/s3cr3t|abc/);
    expect(shown).toContain('bad key [hidden]');
  });

  it('keeps hashes and shortens signed bytes', () => {
    const hash = `0x${'ab'.repeat(32)}`;
    expect(redact(`tx ${hash}`, url)).toBe(`tx ${hash}`);
    expect(redact(`raw 0x${'cd'.repeat(33)}`, url)).toBe('raw 0xcdcdcdcd…');
  });

  it('never lets a token of the URL through, whatever the words', () => {
    const token = fc.stringMatching(/^[A-Za-z0-9_-]{8,40}$/);
    fc.assert(
      fc.property(token, fc.string(), fc.string(), (secret, before, after) => {
        const shown = redact(`${before}${secret}${after}`, `https://relay.example.org/${secret}`);
        return !shown.includes(secret);
      }),
    );
  });
});
