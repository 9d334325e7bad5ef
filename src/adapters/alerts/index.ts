export { slack } from './slack.ts';
export { telegram } from './telegram.ts';
export { webhook } from './webhook.ts';
