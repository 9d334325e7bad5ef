/** How often a relay is asked: so many times a minute, and so many at once after a pause. */
export interface RateLimit {
  readonly perMinute: number;
  readonly burst: number;
}

/** A token bucket: what may be spent at a time. */
export interface TokenBucket {
  readonly tokens: number;
  /** When `tokens` was right, in Unix seconds. */
  readonly atSeconds: number;
}

/** What asking for a token comes to. */
export interface TokenTaken {
  readonly bucket: TokenBucket;
  /** Seconds until there is one; 0: it was taken. */
  readonly waitSeconds: number;
}

/** A bucket that nothing was taken from. */
export function fullBucket({ burst }: RateLimit, nowSeconds: number): TokenBucket {
  return { tokens: burst, atSeconds: nowSeconds };
}

/** A clock that goes back earns nothing and costs nothing. */
function refilled({ perMinute, burst }: RateLimit, bucket: TokenBucket, nowSeconds: number): TokenBucket {
  const passedSeconds = Math.max(0, nowSeconds - bucket.atSeconds);
  return { tokens: Math.min(burst, bucket.tokens + (passedSeconds * perMinute) / 60), atSeconds: nowSeconds };
}

/** Rounding must not make a token that was waited for a hair too small. */
const WHOLE = 1 - 1e-9;

/** Takes one token where there is one, and says how long to wait where there is none. */
export function takeToken(limit: RateLimit, bucket: TokenBucket, nowSeconds: number): TokenTaken {
  const now = refilled(limit, bucket, nowSeconds);
  if (now.tokens < WHOLE) return { bucket: now, waitSeconds: ((1 - now.tokens) * 60) / limit.perMinute };
  return { bucket: { ...now, tokens: Math.max(0, now.tokens - 1) }, waitSeconds: 0 };
}
