export { eoa } from './eoa.ts';
export { optionVault } from './optionVault.ts';
export { safe } from './safe.ts';
export { safeRoles } from './safeRoles.ts';
