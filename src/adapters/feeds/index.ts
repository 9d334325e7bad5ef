export { chainlink } from './chainlink.ts';
export { fixedVolatility } from './fixedVolatility.ts';
