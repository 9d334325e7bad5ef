import { erc20Abi } from 'viem';
import { z } from 'zod';
import { CorruptDataError } from '../../core/errors.ts';
import type { Position } from '../../core/position.ts';
import { all, known, type Read } from '../../core/read.ts';
import { type Address, sameAddress } from '../../core/units.ts';
import type { ReadContext } from '../../ports/protocol.ts';
import { defineProtocol, type Memory } from '../../ports/protocol.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { call } from '../chain/index.ts';
import { readOpynBook, shareOf } from './internal/opynBook.ts';
import { lockedSpot, sideOf, UnsupportedCollateralError } from './internal/pairSides.ts';
import { ribbonVaultAbi } from './internal/ribbonAbi.ts';

const config = z.strictObject({
  vault: addressSchema.describe('the theta vault: one whose shares the account holds, or the account itself'),
});

/** What never changes of a theta vault, and what was seen last, in plain JSON. */
const memorySchema = z.object({
  vault: addressSchema,
  asset: addressSchema,
  decimals: z.int(),
  controller: addressSchema,
  options: z.array(addressSchema),
  withdrawalRound: z.int(),
  book: z.unknown(),
});
type Terms = Pick<z.infer<typeof memorySchema>, 'vault' | 'asset' | 'decimals' | 'controller'>;

const NOBODY: Address = '0x0000000000000000000000000000000000000000';

/**
 * A Ribbon-style theta vault that sells Opyn Gamma options: its shorts, its collateral and the oTokens that it has not
 * sold yet. For a holder of shares all of it counts by its part of the shares that are in play, and beside it the idle
 * asset, deposits that wait for the next round, and withdrawals whose price is fixed. Where the account is the vault itself, the
 * whole book counts, and its idle asset is read by `balances`.
 *
 * Reads `ribbon-finance/ribbon-v2` at commit 9a7c788f123cf1e82b207b1ddbcddcab14727019. Not covered: fees of a round that is
 * not over, vaults whose collateral earns in another protocol (stETH, rETH, Yearn), and oTokens that an auction holds,
 * which count as sold.
 */
export const ribbon = defineProtocol<z.infer<typeof config>>({
  summary: 'Ribbon theta vault: its Opyn shorts, whole or by the shares held',
  verified: 'abi-only',
  config,
  sample: { vault: '0x25751853Eab4D0eB3652B5eB6ecB102A2789644B' },
  // The account's own Opyn vaults, where it is the theta vault itself.
  counts: ({ vault }, account) => (sameAddress(vault, account) ? [vault, 'opyn'] : [vault]),
  *read({ vault }, context) {
    const remembered = memoryOf(context.memory, vault);
    const terms = remembered ?? (yield* readTerms(vault));
    const seenOptions = remembered?.options ?? [];
    const seenRound = remembered?.withdrawalRound ?? 0;
    const [state, book] = yield* all([
      readState(terms, context.vault.account, seenRound),
      readBook(terms, seenOptions, context, remembered?.book),
    ]);
    const { options } = state;
    const isNew = options.some((option) => !seenOptions.some((seen) => sameAddress(seen, option)));
    const current = isNew ? yield* readBook(terms, options, context, book.memory) : book;
    const pricePerShare =
      state.withdrawal.round === seenRound
        ? state.seenPricePerShare
        : yield* call(ribbonVaultAbi, vault, 'roundPricePerShare', [BigInt(state.withdrawal.round)]);
    const next = { ...terms, options, withdrawalRound: state.withdrawal.round, book: current.memory };
    if (sameAddress(vault, context.vault.account)) return { value: current.positions, memory: next };
    const { held, inPlay } = sharesOf(state);
    const part = held === 0n ? [] : shareOf(current, held, inPlay);
    return { value: [...part, ...cash(terms, state, pricePerShare, context)], memory: next };
  },
});

function memoryOf(memory: Memory, vault: Address) {
  const found = memorySchema.safeParse(memory);
  return found.success && sameAddress(found.data.vault, vault) ? found.data : null;
}

function* readTerms(vault: Address): Read<Terms> {
  const [params, controller] = yield* all([
    call(ribbonVaultAbi, vault, 'vaultParams', []),
    call(ribbonVaultAbi, vault, 'GAMMA_CONTROLLER', []),
  ]);
  const [, decimals, asset] = params;
  return { vault, asset, decimals, controller };
}

