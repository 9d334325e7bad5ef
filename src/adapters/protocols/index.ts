export { balances } from './balances.ts';
export { opyn } from './opyn.ts';
export { uniswapV3Position } from './uniswapV3Position.ts';
