/** What a reserve's configuration word says (Aave v3, `ReserveConfiguration`); shares 0 to 1. */
export interface ReserveConfiguration {
  readonly loanToValue: number;
  readonly liquidationThreshold: number;
  readonly decimals: number;
  readonly isActive: boolean;
  readonly isFrozen: boolean;
  readonly isBorrowingEnabled: boolean;
  readonly isPaused: boolean;
  /** Whole tokens; null = no cap. */
  readonly borrowCap: bigint | null;
  readonly supplyCap: bigint | null;
  /** The only e-mode of the reserve, before 3.2; 0 = none. */
  readonly eModeCategory: number;
}

const BPS = 10_000;

function bits(word: bigint, from: number, count: number): bigint {
  return (word >> BigInt(from)) & ((1n << BigInt(count)) - 1n);
}

/** Decodes a reserve's configuration word. */
export function reserveConfiguration(word: bigint): ReserveConfiguration {
  const flag = (at: number) => bits(word, at, 1) === 1n;
  const cap = (at: number) => {
    const tokens = bits(word, at, 36);
    return tokens === 0n ? null : tokens;
  };
  return {
    loanToValue: Number(bits(word, 0, 16)) / BPS,
    liquidationThreshold: Number(bits(word, 16, 16)) / BPS,
    decimals: Number(bits(word, 48, 8)),
    isActive: flag(56),
    isFrozen: flag(57),
    isBorrowingEnabled: flag(58),
    isPaused: flag(60),
    borrowCap: cap(80),
    supplyCap: cap(116),
    eModeCategory: Number(bits(word, 168, 8)),
  };
}

/** What an account does with a reserve, by its configuration word: two bits for each reserve's id. */
export function usageOf(
  userConfiguration: bigint,
  id: number,
): { readonly borrows: boolean; readonly isCollateral: boolean } {
  return {
    borrows: bits(userConfiguration, 2 * id, 1) === 1n,
    isCollateral: bits(userConfiguration, 2 * id + 1, 1) === 1n,
  };
}
