import { BallastError } from '../../core/errors.ts';

/** Codes of JSON-RPC 2.0 and of EIP-1474 that the relay answers with. */
export const RPC_CODE = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  rejected: -32000,
  limitExceeded: -32005,
} as const;

/** What the relay tells a caller instead of a result: becomes a JSON-RPC error. */
export class RelayRefusalError extends BallastError {
  readonly rpcCode: number;
  readonly httpStatus: number;

  constructor(rpcCode: number, message: string, httpStatus = 200) {
    super('DEV_RELAY_REFUSAL', message);
    this.rpcCode = rpcCode;
    this.httpStatus = httpStatus;
  }
}

/** The dev relay was pointed at something that is not on this machine. */
export class DevRelayTargetError extends BallastError {
  constructor(host: string) {
    super('DEV_RELAY_TARGET', `the dev relay serves local nodes only, ${host} is not on this machine`, {
      action: 'give it the URL of a local anvil',
    });
  }
}
