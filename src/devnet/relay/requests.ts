import type { Address } from '../../core/units.ts';
import { DevnetError } from '../errors.ts';
import { type ControlContext, control, isControlMethod } from './control.ts';
import { admit, type Dialect } from './dialect.ts';
import { dialectAt } from './dialects.ts';
import { RelayRefusalError, RPC_CODE } from './errors.ts';
import { carryOut, type MethodContext } from './method.ts';
import { protectStatus } from './protect.ts';
import { NOT_ALLOWED, type RelayRequest, type Reply } from './server.ts';
import type { Misbehaviour } from './types.ts';

const HANG_MILLISECONDS = 60_000;

type RequestId = string | number | null;

/** What was counted over all requests. */
export interface RequestCounts {
  requests: number;
  wrongSignatures: number;
}

/** What requests are answered with. */
export interface RequestContext {
  readonly methods: MethodContext;
  readonly control: ControlContext;
  readonly counts: RequestCounts;
}

/** Answers one request, from its bytes to its bytes; never throws. */
export async function answerRequest(context: RequestContext, request: RelayRequest): Promise<Reply> {
  const { methods, control: controls, counts } = context;
  counts.requests += 1;
  let id: RequestId = null;
  try {
    if (request.verb === 'GET') return await answerGet(methods, request);
    const message = parse(request.body);
    if (message !== null && isControlMethod(message.method)) {
      id = readId(message);
      return success(id, control(controls, String(message.method), message.params));
    }
    const dialect = dialectAt(request.target.pathname);
    const identity = await admitted(dialect, request, counts);
    const checked = checkMessage(message);
    id = readId(checked);
    const method = readMethod(checked);
    const misbehaviour = controls.misbehaviours.next(method);
    const query = request.target.searchParams;
    const asked = { method, params: checked.params, identity, query };
    const result = await carryOut(dialect.methods, methods, asked, misbehaviour);
    return wrongReply(id, misbehaviour) ?? success(id, result);
  } catch (error) {
    return failure(id, error);
  }
}

/** @throws RelayRefusalError with status 401 or 403 */
async function admitted(dialect: Dialect, request: RelayRequest, counts: RequestCounts): Promise<Address> {
  const admission = await admit(dialect.admission, request);
  if (admission.identity !== null) return admission.identity;
  if (admission.status === 403) counts.wrongSignatures += 1;
  throw new RelayRefusalError(RPC_CODE.rejected, admission.rule, admission.status);
}

/** Only Protect's status endpoint answers to GET. */
async function answerGet(methods: MethodContext, { target }: RelayRequest): Promise<Reply> {
  const status = await protectStatus(methods, target.pathname);
  if (status === null) return { kind: 'answer', status: 405, body: NOT_ALLOWED };
  return { kind: 'answer', status: 200, body: JSON.stringify(status) };
}

/** The body of a JSON-RPC error without an id. */
export function errorBody(code: number, message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message } });
}

/** Any JSON object or array in the body; null where there is none. */
function parse(body: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return null;
  }
}

function checkMessage(message: Record<string, unknown> | null): Record<string, unknown> {
  if (message === null) throw new RelayRefusalError(RPC_CODE.parseError, 'the body is not JSON');
  if (Array.isArray(message)) {
    throw new RelayRefusalError(RPC_CODE.invalidRequest, 'batch requests are not supported');
  }
  return message;
}

function readId({ id }: Record<string, unknown>): RequestId {
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

function readMethod({ method }: Record<string, unknown>): string {
  if (typeof method !== 'string')
    throw new RelayRefusalError(RPC_CODE.invalidRequest, 'method is not a string');
  return method;
}

/** The answer of a relay that misbehaves in its answers; null where only the transactions are mistreated. */
function wrongReply(id: RequestId, misbehaviour: Misbehaviour | null): Reply | null {
  switch (misbehaviour?.kind) {
    case 'refuse': {
      const { code = RPC_CODE.internal, message = 'internal error' } = misbehaviour;
      return failure(id, new RelayRefusalError(code, message));
    }
    case 'serverError':
      return { kind: 'answer', status: misbehaviour.status ?? 500, body: 'Internal Server Error' };
    case 'hang':
      return { kind: 'hang', milliseconds: misbehaviour.milliseconds ?? HANG_MILLISECONDS };
    case 'garbage':
      return { kind: 'answer', status: 200, body: '{"jsonrpc":"2.0","id":' };
    case 'disconnect':
      return { kind: 'disconnect' };
    default:
      return null;
  }
}

function success(id: RequestId, result: unknown): Reply {
  return { kind: 'answer', status: 200, body: JSON.stringify({ jsonrpc: '2.0', id, result }) };
}

function failure(id: RequestId, thrown: unknown): Reply {
  const refusal = asRefusal(thrown);
  const error = { code: refusal.rpcCode, message: refusal.message };
  return { kind: 'answer', status: refusal.httpStatus, body: JSON.stringify({ jsonrpc: '2.0', id, error }) };
}

function asRefusal(thrown: unknown): RelayRefusalError {
  if (thrown instanceof RelayRefusalError) return thrown;
  const message = thrown instanceof DevnetError ? thrown.message : 'internal error';
  return new RelayRefusalError(RPC_CODE.internal, message);
}
