import { BallastError } from '../../core/errors.ts';
import type { Address, Hex } from '../../core/units.ts';

/** The endpoint serves another chain than the one that was asked for. */
export class WrongChainError extends BallastError {
  constructor(expected: number, found: number) {
    super('WRONG_CHAIN', `the endpoint serves chain ${found}, expected ${expected}`, {
      facts: { expected, found },
      action: 'point chain.rpc at a node of the configured chain, or correct chain.id',
    });
  }
}

/** Reads are batched through Multicall3, and there is none at its address at this block. */
export class MulticallMissingError extends BallastError {
  constructor(address: Address, blockNumber: bigint) {
    super('MULTICALL_MISSING', `no Multicall3 at ${address} in block ${blockNumber}`, {
      facts: { address, blockNumber },
      action: 'read at a block after its deployment, or deploy Multicall3 on this chain',
    });
  }
}

/** The node answered a request with a JSON-RPC error. */
export class RpcError extends BallastError {
  readonly rpcCode: number;
  /** Revert data, where the answer carried some. */
  readonly data: Hex | null;

  constructor(method: string, rpcCode: number, detail: string, data: Hex | null) {
    super('RPC_ERROR', `${method} was refused: ${detail}`, { facts: { method, rpcCode, detail } });
    this.rpcCode = rpcCode;
    this.data = data;
  }
}

/** The node refuses one single read even when it is asked for nothing else, for example because it runs out of gas. */
export class ReadRefusedError extends BallastError {
  constructor(to: Address, selector: Hex, cause: RpcError) {
    super('READ_REFUSED', `the node refuses to read ${selector} of ${to}: ${String(cause.facts.detail)}`, {
      facts: { to, selector, rpcCode: cause.rpcCode, detail: cause.facts.detail },
      action: 'check the address in the config; if it is right, the node allows too little gas for eth_call',
      cause,
    });
  }
}

/** A read went on for more rounds than any sensible read takes. */
export class ReadUnboundedError extends BallastError {
  constructor(rounds: number) {
    super('READ_UNBOUNDED', `a read did not end within ${rounds} rounds`, {
      facts: { rounds },
      action: 'report this with the config: a plug-in is at fault',
    });
  }
}

/** A contract refused a view call that should always succeed. */
export class CallRevertedError extends BallastError {
  constructor(address: Address, functionName: string, reason: string) {
    super('CALL_REVERTED', `${functionName} of ${address} reverted: ${reason}`, {
      facts: { address, functionName, reason },
      action: 'check that the address in the config is the contract it should be',
    });
  }
}

/** A view call gave no data at all: no contract there, or one without that function. */
export class NoContractError extends BallastError {
  constructor(address: Address, functionName: string) {
    super('NO_CONTRACT', `${functionName} of ${address} answered nothing: no such contract at this block`, {
      facts: { address, functionName },
      action: 'check the address in the config, and that it is on this chain',
    });
  }
}

/** A plug-in's thrown value as an error of ours, so that an outcome always carries a code. */
export class ReadFailedError extends BallastError {
  constructor(cause: unknown) {
    super('READ_FAILED', `a read failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
      action: 'report this with the config: a plug-in is at fault',
      cause,
    });
  }
}
