const HIDDEN = '[hidden]';

/** Keys whose values are never shown, whatever they hold. */
const SECRET_KEYS =
  /^(private_?key|raw_?transaction|password|passphrase|mnemonic|seed_?phrase|secret|token|api_?key|authorization|signature)$/i;

/** What a `token` holds where it names a coin by its contract: nobody is let in by one. */
const CONTRACT = /^0x[0-9a-f]{40}$/i;

/**
 * An address with a scheme: only scheme, host and port are safe, for the rest may carry a token. A scheme alone, as
 * sentences name it, is no address.
 */
const URL_PATTERN = /\b(https?|wss?|postgres(?:ql)?):\/\/(?![:,.]?(?:\s|$))[^\s"'<>)\]}]+/gi;

/** A signed transaction: an RLP list, with its type in front unless it is a legacy one. Calldata is no secret. */
const SIGNED_BYTES = /0x(0[1-4])?f[89][0-9a-fA-F]{126,}/g;

/** Hosts on this machine carry no secret and are useful to see whole. */
const LOCAL_HOST = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Takes secrets out of whatever leaves the process; the only list of what is secret. */
export interface Redactor {
  /** Remembers an exact secret: it is hidden wherever it turns up from then on. */
  learn(secret: string): void;
  text(text: string): string;
  /** A copy of a value that can be logged or printed: secrets hidden, bigints as text, errors as their messages. */
  value(value: unknown): unknown;
}

/** A redactor that knows the general shapes of secrets, and learns the exact ones as they are read. */
export function createRedactor(): Redactor {
  const learnt = new Set<string>();
  const text = (input: string): string => {
    let output = input;
    for (const secret of learnt) output = output.replaceAll(secret, HIDDEN);
    return output
      .replace(URL_PATTERN, shortUrl)
      .replace(SIGNED_BYTES, (hex) => `${hex.slice(0, 10)}…(${(hex.length - 2) / 2} bytes)`);
  };
  const value = (input: unknown, depth = 0): unknown => {
    if (typeof input === 'string') return text(input);
    if (typeof input === 'bigint') return String(input);
    if (input instanceof Error) return text(input.message);
    if (typeof input !== 'object' || input === null) return input;
    if (depth > 6) return '…';
    if (Array.isArray(input)) return input.map((item) => value(item, depth + 1));
    return Object.fromEntries(
      Object.entries(input).map(([key, item]) => [
        key,
        isSecret(key, item) ? HIDDEN : value(item, depth + 1),
      ]),
    );
  };
  return {
    learn: (secret) => {
      const bare = secret.trim();
      if (bare.length < 8) return;
      learnt.add(bare);
      if (/^0x[0-9a-fA-F]{64}$/.test(bare)) learnt.add(bare.slice(2));
    },
    text,
    value: (input) => value(input),
  };
}

function isSecret(key: string, item: unknown): boolean {
  const isCoin = key === 'token' && typeof item === 'string' && CONTRACT.test(item);
  return SECRET_KEYS.test(key) && !isCoin;
}

function shortUrl(url: string): string {
  if (!URL.canParse(url)) return HIDDEN;
  const parsed = new URL(url);
  const bare = `${parsed.protocol}//${parsed.host}`;
  const isPlain =
    parsed.pathname === '/' && parsed.search === '' && parsed.username === '' && parsed.password === '';
  if (isPlain || (LOCAL_HOST.test(parsed.hostname) && parsed.username === '' && parsed.search === ''))
    return url.replace(/\/$/, '');
  return `${bare}/…`;
}
