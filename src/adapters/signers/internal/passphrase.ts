/** The passphrase that a file holds: its text without the line end that editors put behind it. */
export function passphraseOfFile(text: string): string {
  return text.replace(/\r?\n$/, '');
}
