import { bindPolicy, type Policy } from '../../core/policy.ts';
import type { StudyPolicy, StudySetting } from './study.ts';
import type { PolicyConfig } from './studySchema.ts';

/** A number in a policy's parameters, by the keys that lead to it. */
interface MainParameter {
  readonly path: readonly string[];
  /** Scaled values are rounded where only whole numbers are taken. */
  readonly isWhole: boolean;
}

/** The numbers that say how closely a policy hedges; the first that a policy has is its main one. */
const MAIN_PARAMETERS: readonly MainParameter[] = [
  { path: ['halfWidth', 'base'], isWhole: false },
  { path: ['halfWidth', 'shareOfGross'], isWhole: false },
  { path: ['seconds'], isWhole: true },
  { path: ['riskAversion'], isWhole: false },
  { path: ['relativeRiskAversion'], isWhole: false },
];

/**
 * A policy at each of its scales: its main parameter (half width, interval or risk aversion) times the scale.
 *
 * @returns null where scales are asked for and the policy has no such parameter
 */
export function settingsOf(policy: Policy, config: PolicyConfig): StudyPolicy | null {
  const { kind, scales } = config;
  const main = mainParameter(config.config);
  if (main === null && scales.some((scale) => scale !== 1)) return null;
  const settings = scales.map((scale): StudySetting => {
    const parameters = main === null ? config.config : scaled(config.config, main, scale);
    const label = main === null ? kind : `${main.path.at(-1)} ${labelOf(valueAt(parameters, main.path))}`;
    return { label, scale, parameters, policy: bindPolicy(kind, policy, parameters) };
  });
  return { name: config.name ?? kind, kind, settings };
}

/** Of a policy's parameters the number that says how closely it hedges; null where it has none of the known ones. */
function mainParameter(parameters: unknown): MainParameter | null {
  return MAIN_PARAMETERS.find(({ path }) => typeof valueAt(parameters, path) === 'number') ?? null;
}

function valueAt(data: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (part, key) => (part as Readonly<Record<string, unknown>> | null | undefined)?.[key],
    data,
  );
}

function scaled(data: unknown, { path, isWhole }: MainParameter, scale: number): unknown {
  const [key, ...rest] = path;
  if (key === undefined) {
    const value = (data as number) * scale;
    return isWhole ? Math.max(1, Math.round(value)) : value;
  }
  const fields = data as Readonly<Record<string, unknown>>;
  return { ...fields, [key]: scaled(fields[key], { path: rest, isWhole }, scale) };
}

function labelOf(value: unknown): string {
  return String(Number((value as number).toPrecision(3)));
}
