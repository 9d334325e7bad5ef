import type { Address } from '../../core/units.ts';
import type { Memory } from '../../ports/protocol.ts';
import type { OrderRecord, Store } from '../../ports/store.ts';
import { recallAll } from '../memories.ts';

/** A lane is remembered beside the vaults, under a name that no vault can have. */
function laneName(chainId: number, signer: Address): string {
  return `#${chainId}:${signer.toLowerCase()}`;
}

const consumerKey = (nonce: number) => `engine.consumed:${nonce}`;
const usedKey = (nonce: number) => `engine.used:${nonce}`;
const foreignKey = 'engine.foreign';
const checkedKey = 'engine.checkedTo';

/**
 * Remembers that an order used a nonce for good, before the journal closes the order: afterwards nothing else says so.
 *
 * @throws JournalError
 */
export async function rememberConsumer(
  store: Store,
  { chainId, signer }: Pick<OrderRecord, 'chainId' | 'signer'>,
  nonce: number,
): Promise<void> {
  await store.remember(laneName(chainId, signer), consumerKey(nonce), true);
}

/** Whether an order or a filler of ours used a nonce for good. @throws JournalError */
export async function isConsumerKnown(
  store: Store,
  chainId: number,
  signer: Address,
  nonce: number,
): Promise<boolean> {
  return (await store.recall(laneName(chainId, signer), consumerKey(nonce))) === true;
}

/**
 * Remembers that a nonce was used for good by something else than the order or filler that is closed with it: once that is
 * closed, nothing else says so.
 *
 * @throws JournalError
 */
export async function rememberUsed(
  store: Store,
  { chainId, signer }: Pick<OrderRecord, 'chainId' | 'signer'>,
  nonce: number,
): Promise<void> {
  await store.remember(laneName(chainId, signer), usedKey(nonce), true);
}

/**
 * The lowest of some nonces that is known to be used for good, by ours or by something else; null where none is.
 *
 * @throws JournalError
 */
export async function lowestUsedForGood(
  store: Store,
  chainId: number,
  signer: Address,
  nonces: readonly number[],
): Promise<number | null> {
  const keys = nonces.flatMap((nonce) => [consumerKey(nonce), usedKey(nonce)]);
  const memories = await recallAll(store, laneName(chainId, signer), keys);
  const isUsed = (nonce: number) =>
    memories.get(consumerKey(nonce)) === true || memories.get(usedKey(nonce)) === true;
  return nonces.find(isUsed) ?? null;
}

/** What is remembered of a lane. */
export interface LaneMemory {
  /** The nonce below which every one was accounted for; null where the lane was never looked at. */
  readonly checkedTo: number | null;
  /** The newest foreign nonce; null where there never was one. */
  readonly foreign: ForeignNonce | null;
}

/** @throws JournalError */
export async function recallLane(store: Store, chainId: number, signer: Address): Promise<LaneMemory> {
  const memories = await recallAll(store, laneName(chainId, signer), [checkedKey, foreignKey]);
  const checkedTo = memories.get(checkedKey);
  return {
    checkedTo: typeof checkedTo === 'number' ? checkedTo : null,
    foreign: foreignNonceIn(memories.get(foreignKey)),
  };
}

/** @throws JournalError */
export async function rememberCheckedTo(
  store: Store,
  chainId: number,
  signer: Address,
  nonce: number,
): Promise<void> {
  await store.remember(laneName(chainId, signer), checkedKey, nonce);
}

/** A nonce that a transaction outside the journal used. */
export interface ForeignNonce {
  readonly nonce: number;
  /** `suspected`: perhaps a receipt is only late. `proven` stays until somebody acknowledges it. */
  readonly standing: 'suspected' | 'proven' | 'acknowledged';
}

const standings: readonly unknown[] = ['suspected', 'proven', 'acknowledged'];

function foreignNonceIn(memory: Memory): ForeignNonce | null {
  if (typeof memory !== 'object' || memory === null) return null;
  const { nonce, standing } = memory as Partial<Record<keyof ForeignNonce, unknown>>;
  if (typeof nonce !== 'number' || !standings.includes(standing)) return null;
  return { nonce, standing: standing as ForeignNonce['standing'] };
}

/** @throws JournalError */
export async function rememberForeign(
  store: Store,
  chainId: number,
  signer: Address,
  { nonce, standing }: ForeignNonce,
): Promise<void> {
  await store.remember(laneName(chainId, signer), foreignKey, { nonce, standing });
}

/**
 * Says that somebody has looked into a lane's foreign transactions: the keeper may use the key again.
 *
 * @returns the nonce that was acknowledged; null where there was nothing to acknowledge
 * @throws JournalError
 */
export async function acknowledgeForeign(
  store: Store,
  chainId: number,
  signer: Address,
): Promise<number | null> {
  const { foreign: found } = await recallLane(store, chainId, signer);
  if (found?.standing !== 'proven') return null;
  await rememberForeign(store, chainId, signer, { ...found, standing: 'acknowledged' });
  return found.nonce;
}
