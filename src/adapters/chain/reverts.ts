import { type Abi, decodeErrorResult } from 'viem';
import { oneLine } from '../../core/oneLine.ts';
import type { Hex } from '../../core/units.ts';
import { violationInWords } from './roles/violations.ts';

/**
 * Revert data in words, on one line: a string as it stands, a panic with its code, a custom error of one of the ABIs as its name
 * taken apart with its arguments by name (`answer stale: aggregator 0x…, updatedAt 1700000000`).
 */
export function reasonOf(data: Hex, abis: readonly Abi[]): string {
  if (data === '0x') return 'without a reason';
  for (const abi of abis) {
    const reason = inWords(data, abi);
    if (reason !== null) return oneLine(reason);
  }
  return `unknown error ${data.slice(0, 10)}`;
}

function inWords(data: Hex, abi: Abi): string | null {
  const error = decodedError(data, abi);
  if (!error) return null;
  const args = error.args ?? [];
  if (error.errorName === 'Error') return String(args[0]);
  if (error.errorName === 'Panic') return `panic ${String(args[0])}`;
  if (error.errorName === 'ConditionViolation') return violationInWords(Number(args[0]), args[1] as Hex);
  const names = 'inputs' in error.abiItem ? error.abiItem.inputs.map(({ name }) => name) : [];
  const facts = args.map((value, index) => `${names[index] || `argument ${index}`} ${String(value)}`);
  const words = error.errorName.replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').toLowerCase();
  return facts.length === 0 ? words : `${words}: ${facts.join(', ')}`;
}

/** Null where the data is no error of the ABI. */
function decodedError(data: Hex, abi: Abi) {
  try {
    return decodeErrorResult({ abi, data });
  } catch {
    return null;
  }
}
