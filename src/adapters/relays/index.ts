export { flashbots } from './flashbots.ts';
export { publicRpc } from './publicRpc.ts';
