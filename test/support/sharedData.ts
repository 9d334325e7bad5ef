import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where recorded market data and published numbers are looked for. */
export const sharedFolder: string = process.env.BALLAST_DATA ?? '../shared';

/** Whether the folder of recorded market data and published numbers is there; tests that need it are skipped without. */
export const hasSharedData: boolean = existsSync(join(sharedFolder, 'reference'));
if (!hasSharedData) console.info(`skipped what needs recorded data: no ${sharedFolder} (set BALLAST_DATA)`);

/** One published or independently computed number, as the reference files hold them. */
export interface ReferenceItem<Inputs, Expected> {
  readonly id: string;
  readonly inputs: Inputs;
  readonly expected: Expected;
}

/** A JSON file of the shared folder; `prepare` may change its text before it is parsed. */
export function sharedJson<T>(path: string, prepare: (text: string) => string = (text) => text): T {
  return JSON.parse(prepare(readFileSync(join(sharedFolder, path), 'utf8'))) as T;
}

/**
 * The items of a reference file; empty when the folder is absent, so that `it.skipIf` can be declared over it.
 */
export function referenceItems<Inputs, Expected>(topic: string): readonly ReferenceItem<Inputs, Expected>[] {
  if (!hasSharedData) return [];
  return sharedJson<{ items: readonly ReferenceItem<Inputs, Expected>[] }>(`reference/${topic}.open.json`)
    .items;
}
