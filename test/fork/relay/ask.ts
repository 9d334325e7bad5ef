import { id as keccakOfText, Wallet } from 'ethers';

/** A JSON-RPC answer with its HTTP status. */
export interface Answer {
  readonly status: number;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
  readonly id?: unknown;
}

const identity = Wallet.createRandom();

/** The header that belongs to a body. */
export async function signatureOf(
  body: string,
  by: Pick<Wallet, 'address' | 'signMessage'> = identity,
): Promise<string> {
  return `${by.address}:${await by.signMessage(keccakOfText(body))}`;
}

/** Posts exactly this body; with a right signature unless a header (or none: null) is given. */
export async function post(url: string, body: string, header?: string | null): Promise<Answer> {
  const signature = header === undefined ? await signatureOf(body) : header;
  const response = await fetch(url, {
    method: 'POST',
    headers: signature === null ? {} : { 'x-flashbots-signature': signature },
    body,
    signal: AbortSignal.timeout(5_000),
  });
  const text = await response.text();
  try {
    return { status: response.status, ...(JSON.parse(text) as object) };
  } catch {
    return { status: response.status, result: text };
  }
}

/** Calls a method, signed by one identity for all calls unless another is given. */
export async function ask(
  url: string,
  method: string,
  params: unknown,
  by: Pick<Wallet, 'address' | 'signMessage'> = identity,
): Promise<Answer> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  return post(url, body, await signatureOf(body, by));
}
