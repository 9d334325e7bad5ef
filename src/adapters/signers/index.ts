export { env } from './env.ts';
export { keystore } from './keystore.ts';
