import { z } from 'zod';
import { InvalidInputError } from '../../../core/errors.ts';
import { relayUrl } from './relayUrl.ts';

/** Where raw transactions are handed to: an address, or an endpoint of the chain by its name. */
export interface SendEndpoint {
  readonly url?: string | undefined;
  readonly endpoint?: string | undefined;
}

/** The two keys in a relay's config; one of them is given. */
export const sendEndpointShape = (words: string) => ({
  url: relayUrl.optional().describe(words),
  endpoint: z
    .string()
    .optional()
    .describe('instead of url: the name of an endpoint of the chain with the role send'),
});

/** For a config with {@link sendEndpointShape}. */
export const exactlyOne = [
  ({ url, endpoint }: SendEndpoint) => (url === undefined) !== (endpoint === undefined),
  { error: 'url, or endpoint, one of them' },
] as const;

/** The address. @throws InvalidInputError where an endpoint is named and nobody filled in its address */
export function sendUrlOf({ url, endpoint }: SendEndpoint): string {
  if (url !== undefined) return url;
  throw new InvalidInputError('endpoint', endpoint ?? 'nothing', 'an endpoint whose url was filled in');
}
