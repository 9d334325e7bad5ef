import { z } from 'zod';
import { defineAlert } from '../../ports/alertChannel.ts';
import { plainText, postJson, secretIn, variableName } from './internal/post.ts';

const config = z.strictObject({
  webhookVariable: variableName.describe(
    'the environment variable that holds the address of an incoming webhook; it is never shown',
  ),
});

/** What Slack reads as markup in a text (docs.slack.dev, formatting message text): three characters. */
const escapeMarkup = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Posts to a Slack channel through an incoming webhook. */
export const slack = defineAlert<z.infer<typeof config>>({
  summary: 'a Slack channel, through an incoming webhook',
  config,
  sample: { webhookVariable: 'SLACK_WEBHOOK' },
  open({ webhookVariable }, { fetch, secrets }) {
    const url = secretIn(webhookVariable, secrets);
    return {
      send: (message, signal) => postJson(fetch, url, { text: escapeMarkup(plainText(message)) }, signal),
    };
  },
});
