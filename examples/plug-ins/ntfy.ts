import { BallastError, defineAlert } from 'ballast';
import { z } from 'zod';

const config = z.strictObject({
  topicVariable: z.string().min(1).describe('the environment variable that holds the topic’s address'),
});

/** A channel: a way to tell people. It sends once and throws where it was not taken; trying again is the runtime's. */
export const ntfy = defineAlert<z.infer<typeof config>>({
  summary: 'an ntfy topic',
  config,
  sample: { topicVariable: 'NTFY_TOPIC' },
  open({ topicVariable }, { fetch, secrets }) {
    const url = secrets.environment(topicVariable);
    if (url === undefined || url === '')
      throw new BallastError('ALERT_SECRET_MISSING', `the environment variable ${topicVariable} is not set`, {
        action: `set ${topicVariable}`,
      });
    return {
      async send({ title, severity, status, source }, signal) {
        const response = await fetch(url, {
          method: 'POST',
          headers: {
            title: `${source}: ${status}`,
            priority: severity === 'critical' ? 'urgent' : 'default',
          },
          body: title,
          redirect: 'error',
          signal,
        });
        if (!response.ok) throw new BallastError('ALERT_REFUSED', `the topic answers ${response.status}`);
      },
    };
  },
});
