import { RelayRefusalError, RPC_CODE } from './errors.ts';
import type { MisbehaviourQueue } from './misbehaviours.ts';
import * as read from './params.ts';
import type { DevRelayStatus, Misbehaviour, MisbehaviourScope } from './types.ts';

/** What the control methods work on. */
export interface ControlContext {
  readonly misbehaviours: MisbehaviourQueue;
  readonly status: () => DevRelayStatus;
}

const PLAIN_KINDS = ['drop', 'refuse', 'serverError', 'hang', 'garbage', 'disconnect'] as const;
const COUNTED_KINDS = ['delay', 'includeLate'] as const;
const MAX_HANG_MILLISECONDS = 600_000;

/** Whether a method steers the relay itself; such requests need no signature, for they carry no transaction. */
export function isControlMethod(method: unknown): boolean {
  return typeof method === 'string' && method.startsWith('devRelay_');
}

/**
 * Carries out `devRelay_misbehave` `[misbehaviour, { times, methods }?]`, `devRelay_behave` or `devRelay_status`, for
 * whoever runs the relay in another process.
 *
 * @throws RelayRefusalError naming the parameter
 */
export function control(context: ControlContext, method: string, params: unknown): unknown {
  switch (method) {
    case 'devRelay_misbehave':
      context.misbehaviours.add(readMisbehaviour(read.positional(params, 0, 2)), readScope(params));
      return true;
    case 'devRelay_behave':
      context.misbehaviours.clear();
      return true;
    case 'devRelay_status':
      return context.status();
    default:
      throw new RelayRefusalError(
        RPC_CODE.methodNotFound,
        `the method ${method.slice(0, 60)} is not available`,
      );
  }
}

function readMisbehaviour(param: read.Param): Misbehaviour {
  const kind = read.member(param, 'kind');
  const counted = COUNTED_KINDS.find((name) => name === kind.value);
  if (counted !== undefined) return { kind: counted, blocks: readPositive(read.member(param, 'blocks')) };
  const plain = PLAIN_KINDS.find((name) => name === kind.value);
  if (plain === undefined)
    throw read.mismatch(kind, `one of ${[...PLAIN_KINDS, ...COUNTED_KINDS].join(', ')}`);
  if (plain === 'drop') return { kind: plain };
  const include = read.member(param, 'include').value === true;
  if (plain === 'serverError')
    return { kind: plain, include, status: readStatus(read.member(param, 'status')) };
  if (plain === 'hang')
    return { kind: plain, include, milliseconds: readWait(read.member(param, 'milliseconds')) };
  if (plain === 'refuse') return { kind: plain, include, ...readWords(param) };
  return { kind: plain, include };
}

function readWords(param: read.Param): { readonly message?: string } {
  const { value } = read.member(param, 'message');
  return typeof value === 'string' ? { message: value } : {};
}

function readStatus(param: read.Param): number {
  const status = read.optional(param, read.readInteger) ?? 500;
  if (status < 400 || status > 599) throw read.mismatch(param, 'an HTTP status from 400 to 599');
  return status;
}

function readWait(param: read.Param): number {
  return Math.min(read.optional(param, read.readInteger) ?? 60_000, MAX_HANG_MILLISECONDS);
}

function readScope(params: unknown): MisbehaviourScope {
  const scope = read.positional(params, 1, 2);
  if (scope.value === undefined) return {};
  const times = read.optional(read.member(scope, 'times'), readPositive);
  const methods = read.optional(read.member(scope, 'methods'), read.readNames);
  return { ...(times === null ? {} : { times }), ...(methods === null ? {} : { methods }) };
}

function readPositive(param: read.Param): number {
  const number = read.readInteger(param);
  if (number < 1) throw read.mismatch(param, 'a positive integer');
  return number;
}
