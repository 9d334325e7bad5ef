/** What a reserve's configuration word says (Aave v3, `ReserveConfiguration`); shares 0 to 1. */
export interface ReserveConfiguration {
  readonly loanToValue: number;
  readonly liquidationThreshold: number;
  readonly decimals: number;
  readonly isActive: boolean;
  readonly isFrozen: boolean;
  readonly isBorrowingEnabled: boolean;
  readonly isPaused: boolean;
  /** Whether an account in isolation mode may borrow it. */
  readonly isBorrowableInIsolation: boolean;
  /** Whether whoever borrows it may borrow nothing else. */
  readonly isSiloed: boolean;
  /** What accounts that it alone backs may owe together, units with 2 decimals; null = it isolates nobody. */
  readonly debtCeiling: bigint | null;
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
  const cap = (at: number, count = 36) => {
    const most = bits(word, at, count);
    return most === 0n ? null : most;
  };
  return {
    loanToValue: Number(bits(word, 0, 16)) / BPS,
    liquidationThreshold: Number(bits(word, 16, 16)) / BPS,
    decimals: Number(bits(word, 48, 8)),
    isActive: flag(56),
    isFrozen: flag(57),
    isBorrowingEnabled: flag(58),
    isPaused: flag(60),
    isBorrowableInIsolation: flag(61),
    isSiloed: flag(62),
    debtCeiling: cap(212, 40),
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
