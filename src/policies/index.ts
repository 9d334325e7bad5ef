export { fixedBand } from './fixedBand.ts';
export { interval } from './interval.ts';
export { leland } from './leland.ts';
export { optimalBand } from './optimalBand.ts';
export { whalleyWilmott } from './whalleyWilmott.ts';
export { zakamouline } from './zakamouline.ts';
