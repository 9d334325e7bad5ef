/**
 * Given to node by `--import`: from here on what is asked of `src` and `abis` is their compiled form in `dist`, the code that
 * people run. What runs TypeScript on the fly names every function as it is made, which costs a keeper's short path a fifth.
 */
import { register } from 'node:module';

register('./shippedHooks.ts', import.meta.url);
