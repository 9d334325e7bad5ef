import type { ChartData } from '../../src/report/html/charts.ts';
import { TimeCharts } from './charts.ts';
import { followMarks } from './marks.ts';

/** Shows what belongs to one policy, and hides what belongs to others. */
function showPolicy(chosen: number): void {
  for (const panel of document.querySelectorAll<HTMLElement>('[data-policy]')) {
    panel.hidden = panel.dataset.policy !== String(chosen);
  }
}

function start(): void {
  const text = document.getElementById('chart-data')?.textContent;
  if (text == null) return;
  showPolicy(0);
  followMarks();
  const charts = new TimeCharts(JSON.parse(text) as ChartData);
  for (const radio of document.querySelectorAll<HTMLInputElement>('input[name="policy"]')) {
    radio.addEventListener('change', () => {
      showPolicy(Number(radio.value));
      charts.choose(Number(radio.value));
    });
  }
  for (const button of document.querySelectorAll<HTMLElement>('[data-zoom]')) {
    button.addEventListener('click', () => charts.zoom(button.dataset.zoom ?? ''));
  }
}

start();
