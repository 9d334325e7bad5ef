export { uniswapV3 } from './uniswapV3.ts';
