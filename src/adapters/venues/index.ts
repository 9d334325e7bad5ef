export { uniswapV2 } from './uniswapV2.ts';
export { uniswapV3 } from './uniswapV3.ts';
export { uniswapV4 } from './uniswapV4.ts';
