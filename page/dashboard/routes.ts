import type { OrderDocument, OrderRow } from '../../src/dashboard/documents.ts';
import type { SystemDocument } from '../../src/dashboard/systemDocument.ts';
import type { ResearchDocument } from '../../src/dashboard/views/research.ts';
import type { Markup } from '../../src/report/html/markup.ts';
import { DecisionsPage } from './decisionsPage.ts';
import type { Page, Surroundings } from './page.ts';
import { fleetPage } from './pages/fleet.ts';
import { orderPage, ordersPage } from './pages/order.ts';
import { researchPage } from './pages/research.ts';
import { systemPage } from './pages/system.ts';
import { get } from './parts/api.ts';
import { show } from './parts/dom.ts';
import { VaultPage } from './vaultPage.ts';

/** A page made of one document. */
function documentPage<T>(
  title: string,
  surroundings: Surroundings,
  load: () => Promise<T>,
  markup: (document: T) => Markup,
  isLive = true,
): Page {
  let isOpen = true;
  const draw = async () => {
    const document = await load();
    if (isOpen) show(surroundings.main, markup(document));
  };
  return {
    title,
    open: draw,
    refresh: () => (isLive ? draw() : Promise.resolve()),
    close: () => {
      isOpen = false;
    },
  };
}

/** The page that an address names; the fleet where it names none. */
export function openPage(hash: string, surroundings: Surroundings): Page {
  const [kind = '', name = ''] = hash.replace(/^#\//, '').split('/').map(decodeURIComponent);
  const path = encodeURIComponent(name);
  if (kind === 'vaults' && name !== '') return new VaultPage(name, surroundings);
  if (kind === 'decisions') return new DecisionsPage(name === '' ? null : name, surroundings);
  if (kind === 'orders' && name !== '')
    return documentPage(name, surroundings, () => get<OrderDocument>(`orders/${path}`), orderPage);
  if (kind === 'orders')
    return documentPage('Orders', surroundings, () => get<readonly OrderRow[]>('orders'), ordersPage);
  if (kind === 'research')
    return documentPage(
      'Research',
      surroundings,
      () => get<ResearchDocument>('research'),
      researchPage,
      false,
    );
  if (kind === 'system')
    return documentPage('System', surroundings, () => get<SystemDocument>('system'), systemPage, false);
  return documentPage('Fleet', surroundings, async () => surroundings.state()!, fleetPage);
}
