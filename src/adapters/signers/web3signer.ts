import {
  hashMessage,
  hexToBigInt,
  keccak256,
  numberToHex,
  parseTransaction,
  serializeSignature,
  serializeTransaction,
  size,
  slice,
  stringToHex,
  type TransactionSerializable,
} from 'viem';
import { z } from 'zod';
import { type Address, type Hex, sameAddress } from '../../core/units.ts';
import { defineSigner, type PricedTransaction } from '../../ports/signer.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { CURVE_ORDER } from './internal/der.ts';
import { provenSignature } from './internal/digestSigner.ts';
import { SigningMismatchError, SigningServiceError } from './internal/errors.ts';
import { askService, type Service, serviceAt, serviceTimeout, serviceUrl } from './internal/service.ts';
import { toWire } from './internal/wireTransaction.ts';

const config = z.strictObject({
  url: serviceUrl.describe(
    'JSON-RPC endpoint of the remote signer, in a network that only the keeper reaches',
  ),
  address: addressSchema.describe('the account that signs'),
  timeoutMs: serviceTimeout,
});

const hex = z.templateLiteral([
  '0x',
  z
    .string()
    .max(300_000)
    .regex(/^(?:[0-9a-fA-F]{2})+$/),
]);
/** Web3signer gives the bytes; geth and clef give them as `raw`, beside the transaction in words. */
const signedBytes = z.union([hex, z.object({ raw: hex }).transform(({ raw }) => raw)]);

/**
 * A remote signer that speaks JSON-RPC (web3signer in eth1 mode, clef): eth_accounts, eth_signTransaction, eth_sign. What
 * it gives back is taken apart and compared, field by field, with what was asked for.
 */
export const web3signer = defineSigner<z.infer<typeof config>>({
  summary: 'remote signer over JSON-RPC (web3signer, clef)',
  config,
  sample: {
    url: 'http://127.0.0.1:9000',
    address: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
    timeoutMs: 3_000,
  },
  async open({ url, address, timeoutMs }, _secrets, fetch) {
    const service = serviceAt('remote signer', url, timeoutMs, fetch);
    const accounts = await call(service, url, 'eth_accounts', [], z.array(z.string()));
    if (!accounts.some((account) => sameAddress(account as Address, address))) {
      throw new SigningMismatchError(
        service.name,
        'account',
        accounts.slice(0, 5).map(shortened).join(', ') || 'none',
        address,
      );
    }
    const signMessageBytes = async (raw: Hex) => {
      const signature = await call(service, url, 'eth_sign', [address, raw], hex);
      if (size(signature) !== 65) {
        throw new SigningMismatchError(service.name, 'signature', `${size(signature)} bytes`, '65 bytes');
      }
      const numbers = { r: hexToBigInt(slice(signature, 0, 32)), s: hexToBigInt(slice(signature, 32, 64)) };
      return serializeSignature(await provenSignature(service.name, hashMessage({ raw }), numbers, address));
    };
    return {
      address,
      async signTransaction(transaction) {
        const request = requestOf(transaction, address);
        const raw = await call(service, url, 'eth_signTransaction', [request], signedBytes);
        return provenTransaction(service.name, raw, transaction, address);
      },
      signMessage: (message) => signMessageBytes(stringToHex(message)),
      signMessageBytes,
    };
  },
});

const shortened = (text: string) => text.slice(0, 42);

/** The transaction as eth_signTransaction takes it; signers of before 2021 read `data`, later ones `input` as well. */
function requestOf(transaction: PricedTransaction, from: Address) {
  const { chainId, nonce, to, data, value, gas, maxFeePerGas, maxPriorityFeePerGas } = toWire(transaction);
  return {
    from,
    to,
    data,
    type: '0x2',
    chainId: numberToHex(chainId),
    nonce: numberToHex(nonce),
    value: numberToHex(value),
    gas: numberToHex(gas),
    maxFeePerGas: numberToHex(maxFeePerGas),
    maxPriorityFeePerGas: numberToHex(maxPriorityFeePerGas),
  };
}

const answerOf = <T>(result: z.ZodType<T>) =>
  z.object({ result: result.optional(), error: z.object({ code: z.number() }).nullish() });

async function call<T>(
  service: Service,
  url: string,
  method: string,
  params: readonly unknown[],
  result: z.ZodType<T>,
): Promise<T> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const headers = { 'content-type': 'application/json' };
  const answer = await askService(service, { url, method: 'POST', headers, body }, answerOf(result));
  if (answer.error)
    throw new SigningServiceError(service.name, `${method}: error ${answer.error.code}`, false);
  if (answer.result === undefined) throw new SigningServiceError(service.name, `${method}: no result`, false);
  return answer.result;
}

/**
 * The bytes, once they are proven to be the transaction that was asked for, signed by the address: each field first, for
 * the words of the error, then the whole against our own serialisation.
 *
 * @throws SigningMismatchError naming the first field that differs
 */
async function provenTransaction(
  service: string,
  raw: Hex,
  asked: PricedTransaction,
  address: Address,
): Promise<Hex> {
  const wire = toWire(asked);
  const given = decoded(service, raw);
  const found = {
    value: 0n,
    nonce: 0,
    data: '0x',
    gas: 0n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    ...given,
  };
  for (const [field, expected] of Object.entries(wire)) {
    const value = String((found as Record<string, unknown>)[field] ?? 'none').toLowerCase();
    if (value !== String(expected).toLowerCase())
      throw new SigningMismatchError(service, field, value.slice(0, 80), String(expected).slice(0, 80));
  }
  const { r, s } = given;
  if (r === undefined || s === undefined) throw new SigningMismatchError(service, 'signature', 'none', 'one');
  const numbers = { r: BigInt(r), s: BigInt(s) };
  if (numbers.s > CURVE_ORDER / 2n) {
    throw new SigningMismatchError(
      service,
      'signature',
      's in the upper half of the group',
      's in the lower half',
    );
  }
  const signature = await provenSignature(service, keccak256(serializeTransaction(wire)), numbers, address);
  const expected = serializeTransaction(wire, signature);
  if (raw.toLowerCase() !== expected) {
    throw new SigningMismatchError(
      service,
      'transaction',
      'bytes with something beside its fields',
      'its fields only',
    );
  }
  return expected;
}

function decoded(service: string, raw: Hex): TransactionSerializable {
  try {
    return parseTransaction(raw) as TransactionSerializable;
  } catch {
    throw new SigningMismatchError(service, 'transaction', 'bytes that are none', 'a signed transaction');
  }
}
