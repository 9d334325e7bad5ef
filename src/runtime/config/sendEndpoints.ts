import type { ConfigIssue } from '../errors.ts';
import { nearest } from './nearest.ts';
import type { Config } from './schema.ts';
import { type Path, renderPath, type Source } from './source.ts';

/** The name by which a relay's config refers to an endpoint of the chain; undefined where it does not. */
const endpointOf = (config: unknown): string | undefined => {
  const { endpoint, url } = config as { readonly endpoint?: unknown; readonly url?: unknown };
  return typeof endpoint === 'string' && url === undefined ? endpoint : undefined;
};

/** The config with the address of the endpoint in every relay that names one of the chain's. */
export function withSendEndpoints(config: Config): Config {
  const relays = Object.entries(config.relays).map(([name, relay]): [string, Config['relays'][string]] => {
    const endpoint = endpointOf(relay.config);
    const found = config.chain.endpoints.find((one) => one.name === endpoint);
    if (endpoint === undefined || found === undefined) return [name, relay];
    return [name, { ...relay, config: { ...(relay.config as object), url: found.url } }];
  });
  return { ...config, relays: Object.fromEntries(relays) };
}

/** Relays that name an endpoint which is not there, or is not for transactions. */
export function unknownSendEndpoints(source: Source, { chain, relays }: Config): readonly ConfigIssue[] {
  const sending = chain.endpoints.filter(({ roles }) => roles.includes('send')).map(({ name }) => name);
  return Object.entries(relays).flatMap(([relay, { config }]) => {
    const name = endpointOf(config);
    if (name === undefined || sending.includes(name)) return [];
    const path: Path = ['relays', relay, 'endpoint'];
    const isThere = chain.endpoints.some((one) => one.name === name);
    const meant = nearest(name, sending);
    return [
      {
        line: source.lineOf(path),
        path: renderPath(path),
        found: isThere
          ? `"${name}", an endpoint without the role send`
          : `"${name}", which chain.endpoints does not have`,
        expected:
          sending.length > 0 ? `one of ${sending.join(', ')}` : 'an endpoint of the chain with the role send',
        action: isThere
          ? `add send to the roles of ${name}, or write url instead`
          : meant
            ? `write ${meant} instead of ${name}`
            : 'add it to chain.endpoints, or write url instead',
      },
    ];
  });
}
