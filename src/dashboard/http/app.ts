import { type Context, Hono } from 'hono';
import { messageOf } from '../../core/errors.ts';
import { pageFiles } from '../assets/pageFiles.ts';
import { searchDecisions } from '../history/search.ts';
import { seriesOf } from '../history/series.ts';
import type { JournalWatch } from '../journalWatch.ts';
import type { DashboardSource } from '../source.ts';
import { decisionDocument } from '../views/decision.ts';
import { moneyKeeper } from '../views/moneyKeeper.ts';
import { decimalsOf, orderDocument, orderRow } from '../views/order.ts';
import { researchDocument } from '../views/research.ts';
import { stateDocument } from '../views/state.ts';
import { systemDocument } from '../views/system.ts';
import { vaultDocument } from '../views/vault.ts';
import { eventStream, type Listeners, MOST_LISTENERS } from './events.ts';
import { type AccessRules, onlyReading, onlyWithToken } from './guard.ts';
import { redactedJson } from './json.ts';
import { countIn, filterIn, numberIn } from './queries.ts';

/** Answers that take long by their nature, and do not have everything else wait. */
const LASTING = /\/(events|money)$/;
const MOST_BUCKETS = 4_000;
const USUAL_BUCKETS = 800;
const MOST_ROWS = 500;
const USUAL_ROWS = 100;
const LISTED_ORDERS = 200;

/** What the server answers: the page, its data, and word of what is new. */
export function dashboardApp(
  source: DashboardSource,
  watch: JournalWatch,
  rules: AccessRules,
  ending: AbortSignal,
): Hono {
  const app = new Hono();
  const listeners: Listeners = { count: 0 };
  const money = moneyKeeper(source.store, watch);
  const say = (context: Context, document: unknown) =>
    context.body(redactedJson(document, source.redactor), 200, {
      'Content-Type': 'application/json; charset=utf-8',
    });
  const orMissing = (context: Context, document: unknown) =>
    document === null ? context.json({ error: 'there is none of that name' }, 404) : say(context, document);
  const historyIn = (context: Context) => watch.history(context.req.param('vault') ?? '');

  app.use('*', onlyReading(rules));
  for (const { path, type, body } of pageFiles()) {
    app.get(path, (context) =>
      context.body(body, 200, { 'Content-Type': type, 'Cache-Control': 'no-cache' }),
    );
  }
  app.use('/api/*', onlyWithToken(rules));
  app.use('/api/*', (context, next) => (LASTING.test(context.req.path) ? next() : watch.first(() => next())));
  app.get('/api/state', async (context) => say(context, await stateDocument(source, watch)));
  app.get('/api/events', (context) =>
    listeners.count >= MOST_LISTENERS
      ? context.json({ error: 'too many pages listen' }, 503)
      : eventStream(context, watch, listeners, ending),
  );
  app.get('/api/vaults/:vault', async (context) => {
    const history = historyIn(context);
    return orMissing(context, history === undefined ? null : await vaultDocument(source, watch, history));
  });
  app.get('/api/vaults/:vault/series', (context) => {
    const columns = historyIn(context)?.columns;
    if (columns === undefined) return orMissing(context, null);
    const from = numberIn(context, 'from') ?? Number.NEGATIVE_INFINITY;
    const to = numberIn(context, 'to') ?? Number.POSITIVE_INFINITY;
    const buckets = Math.max(1, countIn(context, 'buckets', USUAL_BUCKETS, MOST_BUCKETS));
    return say(context, seriesOf(columns, from, to, buckets));
  });
  app.get('/api/vaults/:vault/money', async (context) => {
    const history = historyIn(context);
    return orMissing(context, history === undefined ? null : await money(history));
  });
  app.get('/api/decisions', (context) => {
    const limit = countIn(context, 'limit', USUAL_ROWS, MOST_ROWS);
    const skip = countIn(context, 'skip', 0, Number.MAX_SAFE_INTEGER);
    return say(context, searchDecisions(watch.histories, filterIn(context), skip, limit));
  });
  app.get('/api/codes', (context) =>
    say(context, [...new Set(watch.histories.flatMap(({ columns }) => columns.codeNames))].sort()),
  );
  app.get('/api/decisions/:id', async (context) =>
    orMissing(context, await decisionDocument(source.store, watch.histories, context.req.param('id'))),
  );
  app.get('/api/orders', async (context) => {
    const vault = context.req.query('vault');
    const wanted = watch.histories.filter((history) => vault === undefined || history.vault === vault);
    const rows = await Promise.all(
      wanted.map(async (history) => {
        const { decision } = await watch.status(history.vault);
        const { base } = decimalsOf(decision);
        return history.orders
          .slice(0, LISTED_ORDERS)
          .map((one) => orderRow(one, base, history.timeOf(one.record.decisionId)));
      }),
    );
    return say(
      context,
      rows
        .flat()
        .toSorted((a, b) => b.atSeconds - a.atSeconds)
        .slice(0, LISTED_ORDERS),
    );
  });
  app.get('/api/orders/:id', async (context) =>
    orMissing(context, await orderDocument(source.store, context.req.param('id'))),
  );
  app.get('/api/research', async (context) => say(context, await researchDocument(source.reports)));
  app.get('/api/system', async (context) => say(context, await systemDocument(source, watch)));
  app.notFound((context) => context.json({ error: 'there is nothing here' }, 404));
  app.onError((error, context) => {
    const why = source.redactor.text(messageOf(error));
    source.log.warn({ path: context.req.path, error: why }, 'a page could not be answered');
    return context.json({ error: why }, 500);
  });
  return app;
}
