import type { Verification } from '../ports/protocol.ts';
import { nearest } from './config/nearest.ts';
import { UsageError } from './errors.ts';
import type { Registry } from './registry.ts';

/** One family of plug-ins: what they are for, and where the config names them. */
export interface PluginFamily {
  readonly name: keyof Registry;
  readonly where: string;
}

/** Every family, in the order in which a config is written. */
export const pluginFamilies: readonly PluginFamily[] = [
  { name: 'protocols', where: 'vaults[].positions[]' },
  { name: 'accounts', where: 'vaults[].account' },
  { name: 'venues', where: 'vaults[].venues[]' },
  { name: 'feeds', where: 'vaults[].prices[], vaults[].volatility' },
  { name: 'policies', where: 'vaults[].policy' },
  { name: 'relays', where: 'relays.<name>' },
  { name: 'signers', where: 'signer, signers[], identity' },
  { name: 'stores', where: 'journal' },
  { name: 'alerts', where: 'alerts[]' },
];

/** What can be said of a plug-in without using it. */
export interface PluginFacts {
  readonly family: keyof Registry;
  /** As the config names it. */
  readonly kind: string;
  /** What it reads or does. */
  readonly summary: string;
  /** What it was proved on; null where no contract is involved. */
  readonly verified: Verification | null;
  /** Its own part of a config; null where it has none to show. */
  readonly sample: unknown;
}

/** Every plug-in, by family in the order of {@link pluginFamilies}, by kind within one. */
export function pluginsOf(registry: Registry): readonly PluginFacts[] {
  return pluginFamilies.flatMap(({ name }) =>
    Object.entries(registry[name] as Readonly<Record<string, Described>>)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, { summary, verified = null, sample = null }]) => ({
        family: name,
        kind,
        summary,
        verified,
        sample,
      })),
  );
}

interface Described {
  readonly summary: string;
  readonly verified?: Verification;
  readonly sample?: unknown;
}

/**
 * The plug-ins that a word means: a family (`protocols`, `protocol`) or a kind (`opyn`).
 *
 * @throws UsageError where it means none
 */
export function pluginsNamed(plugins: readonly PluginFacts[], word: string): readonly PluginFacts[] {
  const isMeant = ({ family, kind }: PluginFacts) =>
    [family, singularOf(family), kind].some((name) => name.toLowerCase() === word.toLowerCase());
  const found = plugins.filter(isMeant);
  if (found.length > 0) return found;
  const families = pluginFamilies.map(({ name }) => name);
  const meant = nearest(word, [...families, ...plugins.map(({ kind }) => kind)]);
  throw new UsageError('PLUGIN_UNKNOWN', `no plug-in and no family of them is called ${word}`, {
    facts: { families: families.join(', ') },
    action: meant === null ? 'ballast list shows all' : `did you mean ${meant}?`,
  });
}

function singularOf(family: keyof Registry): string {
  return family === 'policies' ? 'policy' : family.slice(0, -1);
}
