import { z } from 'zod';
import type { AlertRule, AlertSeverity } from '../../ports/ambient.ts';
import type { Plugged } from './kinds.ts';

/** When leave to trade has to be given, and where it is kept. */
export const armingSchema = z
  .strictObject({
    always: z
      .boolean()
      .default(false)
      .describe('true: ballast arm is needed also where chain and relays are on this machine'),
    file: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('where arm, disarm and resume are kept; beside the journal unless given'),
  })
  .describe('what ballast arm has to allow before anything is sent');

/** See {@link armingSchema}. */
export type ArmingConfig = z.infer<typeof armingSchema>;

/** What people can be told of: a rule that is not here does not compile. */
const rules: Readonly<Record<AlertRule, true>> = {
  halted: true,
  disarmed: true,
  beyondBand: true,
  orderOverdue: true,
  reverted: true,
  silent: true,
  journal: true,
  oracle: true,
  gasMoney: true,
  endpoint: true,
  filler: true,
  foreignTransaction: true,
  unexplained: true,
};

/** The names of {@link AlertRule}. */
const alertRules = Object.keys(rules) as [AlertRule, ...AlertRule[]];

const severities = ['info', 'warning', 'critical'] as const satisfies readonly AlertSeverity[];

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'a time such as 22:30' });

/** What every alert channel has beside its own settings. */
export const alertShape = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, { error: 'lower-case letters, digits and dashes, at most 31' })
    .meta({ description: 'how the channel is called in logs and metrics', examples: ['pager'] }),
  rules: z
    .array(z.enum(alertRules))
    .min(1)
    .nullable()
    .default(null)
    .describe('what is told here; everything where null'),
  atLeast: z.enum(severities).default('warning').describe('what matters less is not told here'),
  quietSeconds: z
    .number()
    .min(0)
    .max(604_800)
    .default(3_600)
    .describe('the same thing is not told again within this time'),
  quietHours: z
    .strictObject({
      from: timeOfDay.describe('when they begin, UTC'),
      to: timeOfDay.describe('when they end, UTC'),
    })
    .nullable()
    .default(null)
    .describe('what is not critical and begins within these hours is told after them, if it still lasts'),
};

/** What `alertShape` reads. */
export interface AlertSettings {
  readonly name: string;
  readonly rules: readonly AlertRule[] | null;
  readonly atLeast: AlertSeverity;
  readonly quietSeconds: number;
  readonly quietHours: { readonly from: string; readonly to: string } | null;
}

/** One alert channel of a config. */
export type AlertConfig = Plugged & AlertSettings;

/** A dead man's switch: somebody else's alarm goes off when this stops. */
export const heartbeatSchema = z
  .strictObject({
    urlVariable: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'the name of an environment variable' })
      .describe('the environment variable that holds the address to call; it is never shown'),
    everySeconds: z.number().min(5).max(86_400).default(60).describe('least time between two calls'),
  })
  .describe('an address that is called as long as decisions are made and journaled');

/** See {@link heartbeatSchema}. */
export type HeartbeatConfig = z.infer<typeof heartbeatSchema>;

/** Where metrics are served. */
export const metricsSchema = z
  .strictObject({
    listen: z
      .string()
      .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}$/, { error: 'host and port, 127.0.0.1:9464' })
      .nullable()
      .default(null)
      .meta({
        description: 'host and port of /metrics, /healthz and /readyz; null: not served',
        examples: ['127.0.0.1:9464'],
      }),
    tokenVariable: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'the name of an environment variable' })
      .nullable()
      .default(null)
      .describe('the environment variable that holds the bearer token; needed beyond this machine'),
  })
  .describe('what Prometheus scrapes');

/** See {@link metricsSchema}. */
export type MetricsConfig = z.infer<typeof metricsSchema>;

/** Where the page is served that a keeper serves beside itself. */
export const dashboardSchema = z
  .strictObject({
    enabled: z.boolean().default(true).describe('whether ballast run serves the page; --no-dashboard wins'),
    listen: z
      .string()
      .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}$/, { error: 'host and port, 127.0.0.1:8787' })
      .refine((listen) => Number(listen.slice(listen.lastIndexOf(':') + 1)) <= 65_535, {
        error: 'a port of at most 65535',
      })
      .nullable()
      .default(null)
      .meta({
        description:
          'host and port of the page; flags win; null: 127.0.0.1:8787, or any free port where that one is taken',
        examples: ['127.0.0.1:8787'],
      }),
    tokenVariable: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'the name of an environment variable' })
      .nullable()
      .default(null)
      .describe(
        'the environment variable that holds the token the page asks for, which must then be set; BALLAST_DASHBOARD_TOKEN, if set, where null; needed beyond this machine',
      ),
  })
  .describe('the read-only page over the journal');

/** See {@link dashboardSchema}. */
export type DashboardConfig = z.infer<typeof dashboardSchema>;
