import { keccak256, toBytes } from 'viem';
import type { Hash } from '../../../core/units.ts';
import type { RelaySimulation, Submission } from '../../../ports/relay.ts';
import type { Signer } from '../../../ports/signer.ts';
import { type Endpoint, type Exchange, exchange, requestBody } from './exchange.ts';
import { redact } from './redact.ts';

/**
 * The value of X-Flashbots-Signature for a body: the identity's address and its personal signature of the body's keccak
 * hash, written as a 66-character lower-case string.
 */
async function signatureHeader(identity: Signer, body: string): Promise<string> {
  return `${identity.address}:${await identity.signMessage(keccak256(toBytes(body)))}`;
}

/** Signs and sends one request. Never throws: an identity that cannot sign is a fault like a relay that does not answer. */
export async function signedExchange(
  endpoint: Endpoint,
  identity: Signer,
  method: string,
  params: readonly unknown[],
): Promise<Exchange> {
  const body = requestBody(method, params);
  let header: string;
  try {
    header = await signatureHeader(identity, body);
  } catch {
    return { kind: 'fault', what: 'the relay identity could not sign the request' };
  }
  return exchange(endpoint, body, { 'x-flashbots-signature': header });
}

/** Sends one request, signed where there is an identity. Never throws. */
export function ask(
  endpoint: Endpoint,
  identity: Signer | null,
  method: string,
  params: readonly unknown[],
): Promise<Exchange> {
  if (identity !== null) return signedExchange(endpoint, identity, method, params);
  return exchange(endpoint, requestBody(method, params), {});
}

/** Whether a result of eth_sendBundle says that the relay has the bundle. */
export function isBundleAccepted(result: unknown): boolean {
  if (typeof result !== 'object' || result === null || !('bundleHash' in result)) return false;
  return typeof result.bundleHash === 'string' && /^0x[0-9a-fA-F]{64}$/.test(result.bundleHash);
}

/** Whether a result of a private or public submission is the transaction's hash. */
export function isHashOf(transactionHash: Hash): (result: unknown) => boolean {
  return (result) => typeof result === 'string' && result.toLowerCase() === transactionHash.toLowerCase();
}

/** Parameters of eth_callBundle for a submission's first block, on the newest state. */
export function callBundleParams({ rawTransaction, firstBlock }: Submission): readonly unknown[] {
  return [{ txs: [rawTransaction], blockNumber: toHex(firstBlock), stateBlockNumber: 'latest' }];
}

/** What eth_callBundle said about the only transaction of a bundle. */
export function simulationOf(answer: Exchange, url: string): RelaySimulation {
  if (answer.kind === 'error') {
    const isVerdict = /^err:/i.test(answer.message);
    return { status: isVerdict ? 'impossible' : 'unknown', detail: redact(answer.message, url) };
  }
  if (answer.kind === 'http') return { status: 'unknown', detail: `HTTP ${answer.status}` };
  if (answer.kind === 'held') return { status: 'unknown', detail: `not asked: ${answer.why}` };
  if (answer.kind === 'fault') return { status: 'unknown', detail: redact(answer.what, url) };
  const transaction = onlyResult(answer.result);
  if (transaction === null)
    return { status: 'unknown', detail: 'the answer is not the one that is expected' };
  const { error, revert, gasUsed } = transaction;
  if (error !== undefined || revert !== undefined) {
    return { status: 'reverts', detail: redact(String(revert ?? error), url) };
  }
  if (typeof gasUsed !== 'number' || !Number.isSafeInteger(gasUsed) || gasUsed < 0) {
    return { status: 'unknown', detail: 'the answer is not the one that is expected' };
  }
  return { status: 'succeeds', gasUsed: BigInt(gasUsed) };
}

function onlyResult(result: unknown): Record<string, unknown> | null {
  const results = (result as { results?: unknown } | null | undefined)?.results;
  const first: unknown = Array.isArray(results) ? results[0] : null;
  return typeof first === 'object' && first !== null ? (first as Record<string, unknown>) : null;
}

/**
 * The name under which a bundle for one block can be replaced or taken back: the same for the same transaction and block,
 * so that it survives a restart; in the form of a version 4 UUID, which is what relays check for.
 */
export function bundleUuid(transactionHash: Hash, block: bigint): string {
  const digits = keccak256(toBytes(`${transactionHash.toLowerCase()}:${block}`)).slice(2, 34);
  const variant = '89ab'[Number.parseInt(digits.charAt(16), 16) % 4];
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-');
}

/** A block number as the relay's documentation writes it. */
export function toHex(value: bigint): `0x${string}` {
  return `0x${value.toString(16)}`;
}
