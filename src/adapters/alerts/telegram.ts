import { z } from 'zod';
import { defineAlert } from '../../ports/alertChannel.ts';
import { plainText, postJson, secretIn, variableName } from './internal/post.ts';

const config = z.strictObject({
  tokenVariable: variableName.describe(
    'the environment variable that holds the bot’s token; it is never shown',
  ),
  chatId: z
    .union([z.string().min(1), z.number().int().transform(String)])
    .describe('the chat, group or channel to write to'),
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://api.telegram.org')
    .describe('the Bot API, where it is not Telegram’s own'),
});

/** The Bot API refuses longer texts (core.telegram.org/bots/api#sendmessage). */
const MOST_CHARACTERS = 4_096;

/** Writes to a Telegram chat as a bot. */
export const telegram = defineAlert<z.infer<typeof config>>({
  summary: 'a Telegram chat, through a bot',
  config,
  sample: { tokenVariable: 'TELEGRAM_TOKEN', chatId: '1', apiUrl: 'https://api.telegram.org' },
  open({ tokenVariable, chatId, apiUrl }, { fetch, secrets }) {
    const url = `${apiUrl.replace(/\/$/, '')}/bot${secretIn(tokenVariable, secrets)}/sendMessage`;
    return {
      send: (message, signal) => {
        const text = plainText(message).slice(0, MOST_CHARACTERS);
        return postJson(fetch, url, { chat_id: chatId, text, disable_web_page_preview: true }, signal);
      },
    };
  },
});