function readBook(
  { vault, controller }: Terms,
  otokens: readonly Address[],
  context: ReadContext,
  memory: Memory,
) {
  return readOpynBook({ controller, account: vault, otokens }, context.vault, context.block, memory);
}

/** What a theta vault says of itself and of one holder at a block. */
interface State {
  readonly round: number;
  readonly totalPendingRaw: bigint;
  readonly queuedShares: bigint;
  readonly queuedAmountRaw: bigint;
  readonly totalShares: bigint;
  readonly idleRaw: bigint;
  readonly shares: bigint;
  /** The option that is short now, and the one that is chosen for the next round. */
  readonly options: readonly Address[];
  readonly receipt: { readonly round: number; readonly amountRaw: bigint };
  readonly withdrawal: { readonly round: number; readonly shares: bigint };
  readonly seenPricePerShare: bigint;
}

function* readState({ vault, asset }: Terms, account: Address, seenRound: number): Read<State> {
  const [state, option, queuedAmountRaw, totalShares, idleRaw, shares, receipt, withdrawal, price] =
    yield* all([
      call(ribbonVaultAbi, vault, 'vaultState', []),
      call(ribbonVaultAbi, vault, 'optionState', []),
      call(ribbonVaultAbi, vault, 'lastQueuedWithdrawAmount', []),
      call(ribbonVaultAbi, vault, 'totalSupply', []),
      call(erc20Abi, asset, 'balanceOf', [vault]),
      call(ribbonVaultAbi, vault, 'shares', [account]),
      call(ribbonVaultAbi, vault, 'depositReceipts', [account]),
      call(ribbonVaultAbi, vault, 'withdrawals', [account]),
      seenRound === 0 ? known(0n) : call(ribbonVaultAbi, vault, 'roundPricePerShare', [BigInt(seenRound)]),
    ]);
  const [round, , , totalPendingRaw, queuedShares] = state;
  const [nextOption, currentOption] = option;
  return {
    round,
    totalPendingRaw,
    queuedShares,
    queuedAmountRaw,
    totalShares,
    idleRaw,
    shares,
    options: [currentOption, nextOption].filter((otoken) => !sameAddress(otoken, NOBODY)),
    receipt: { round: receipt[0], amountRaw: receipt[1] },
    withdrawal: { round: withdrawal[0], shares: withdrawal[1] },
    seenPricePerShare: price,
  };
}

/** Shares of the holder that still bear the round's result, and all that do. */
function sharesOf({ shares, withdrawal, round, totalShares, queuedShares }: State) {
  const leaving = withdrawal.round === round ? withdrawal.shares : 0n;
  const [held, inPlay] = [shares + leaving, totalShares - queuedShares];
  if (held > inPlay) throw new CorruptDataError('shares of a theta vault', held, `at most ${inPlay} in play`);
  return { held, inPlay };
}

/** What a holder has in a theta vault beside options: its part of what is idle, and what is its alone. */
function cash(
  { vault, asset, decimals }: Terms,
  state: State,
  pricePerShare: bigint,
  { vault: terms }: ReadContext,
): readonly Position[] {
  const { round, idleRaw, queuedAmountRaw, totalPendingRaw, receipt, withdrawal } = state;
  const { held, inPlay } = sharesOf(state);
  const sharedRaw = idleRaw - queuedAmountRaw - totalPendingRaw;
  if (sharedRaw < 0n) {
    throw new CorruptDataError(
      'idle asset of a theta vault',
      idleRaw,
      `at least ${queuedAmountRaw + totalPendingRaw}`,
    );
  }
  const amounts = {
    'ribbon idle': held === 0n ? 0n : (sharedRaw * held) / inPlay,
    'ribbon deposit waiting': receipt.round === round ? receipt.amountRaw : 0n,
    'ribbon withdrawal':
      withdrawal.round < round ? (withdrawal.shares * pricePerShare) / 10n ** BigInt(decimals) : 0n,
  };
  const present = Object.entries(amounts).filter(([, amountRaw]) => amountRaw > 0n);
  const side = sideOf(asset, terms);
  if (present.length > 0 && side === null)
    throw new UnsupportedCollateralError(`ribbon vault ${vault}`, asset, terms);
  return present.map(([label, amountRaw]) => lockedSpot(label, side as 'base' | 'quote', amountRaw));
}
