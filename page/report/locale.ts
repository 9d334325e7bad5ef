/**
 * Runs before uPlot, which makes number formats of the browser's language as it loads: under a POSIX locale that language
 * is none that Intl knows (`en-US@posix`), and loading would throw. There the page counts in English.
 */
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
}
