import type { Address } from '../../core/units.ts';
import type { Methods } from './method.ts';
import type { RelayRequest } from './server.ts';
import { signedBy } from './signature.ts';

/** Whom an endpoint admits: who signed the body, who names an account, or anybody; a wrong signature is never taken. */
export type Admission = 'signature' | 'signatureIfAny' | 'account' | 'anybody';

/** What one kind of endpoint takes. */
export interface Dialect {
  readonly admission: Admission;
  readonly methods: Methods;
}

/** Who sends where nobody has to say. */
const NOBODY: Address = `0x${'00'.repeat(20)}`;

const SIGNATURE_RULE =
  'X-Flashbots-Signature must be <address>:<signature>, the personal signature of the body’s keccak-256 as a hex string';

/** Who a request is from; null with the rule that it breaks and the HTTP status that says so. */
export type Admitted =
  | { readonly identity: Address }
  | { readonly identity: null; readonly rule: string; readonly status: 401 | 403 };

/** Checks a request against what its endpoint asks of everybody. */
export async function admit(admission: Admission, request: RelayRequest): Promise<Admitted> {
  if (admission === 'anybody') return { identity: NOBODY };
  if (admission === 'account') {
    const isNamed = (request.authorization ?? '').trim() !== '';
    if (isNamed) return { identity: NOBODY };
    return { identity: null, rule: 'the Authorization header must name an account', status: 401 };
  }
  if (admission === 'signatureIfAny' && request.signature === undefined) return { identity: NOBODY };
  const identity = await signedBy(request.body, request.signature);
  return identity === null ? { identity, rule: SIGNATURE_RULE, status: 403 } : { identity };
}
