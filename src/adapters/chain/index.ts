export { type Asked, call, callEach, tryCall } from './contract.ts';
export { type OpenedEndpoint, openEndpoint } from './endpoint.ts';
export { announcesHeads } from './endpoints/heads.ts';
export type { EndpointEvent, EndpointRole, NamedEndpoint } from './endpoints/member.ts';
export * from './errors.ts';
export { isLoopbackUrl } from './loopback.ts';
export { MULTICALL3 } from './multicall.ts';
export {
  type ChainCounters,
  type ChainOptions,
  type EndpointStatus,
  type OpenedChain,
  openChain,
} from './openChain.ts';
export { reasonOf } from './reverts.ts';
export { type AskRound, runReads } from './scheduler.ts';
