export { postgres } from './postgres.ts';
export { sqlite } from './sqlite.ts';
