import type { Redactor } from '../../runtime/log/redact.ts';

/** A document as JSON: bigints as text, what is no number as null, and every text through the list of what is secret. */
export function redactedJson(document: unknown, redactor: Redactor): string {
  return JSON.stringify(document, (key, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'string') return value;
    return (redactor.value({ [key]: value }) as Readonly<Record<string, unknown>>)[key];
  });
}
