export { DevRelayTargetError } from './errors.ts';
export { startDevRelay } from './startDevRelay.ts';
export { bundleHash } from './transaction.ts';
export type {
  BlockToBuild,
  DevRelay,
  DevRelayLimits,
  DevRelayOptions,
  DevRelayStatus,
  ExpressLane,
  MinedBlock,
  Misbehaviour,
  MisbehaviourScope,
  PrivatePool,
  PublicSighting,
  SkippedEntry,
} from './types.ts';
