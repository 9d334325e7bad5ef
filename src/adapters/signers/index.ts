export { awsKms } from './awsKms.ts';
export { env } from './env.ts';
export { gcpKms } from './gcpKms.ts';
export { keystore } from './keystore.ts';
export { mnemonic } from './mnemonic.ts';
export { web3signer } from './web3signer.ts';
