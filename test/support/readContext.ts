import type { VaultTerms } from '../../src/core/snapshot.ts';
import type { Memory, ReadContext } from '../../src/ports/protocol.ts';
import { nowSeconds, usdc, vaultAddress, weth } from './snapshot.ts';

/** A WETH/USDC vault, and a block of the tests' own time. */
export function contextAt(
  overrides: { vault?: Partial<VaultTerms>; memory?: Memory; timestampSeconds?: number } = {},
): ReadContext {
  return {
    vault: {
      name: 'test',
      chainId: 1,
      account: vaultAddress,
      base: weth,
      quote: usdc,
      numeraire: 'quote',
      deltaModel: 'stickyStrike',
      targetDelta: 0,
      rate: 0,
      ...overrides.vault,
    },
    block: {
      number: 100n,
      hash: `0x${'aa'.repeat(32)}`,
      parentHash: `0x${'bb'.repeat(32)}`,
      timestampSeconds: overrides.timestampSeconds ?? nowSeconds,
      baseFeePerGasWei: 1_000_000_000n,
    },
    memory: overrides.memory,
  };
}
