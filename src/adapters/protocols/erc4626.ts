import { parseAbi } from 'viem';
import { z } from 'zod';
import { erc20Abi } from '../../../abis/erc20.ts';
import { CorruptDataError, InvalidInputError } from '../../core/errors.ts';
import type { DebtPosition, SpotPosition } from '../../core/position.ts';
import { all, known, type Read } from '../../core/read.ts';
import type { VaultTerms } from '../../core/snapshot.ts';
import { type Address, mulDivDown, mulDivUp, sameAddress } from '../../core/units.ts';
import { defineProtocol, type Memory } from '../../ports/protocol.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { call, tryCall } from '../chain/index.ts';
import { readAaveAccount } from './internal/aaveAccount.ts';
import { aavePositions, sidedReserves } from './internal/aavePositions.ts';
import { lockedSpot, sideOf } from './internal/pairSides.ts';

const lookThrough = z.strictObject({
  aavePool: addressSchema.optional().describe('the Aave v3 market that the vault lends to or borrows from'),
});

const config = z.strictObject({
  vault: addressSchema.describe('the ERC-4626 vault whose shares the account holds'),
  lookThrough: lookThrough
    .optional()
    .describe('count a share of what that vault holds instead of the value of the shares'),
});
type ShareConfig = z.infer<typeof config>;

const memorySchema = z.object({
  vault: addressSchema,
  asset: addressSchema,
  /** Shares, raw, as a decimal. */
  shares: z.string().regex(/^\d+$/),
  inner: z.unknown(),
});
type ShareMemory = z.infer<typeof memorySchema>;

/** The part of ERC-4626 that is read. */
const shareViews = parseAbi([
  'function asset() view returns (address)',
  'function balanceOf(address account) view returns (uint256)',
  'function totalSupply() view returns (uint256)',
  'function convertToAssets(uint256 shares) view returns (uint256)',
]);

/**
 * Shares of another vault by ERC-4626, proved on OpenZeppelin's 5.7.0. As they are, they count as the tokens that
 * `convertToAssets` gives, before any fee of leaving: right for a vault that holds its asset and nothing that moves against
 * it. Looked through, they count as that share of the base and quote that the vault holds, and of its account at an Aave v3
 * market: right where those are all that it has. Not covered: fees of leaving, limits and queues of withdrawals (ERC-7540
 * requests), other positions of a vault that is looked through.
 *
 * @throws InvalidInputError where the asset of the vault is neither base nor quote, and it is not looked through, or where it
 *   is the account itself
 * @throws CorruptDataError where the account has more shares than there are
 */
export const erc4626 = defineProtocol<ShareConfig>({
  summary: 'shares of an ERC-4626 vault, at their value or looked through to what it holds',
  verified: 'contracts',
  config,
  sample: { vault: '0xBa11A57000000000000000000000000000000201' },
  counts: ({ vault }) => [vault],
  *read({ vault: shareVault, lookThrough }, { vault, memory }) {
    if (sameAddress(shareVault, vault.account)) {
      throw new InvalidInputError(
        'vault',
        shareVault,
        'another vault than the account, whose own tokens count',
      );
    }
    const seen = memoryOf(memory, shareVault);
    const asset = seen?.asset ?? (yield* call(shareViews, shareVault, 'asset', []));
    const guess = BigInt(seen?.shares ?? 0);
    const [shares, supply, guessedRaw, inner] = yield* all([
      call(shareViews, shareVault, 'balanceOf', [vault.account]),
      call(shareViews, shareVault, 'totalSupply', []),
      // No shares are worth nothing, also where a vault without any cannot say so.
      lookThrough === undefined && guess > 0n
        ? tryCall(shareViews, shareVault, 'convertToAssets', [guess])
        : known(null),
      lookThrough === undefined
        ? known({ positions: [], memory: null })
        : readInner({ ...vault, account: shareVault }, lookThrough.aavePool, seen?.inner),
    ]);
    const next: ShareMemory = { vault: shareVault, asset, shares: String(shares), inner: inner.memory };
    if (shares === 0n) return { value: [], memory: next };
    if (shares > supply) throw new CorruptDataError(`shares of ${shareVault}`, shares, `at most ${supply}`);
    if (lookThrough !== undefined) {
      return { value: inner.positions.map((position) => partOf(position, shares, supply)), memory: next };
    }
    const side = sideOf(asset, vault);
    if (side === null) {
      const expected = 'a vault whose asset is base or quote, or one that is looked through';
      throw new InvalidInputError('vault', `${shareVault}, of ${asset}`, expected);
    }
    const amountRaw =
      shares === guess && guessedRaw !== null
        ? guessedRaw
        : yield* call(shareViews, shareVault, 'convertToAssets', [shares]);
    return { value: [lockedSpot(`shares of ${shareVault}`, side, amountRaw)], memory: next };
  },
});

function memoryOf(memory: Memory, shareVault: Address): ShareMemory | null {
  const found = memorySchema.safeParse(memory);
  return found.success && sameAddress(found.data.vault, shareVault) ? found.data : null;
}

/** What a vault holds that can be looked through to. @param terms as if it were the vault that is kept neutral */
function* readInner(
  terms: VaultTerms,
  aavePool: Address | undefined,
  memory: Memory,
): Read<{ readonly positions: readonly (SpotPosition | DebtPosition)[]; readonly memory: Memory }> {
  const { base, quote, account } = terms;
  const [baseRaw, quoteRaw, lending] = yield* all([
    call(erc20Abi, base.address, 'balanceOf', [account]),
    call(erc20Abi, quote.address, 'balanceOf', [account]),
    aavePool === undefined
      ? known(null)
      : readAaveAccount(aavePool, account, [base.address, quote.address], memory),
  ]);
  return {
    positions: [
      lockedSpot(base.symbol, 'base', baseRaw),
      lockedSpot(quote.symbol, 'quote', quoteRaw),
      ...(lending === null ? [] : aavePositions(sidedReserves(lending.reserves, terms, []), terms)),
    ],
    memory: lending?.memory ?? null,
  };
}

/** What belongs to so many shares of all: tokens rounded down, debt up. */
function partOf(
  position: SpotPosition | DebtPosition,
  shares: bigint,
  supply: bigint,
): SpotPosition | DebtPosition {
  const label = `shares: ${position.label}`;
  return position.kind === 'spot'
    ? { ...position, label, amountRaw: mulDivDown(position.amountRaw, shares, supply) }
    : { ...position, label, owedRaw: mulDivUp(position.owedRaw, shares, supply) };
}
