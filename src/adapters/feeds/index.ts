export { chainlink } from './chainlink.ts';
export { chainlinkVolatility } from './chainlinkVolatility.ts';
export { deribitTicker } from './deribitTicker.ts';
export { fixedVolatility } from './fixedVolatility.ts';
export { uniswapVolatility } from './uniswapVolatility.ts';
