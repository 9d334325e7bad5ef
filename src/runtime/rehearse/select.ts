import { nearest } from '../config/nearest.ts';
import { UsageError } from '../errors.ts';
import type { Fault } from './scene.ts';

/**
 * Faults by name, by family, or all of them, in the order of the table.
 *
 * @throws UsageError for a name that neither a fault nor a family has
 */
export function faultsNamed(faults: readonly Fault[], names: readonly string[]): readonly Fault[] {
  const wanted = new Set(names.map((name) => name.trim()));
  const families = [...new Set(faults.map(({ family }) => family as string))];
  const known = ['all', ...families, ...faults.map(({ name }) => name)];
  for (const name of wanted) {
    if (known.includes(name)) continue;
    const meant = nearest(name, known);
    throw new UsageError('FAULT_UNKNOWN', `there is no fault called ${name}`, {
      facts: { kinds: families.join(', ') },
      action: meant === undefined ? 'name a kind of fault, or all' : `did you mean ${meant}?`,
    });
  }
  return faults.filter(({ name, family }) => wanted.has('all') || wanted.has(family) || wanted.has(name));
}
