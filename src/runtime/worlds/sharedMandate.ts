import type { Config } from '../config/schema.ts';
import { UsageError } from '../errors.ts';

/** Two vaults of a config would act under one mandate: one of them could never send what the other has numbered. */
export class SharedMandateError extends UsageError {
  constructor(first: string, second: string) {
    super('MANDATE_SHARED', `${first} and ${second} act for one account under one mandate`, {
      facts: { vaults: `${first}, ${second}` },
      action:
        'a mandate is for one base: give the account a HedgeModule for each (ballast mandate --salt NAME), and name it as module',
    });
  }
}

/**
 * Several vaults may share an account, one for each underlying that it holds; each needs a mandate of its own, since a mandate
 * is for one base and counts one sequence of orders.
 *
 * @throws SharedMandateError where two act through the same account in the same way
 */
export function refuseSharedMandate({ vaults }: Pick<Config, 'vaults'>): void {
  const actors = vaults.map(({ account: { kind, address, config } }) =>
    JSON.stringify([kind, address, config]).toLowerCase(),
  );
  const second = actors.findIndex((actor, index) => actors.indexOf(actor) < index);
  if (second < 0) return;
  const first = actors.indexOf(actors[second]!);
  throw new SharedMandateError(vaults[first]!.name, vaults[second]!.name);
}
