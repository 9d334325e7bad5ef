import { devnetAggregatorAbi } from '../../../abis/devnetAggregator.ts';
import { call } from '../../adapters/chain/index.ts';
import { devnetAggregators } from '../../devnet/addresses.ts';
import type { Chain } from '../../ports/chain.ts';
import type { Config } from '../config/schema.ts';
import { UsageError } from '../errors.ts';
import type { Registry } from '../registry.ts';

/** Orders would be sent on the word of a reader that nobody has run against the protocol's real contracts. */
export class UnverifiedReaderError extends UsageError {
  /** @param readers where in the config they stand, each with its kind */
  constructor(readers: readonly string[]) {
    super('READER_UNVERIFIED', 'a reader was never run on its protocol’s real contracts', {
      facts: { readers: readers.join(', ') },
      action:
        'compare what ballast plan shows with the protocol’s own figures, then set allowUnverified: true there',
    });
  }
}

/** Where a config names readers that were made after the published ABI alone, without consenting to it. */
export function unverifiedReaders({ vaults }: Pick<Config, 'vaults'>, registry: Registry): readonly string[] {
  return vaults.flatMap(({ positions }, vault) =>
    positions.flatMap(({ kind, allowUnverified }, index) =>
      registry.protocols[kind]?.verified === 'abi-only' && !allowUnverified
        ? [`vaults[${vault}].positions[${index}] (${kind})`]
        : [],
    ),
  );
}

/** Refuses a config that names such readers without consenting to them. @throws UnverifiedReaderError */
export function refuseUnverified(config: Config, registry: Registry): void {
  const readers = unverifiedReaders(config, registry);
  if (readers.length > 0) throw new UnverifiedReaderError(readers);
}

/** Whether a chain is one of Ballast's devnets, or a fork of one: its own price aggregator stands nowhere else. */
export async function isDevnet(chain: Chain): Promise<boolean> {
  const read = call(devnetAggregatorAbi, devnetAggregators.ethUsd, 'decimals', []);
  const [outcome] = await chain.read([read], await chain.head());
  return outcome?.ok === true;
}
