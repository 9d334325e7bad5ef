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

/** The answer in a body. @throws SyntaxError when the body is no JSON-RPC answer */
export function parseAnswer(body: Buffer): RpcAnswer {
  return answerOf(JSON.parse(body.toString()));
}

/**
 * The answer in a body whose result may be long: `0x` and its digits, cut out of the body as they stand (ASCII, no copy); only
 * what is around them is parsed. Of any other result what {@link parseAnswer} says.
 *
 * @throws SyntaxError when the body is no JSON-RPC answer
 */
export function parseHexAnswer(body: Buffer): RpcAnswer {
  const start = body.length > mostEnvelopeBytes ? body.indexOf(hexResult, 0, 'latin1') : -1;
  if (start >= 0 && start <= mostEnvelopeBytes) {
    const from = start + hexResult.length - 2;
    const end = body.indexOf(0x22, from);
    if (end >= 0 && isPlainAround(body, from, end)) return { ok: true, result: body.subarray(from, end) };
  }
  const answer = parseAnswer(body);
  const isHex = answer.ok && typeof answer.result === 'string' && answer.result.startsWith('0x');
  return isHex ? { ok: true, result: Buffer.from(answer.result as string, 'latin1') } : answer;
}

/** Whether a result from `from` to `end` is all that there is in a body, its envelope left out. */
function isPlainAround(body: Buffer, from: number, end: number): boolean {
  if (body.length - end > mostEnvelopeBytes) return false;
  try {
    const text = body.toString('latin1', 0, from) + body.toString('latin1', end);
    const { result, error } = JSON.parse(text) as { readonly result?: unknown; readonly error?: unknown };
    return result === '' && (error ?? null) === null;
  } catch {
    return false;
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
