import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../../src/runtime/config/load.ts';
import { probePaths } from '../../../src/runtime/metrics/handler.ts';
import { registry } from '../../../src/runtime/registry.ts';
import { unknownWords } from '../../support/commandWords.ts';

const root = join(import.meta.dirname, '../../..');
const deploy = join(root, 'deploy');
const read = (name: string) => readFileSync(join(deploy, name), 'utf8');

interface Service {
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly image: string;
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly ports?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: readonly string[];
  readonly profiles?: readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}
const compose = parse(read('compose.yaml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const config = read('config/ballast.yaml');
const variables = (text: string) => [...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name);

describe('compose.yaml', () => {
  it('has the keeper, its page, a database on request, Prometheus and Grafana', () => {
    expect(Object.keys(compose.services)).toEqual([
      'keeper',
      'dashboard',
      'postgres',
      'prometheus',
      'grafana',
    ]);
    expect(compose.services.postgres?.profiles).toEqual(['postgres']);
  });

  it.each(services)('%s mounts only files that are there and volumes that are declared', (_, service) => {
    for (const volume of service.volumes ?? []) {
      const [from = ''] = volume.split(':');
      if (from.startsWith('.')) expect(existsSync(join(deploy, from)), from).toBe(true);
      else expect(compose.volumes).toHaveProperty(from);
    }
    for (const secret of service.secrets ?? []) expect(compose.secrets).toHaveProperty(secret);
    for (const name of service.depends_on ?? []) expect(compose.services).toHaveProperty(name);
    if (service.build)
      expect(existsSync(join(deploy, service.build.context, service.build.dockerfile))).toBe(true);
  });

  it.each(services)('%s publishes nothing beyond this machine, and pins its image', (_, service) => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    if (service.build === undefined) expect(service.image).toMatch(/:[v\d][\d.]*$/);
  });

  it('fills in only variables that .env.example names', () => {
    const named = [...read('.env.example').matchAll(/^#? ?([A-Z_]+)=/gm)].map(([, name]) => name);
    for (const name of variables(read('compose.yaml'))) expect(named).toContain(name);
  });

  it('gives the keeper every secret and variable that its config names', () => {
    const keeper = compose.services.keeper!;
    for (const [, name] of config.matchAll(/\/run\/secrets\/(\w+)/g)) expect(keeper.secrets).toContain(name);
    for (const name of [...variables(config), 'BALLAST_METRICS_TOKEN'])
      expect(keeper.environment).toHaveProperty(name);
  });

  it('keeps secrets out of the repository and of the image', () => {
    for (const file of ['.gitignore', 'Dockerfile.dockerignore']) {
      expect(read(file)).toMatch(/^(?:deploy\/)?\.env$/m);
      expect(read(file)).toMatch(/^(?:deploy\/)?secrets\/?$/m);
    }
  });
});

describe('the containers’ config', () => {
  const parsed = parseConfig('ballast.yaml', config, { registry, environment: () => 'http://127.0.0.1:1' });

  it('loads, and has its journal on the volume', () => {
    expect(parsed.journal.config).toMatchObject({ path: expect.stringMatching(/^\/var\/lib\/ballast\//) });
    for (const name of ['keeper', 'dashboard'])
      expect(compose.services[name]?.volumes).toContain('journal:/var/lib/ballast');
  });

  it('serves metrics where Prometheus asks and the image’s health check looks, and asks for a token', () => {
    const port = /:(\d+)$/.exec(parsed.metrics.listen ?? '')?.[1];
    expect(parsed.metrics.tokenVariable).toBe('BALLAST_METRICS_TOKEN');
    const prometheus = parse(read('prometheus.yml')) as {
      rule_files: string[];
      scrape_configs: {
        authorization: { credentials_file: string };
        static_configs: { targets: string[] }[];
      }[];
    };
    const [job] = prometheus.scrape_configs;
    expect(job?.static_configs[0]?.targets).toEqual([`keeper:${port}`]);
    expect(job?.authorization.credentials_file).toBe('/run/secrets/metrics_token');
    const mounted = compose.services.prometheus?.volumes?.map((volume) => volume.split(':')[1]);
    expect(mounted).toContain(prometheus.rule_files[0]);
    const healthcheck = /http:\/\/127\.0\.0\.1:(\d+)(\/\w+)/.exec(read('Dockerfile'));
    expect(healthcheck?.[1]).toBe(port);
    expect(probePaths).toContain(healthcheck?.[2]);
  });

  it('with the journal in PostgreSQL, as its comment has it, loads too', () => {
    const [, journal = ''] = /#\s+(journal: \{ kind: postgres.*)$/m.exec(config) ?? [];
    const [, arming = ''] = /# and then (arming: \{.*?\})/.exec(config) ?? [];
    const text = config.replace(/^journal: .*$/m, `${journal}\n${arming}`);
    const url = 'postgres://ballast:word@postgres:5432/ballast';
    const environment = (name: string) => (name === 'BALLAST_JOURNAL_URL' ? url : 'http://127.0.0.1:1');
    const other = parseConfig('ballast.yaml', text, { registry, environment });
    expect(other.journal.kind).toBe('postgres');
    expect(other.arming.file).toBe('/var/lib/ballast/operator');
  });
});

describe('the Grafana files', () => {
  it('look for the dashboard where compose mounts it, and call the data source as Prometheus is called', () => {
    const { providers } = parse(read('grafana/dashboards/ballast.yaml')) as {
      providers: { options: { path: string } }[];
    };
    const targets = compose.services.grafana?.volumes?.map((volume) => volume.split(':')[1] ?? '');
    expect(targets?.some((target) => target.startsWith(`${providers[0]?.options.path}/`))).toBe(true);
    const { datasources } = parse(read('grafana/datasources/prometheus.yaml')) as {
      datasources: { url: string }[];
    };
    expect(datasources[0]?.url).toBe('http://prometheus:9090');
  });
});

describe('commands', () => {
  it('of the image and of compose are such as there are', () => {
    const instruction = (name: string) =>
      JSON.parse(new RegExp(`^${name} (\\[.*\\])$`, 'm').exec(read('Dockerfile'))?.[1] ?? '[]') as string[];
    expect(instruction('ENTRYPOINT')).toEqual(['node', '/app/dist/src/cli/main.js']);
    expect(instruction('CMD')[0]).toBe('run');
    expect(unknownWords(instruction('CMD'))).toEqual([]);
    expect(unknownWords(compose.services.dashboard?.command ?? ['none'])).toEqual([]);
  });

  it('of the unit are such as there are', () => {
    const start = /^ExecStart=.*bin\/ballast (.*?)'$/m.exec(read('ballast.service'))?.[1] ?? '';
    expect(start).toMatch(/^run /);
    expect(unknownWords(start.split(' '))).toEqual([]);
  });
});

describe('ballast.service', () => {
  const unit = read('ballast.service');
  const setting = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1];

  it('ends the keeper once, in good order, with time for it, and does not start what cannot start', () => {
    expect(setting('KillSignal')).toBe('SIGTERM');
    expect(setting('KillMode')).toBe('mixed');
    expect(Number(setting('TimeoutStopSec'))).toBeGreaterThanOrEqual(60);
    expect(setting('Restart')).toBe('on-failure');
    expect(setting('RestartPreventExitStatus')).toBe('2');
  });

  it('hands the passphrase over as a credential, by the name that it loads', () => {
    const [, name] = /^LoadCredential=(\w+):/m.exec(unit) ?? [];
    expect(setting('ExecStart')).toContain(`$$CREDENTIALS_DIRECTORY/${name}`);
  });

  it.each(['NoNewPrivileges', 'ProtectHome', 'PrivateTmp', 'PrivateDevices', 'RestrictNamespaces'])(
    'has %s',
    (name) => {
      expect(setting(name)).toBe('true');
    },
  );
});

it('every YAML file of deploy/ can be parsed', () => {
  const files = readdirSync(deploy, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.ya?ml$/.test(name),
  );
  expect(files.length).toBeGreaterThanOrEqual(5);
  for (const file of files) expect(() => parse(read(file), { merge: true }), file).not.toThrow();
});
