import { CorruptDataError } from '../../../src/core/errors.ts';
import type { Hash, Hex } from '../../../src/core/units.ts';

/**
 * What bytes look like on a simulated chain: short handles of plain data. The same content always has the same bytes, and
 * other content has other bytes, which is all that calldata, signatures and hashes are needed for here.
 */
export class Bytes {
  readonly #contents: unknown[] = [];
  readonly #handles = new Map<string, Hex>();

  /**
   * The bytes of a content.
   *
   * @param identity a text that is the same for the same content and for no other
   */
  of(identity: string, content: unknown): Hex {
    const known = this.#handles.get(identity);
    if (known !== undefined) return known;
    const handle = `0x${this.#contents.length.toString(16).padStart(8, '0')}` as const;
    this.#contents.push(content);
    this.#handles.set(identity, handle);
    return handle;
  }

  /** The content of bytes. @throws CorruptDataError for bytes that nobody made */
  read<T>(bytes: Hex): T {
    const index = Number(bytes);
    if (index >= this.#contents.length) throw new CorruptDataError('simulated bytes', bytes, 'known bytes');
    return this.#contents[index] as T;
  }
}

/** A hash without collisions: the bytes themselves, made long. */
export function hashOfBytes(bytes: Hex): Hash {
  return `0x${bytes.slice(2).padStart(64, 'f')}`;
}

/** The bytes that a hash was made of. */
export function bytesOfHash(hash: Hash): Hex {
  return `0x${hash.slice(-8)}`;
}
