import { z } from 'zod';
import { defineAlert } from '../../ports/alertChannel.ts';
import { postJson, secretIn, variableName } from './internal/post.ts';

const config = z.strictObject({
  urlVariable: variableName.describe('the environment variable that holds the address; it is never shown'),
  authorizationVariable: variableName
    .nullable()
    .default(null)
    .describe('the environment variable that holds the Authorization header; it is never shown'),
});

/** Posts every message as JSON, with the keys of the message itself and a schema number. */
export const webhook = defineAlert<z.infer<typeof config>>({
  summary: 'posts JSON to an address of your own',
  config,
  sample: { urlVariable: 'ALERT_URL', authorizationVariable: null },
  open({ urlVariable, authorizationVariable }, { fetch, secrets }) {
    const url = secretIn(urlVariable, secrets);
    const headers: Record<string, string> =
      authorizationVariable === null ? {} : { authorization: secretIn(authorizationVariable, secrets) };
    return { send: (message, signal) => postJson(fetch, url, { schema: 1, ...message }, signal, headers) };
  },
});
