/** Parameters that are JSON already: what is large is written once, where it is made. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a node said: a result, or an error of its own. */
export type RpcAnswer =
  | { readonly ok: true; readonly result: unknown }
  | {
      readonly ok: false;
      readonly code: number;
      readonly message: string;
      readonly data: unknown;
    };

/** Where a result of hexadecimal bytes starts in an answer. */
const hexResult = '"result":"0x';
/** Everything around a long result: id, version, brackets. */
const mostEnvelopeBytes = 256;

/** The body of a request. */
export function requestText(id: number, method: string, params: readonly unknown[] | JsonText): string {
  const text = params instanceof JsonText ? params.text : JSON.stringify(params);
  return `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":${text}}`;
}

/**
 * The answer in a body. A long result of hexadecimal bytes, as of a batch of reads, is cut out as it stands; only what is
 * around it is parsed.
 *
 * @throws SyntaxError when the body is no JSON-RPC answer
 */
export function parseAnswer(body: Buffer): RpcAnswer {
  const start = body.length > mostEnvelopeBytes ? body.indexOf(hexResult, 0, 'latin1') : -1;
  if (start < 0 || start > mostEnvelopeBytes) return answerOf(JSON.parse(body.toString()));
  const from = start + hexResult.length - 2;
  const end = body.indexOf(0x22, from);
  const envelope = end < 0 ? null : around(body, from, end);
  if (envelope === null) return answerOf(JSON.parse(body.toString()));
  return { ...answerOf(envelope), result: body.toString('latin1', from, end) } as RpcAnswer;
}

/** What is around a result from `from` to `end`, null where that is no plain answer. */
function around(body: Buffer, from: number, end: number): { readonly result: unknown } | null {
  if (body.length - end > mostEnvelopeBytes) return null;
  try {
    const text = body.toString('latin1', 0, from) + body.toString('latin1', end);
    const envelope = JSON.parse(text) as { readonly result?: unknown; readonly error?: unknown };
    const isPlain = envelope.result === '' && (envelope.error ?? null) === null;
    return isPlain ? { result: '' } : null;
  } catch {
    return null;
  }
}

function answerOf(parsed: unknown): RpcAnswer {
  if (typeof parsed !== 'object' || parsed === null) throw new SyntaxError('no JSON-RPC answer');
  const { error } = parsed as { readonly error?: unknown };
  if (typeof error === 'object' && error !== null) {
    const { code, message, data } = error as Readonly<Record<string, unknown>>;
    return { ok: false, code: Number(code ?? 0), message: String(message ?? 'no message'), data };
  }
  if (!('result' in parsed)) throw new SyntaxError('no JSON-RPC answer');
  return { ok: true, result: parsed.result };
}
