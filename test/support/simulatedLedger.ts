import { keccak256, stringToHex } from 'viem';
import { decodeJournaled, encodeJournaled } from '../../src/adapters/stores/internal/canonicalJson.ts';
import type { Order } from '../../src/core/decision.ts';
import type { BlockFacts } from '../../src/core/snapshot.ts';
import type { Hash, Hex } from '../../src/core/units.ts';
import type { OrderCall, SignedContent } from './orderCall.ts';

/** Plain data as hex and back: how calls, calldata, logs and signed bytes look on the simulated chain. */
export const toData = (value: unknown): Hex => stringToHex(encodeJournaled(value));
export const fromData = <T>(data: Hex): T =>
  decodeJournaled(Buffer.from(data.slice(2), 'hex').toString('utf8')) as T;

/** A vault's own state: what it owns, what else moves with the price, and the next sequence. */
export interface VaultState {
  readonly baseRaw: bigint;
  readonly quoteRaw: bigint;
  /** Exposure beside what it owns freely, base smallest units, signed. */
  readonly lockedRaw: bigint;
  readonly nextSequence: bigint;
}

/** Everything that the simulated chain knows at one block. */
export interface LedgerState {
  readonly nonces: Readonly<Record<string, number>>;
  readonly vaults: Readonly<Record<string, VaultState>>;
}

export interface Included {
  readonly hash: Hash;
  readonly content: SignedContent;
  readonly succeeded: boolean;
}

export interface LedgerBlock {
  readonly facts: BlockFacts;
  readonly included: readonly Included[];
  readonly state: LedgerState;
}

/** Quote smallest units that `baseRaw` is worth: the simulated market stands at 2,000.00. */
export const worth = (baseRaw: bigint): bigint => (baseRaw * 2_000n) / 10n ** 12n;

/** What an order does to a vault in a block; null where the vault's contract refuses it. */
export function execute(
  vault: VaultState | undefined,
  order: Order,
  timestampSeconds: number,
): VaultState | null {
  if (vault === undefined || order.sequence !== vault.nextSequence) return null;
  if (timestampSeconds > order.deadlineSeconds) return null;
  const sign = order.side === 'sell' ? 1n : -1n;
  return {
    ...vault,
    baseRaw: vault.baseRaw - sign * order.baseRaw,
    quoteRaw: vault.quoteRaw + sign * worth(order.baseRaw),
    nextSequence: vault.nextSequence + 1n,
  };
}

/** A transaction without calldata does nothing and succeeds; any other carries an order. */
function outcomeOf(
  { vaults }: LedgerState,
  { data }: SignedContent,
  timestampSeconds: number,
): { readonly succeeded: boolean; readonly vaults: LedgerState['vaults'] } {
  if (data === '0x') return { succeeded: true, vaults };
  const { vault: name, order } = fromData<OrderCall>(data);
  const after = execute(vaults[name], order, timestampSeconds);
  return after === null
    ? { succeeded: false, vaults }
    : { succeeded: true, vaults: { ...vaults, [name]: after } };
}

/** What may differ from block to block. */
export interface MineOptions {
  /** Which of the transactions that could be included the builder takes; all where left out. */
  readonly take?: (hash: Hash) => boolean;
  /** Whether reverting transactions are included; private builders leave them out. */
  readonly reverts?: boolean;
  /** Changes of the vaults' other exposure in this block, base smallest units. */
  readonly drift?: Readonly<Record<string, bigint>>;
  readonly seconds?: number;
}

/**
 * The truth of a simulated chain: blocks, what is in them, and the state after each. Every branch keeps its own state,
 * so that a reorg is nothing but another head.
 *
 * For tests that say by hand what happens in each block: the price stands still, every order fills as planned, and calldata,
 * logs and hashes are real bytes, which a journal on a disk can keep. `test/simulation/world` is for histories at random.
 */
export class Ledger {
  blocks: LedgerBlock[];
  /** Every transaction that any builder ever got, in order of arrival. */
  readonly pool = new Map<Hash, SignedContent>();
  #branches = 0;

  constructor(vaults: Readonly<Record<string, VaultState>>) {
    const facts: BlockFacts = {
      number: 100n,
      hash: keccak256('0x00'),
      parentHash: keccak256('0x'),
      timestampSeconds: 1_770_000_000,
      baseFeePerGasWei: 10n ** 10n,
    };
    this.blocks = [{ facts, included: [], state: { nonces: {}, vaults } }];
  }

  get head(): LedgerBlock {
    return this.blocks[this.blocks.length - 1] as LedgerBlock;
  }

  /** The canonical block at a height. */
  at(number: bigint): LedgerBlock | undefined {
    return this.blocks[Number(number - 100n)];
  }

  byHash(hash: Hash): LedgerBlock | undefined {
    return this.blocks.find(({ facts }) => facts.hash === hash);
  }

  /** The canonical block that holds a transaction. */
  holding(hash: Hash): { readonly block: LedgerBlock; readonly included: Included } | undefined {
    for (const block of this.blocks) {
      const included = block.included.find((one) => one.hash === hash);
      if (included !== undefined) return { block, included };
    }
    return undefined;
  }

  /** Drops the newest blocks; what was in them can be mined again. */
  reorg(depth: number): void {
    this.#branches += 1;
    this.blocks.splice(Math.max(1, this.blocks.length - depth));
  }

  mine({ take = () => true, reverts = true, drift = {}, seconds = 12 }: MineOptions = {}): LedgerBlock {
    const parent = this.head;
    const timestampSeconds = parent.facts.timestampSeconds + seconds;
    let state: LedgerState = {
      ...parent.state,
      vaults: Object.fromEntries(
        Object.entries(parent.state.vaults).map(([name, vault]) => [
          name,
          { ...vault, lockedRaw: vault.lockedRaw + (drift[name] ?? 0n) },
        ]),
      ),
    };
    const included: Included[] = [];
    for (let progress = true; progress; ) {
      progress = false;
      for (const [hash, content] of this.pool) {
        if ((state.nonces[content.from] ?? 0) !== content.nonce || !take(hash)) continue;
        if (content.maxFeePerGasWei < parent.facts.baseFeePerGasWei) continue;
        const { succeeded, vaults } = outcomeOf(state, content, timestampSeconds);
        if (!succeeded && !reverts) continue;
        included.push({ hash, content, succeeded });
        state = {
          nonces: { ...state.nonces, [content.from]: content.nonce + 1 },
          vaults,
        };
        progress = true;
      }
    }
    const number = parent.facts.number + 1n;
    const hash = keccak256(
      toData([parent.facts.hash, this.#branches, this.blocks.length, Object.entries(drift)]),
    );
    const facts: BlockFacts = {
      number,
      hash,
      parentHash: parent.facts.hash,
      timestampSeconds,
      baseFeePerGasWei: parent.facts.baseFeePerGasWei,
    };
    const block = { facts, included, state };
    this.blocks.push(block);
    return block;
  }
}
