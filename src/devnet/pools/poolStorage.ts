import { concatHex, encodeAbiParameters, keccak256, numberToHex } from 'viem';
import { storageWriterBytecode } from '../../../abis/bytecode/storageWriter.ts';
import type { Address, Hex } from '../../core/units.ts';
import { DevnetError } from '../errors.ts';
import type { BlockBuilder } from '../market/blocks.ts';
import type { AnvilNode } from '../node/node.ts';
import { type Call, sendCalls } from '../node/transactions.ts';
import type { PoolSnapshot, SnapshotTick } from './poolSnapshot.ts';

/** A storage slot and its value, 32 bytes each. */
export type StorageWord = readonly [slot: Hex, value: Hex];

/** Where a Uniswap v3 pool keeps what a swap reads (UniswapV3Pool.sol's layout). */
const SLOT0 = 0n;
const LIQUIDITY_SLOT = 4n;
const TICKS_SLOT = 5n;
const BITMAP_SLOT = 6n;
/** Within a tick's record: the word with its flags, and the flag itself in that word's top byte. */
const TICK_FLAGS_OFFSET = 3n;
const INITIALIZED = 1n << 248n;
/** Price and tick are slot0's low bits; the rest is observations, protocol fee and the lock. */
const PRICE_BITS = 160n;
const PRICE_AND_TICK_BITS = 184n;
const TICKS_PER_WORD_BITS = 8;

/** 22,100 gas for each new word and its calldata: below the 16.8M that one transaction may use (EIP-7825). */
const WORDS_PER_TRANSACTION = 600;
const TRANSACTION_GAS = 16_000_000n;
const TRANSACTIONS_PER_BLOCK = 3;

/**
 * Writes a recorded pool's price, liquidity and ticks into a pool that is initialised at the same price. Fee growth,
 * past observations and positions are no part of a record, so its liquidity can be swapped against but not withdrawn;
 * where the gross liquidity of a tick is unknown the least that fits its net is taken, which no swap sees.
 *
 * @throws DevnetError when a write fails
 */
export async function writePoolSnapshot(
  node: AnvilNode,
  builder: BlockBuilder,
  from: Address,
  snapshot: PoolSnapshot,
) {
  const { address, name } = snapshot.pool;
  const poolCode = await node.request<Hex>('eth_getCode', [address, 'latest']);
  const slot0 = BigInt(await node.request<Hex>('eth_getStorageAt', [address, word(SLOT0), 'latest']));
  const calls = writeCalls(address, snapshotWords(snapshot, slot0));
  await node.request('anvil_setCode', [address, await writerCode(node)]);
  try {
    for (let start = 0; start < calls.length; start += TRANSACTIONS_PER_BLOCK) {
      const batch = calls.slice(start, start + TRANSACTIONS_PER_BLOCK);
      const sent = await sendCalls(node, from, batch, TRANSACTION_GAS);
      const { timestampSeconds } = await node.head();
      await builder.build({ timestampSeconds: timestampSeconds + 1 });
      await sent.confirm();
    }
  } catch (cause) {
    throw new DevnetError(`the ticks of ${name} were not written`, { cause });
  } finally {
    await node.request('anvil_setCode', [address, poolCode]);
  }
}

/** All words that differ between the freshly initialised pool and the recorded one. */
function snapshotWords(snapshot: PoolSnapshot, slot0: bigint): readonly StorageWord[] {
  const tickBits = BigInt.asUintN(24, BigInt(snapshot.tick)) << PRICE_BITS;
  const rest = (slot0 >> PRICE_AND_TICK_BITS) << PRICE_AND_TICK_BITS;
  const words: StorageWord[] = [
    [word(SLOT0), word(rest | tickBits | snapshot.sqrtPriceX96)],
    [word(LIQUIDITY_SLOT), word(snapshot.liquidity)],
  ];
  const bitmap = new Map<number, bigint>();
  for (const tick of snapshot.ticks) {
    const record = BigInt(mappingSlot(BigInt(tick.index), TICKS_SLOT));
    const gross = tick.liquidityGross ?? leastGross(tick);
    words.push([word(record), word((BigInt.asUintN(128, tick.liquidityNet) << 128n) | gross)]);
    words.push([word(record + TICK_FLAGS_OFFSET), word(INITIALIZED)]);
    const compressed = tick.index / snapshot.pool.tickSpacing;
    const position = compressed >> TICKS_PER_WORD_BITS;
    const bit = 1n << BigInt(compressed & ((1 << TICKS_PER_WORD_BITS) - 1));
    bitmap.set(position, (bitmap.get(position) ?? 0n) | bit);
  }
  for (const [position, bits] of bitmap) words.push([mappingSlot(BigInt(position), BITMAP_SLOT), word(bits)]);
  return words;
}

/** An initialised tick has some gross liquidity, even where additions and removals cancel out. */
function leastGross({ liquidityNet }: SnapshotTick): bigint {
  if (liquidityNet === 0n) return 1n;
  return liquidityNet < 0n ? -liquidityNet : liquidityNet;
}

function writeCalls(address: Address, words: readonly StorageWord[]): Call[] {
  const calls: Call[] = [];
  for (let start = 0; start < words.length; start += WORDS_PER_TRANSACTION) {
    const data = concatHex(words.slice(start, start + WORDS_PER_TRANSACTION).flat());
    calls.push({ label: 'write storage', to: address, data });
  }
  return calls;
}

/** A call that creates a contract answers its runtime code. */
function writerCode(node: AnvilNode): Promise<Hex> {
  return node.request<Hex>('eth_call', [{ data: storageWriterBytecode }, 'latest']);
}

function mappingSlot(key: bigint, mapping: bigint): Hex {
  return keccak256(encodeAbiParameters([{ type: 'int256' }, { type: 'uint256' }], [key, mapping]));
}

function word(value: bigint): Hex {
  return numberToHex(value, { size: 32 });
}
