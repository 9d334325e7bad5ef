export { call, tryCall } from './contract.ts';
export * from './errors.ts';
export { MULTICALL3 } from './multicall.ts';
export { type ChainCounters, type ChainOptions, type OpenedChain, openChain } from './openChain.ts';
export { reasonOf } from './reverts.ts';
export { type AskRound, runReads } from './scheduler.ts';
