export { fixedBand } from './fixedBand.ts';
export { interval } from './interval.ts';
