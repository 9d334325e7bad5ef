import { describe, expect, it } from 'vitest';
import { dashboardAddress, dashboardToken, TOKEN_VARIABLE } from '../../../src/cli/dashboardOptions.ts';
import { dashboardSchema } from '../../../src/runtime/config/operations.ts';
import { createRedactor } from '../../../src/runtime/log/redact.ts';

const configured = (part: object) => dashboardSchema.parse(part);

describe('where the page is', () => {
  it('is this machine alone, and no particular port, where nobody says otherwise', () => {
    expect(configured({})).toEqual({ enabled: true, listen: null, tokenVariable: null });
    expect(dashboardAddress(configured({}), {})).toEqual({ host: '127.0.0.1', port: null });
    expect(dashboardAddress(null, {})).toEqual({ host: '127.0.0.1', port: null });
  });

  it('is where the config says, unless a flag says otherwise', () => {
    const config = configured({ listen: '10.0.0.5:9001' });
    expect(dashboardAddress(config, {})).toEqual({ host: '10.0.0.5', port: 9_001 });
    expect(dashboardAddress(config, { port: 0 })).toEqual({ host: '10.0.0.5', port: 0 });
    expect(dashboardAddress(config, { host: '127.0.0.1' })).toEqual({ host: '127.0.0.1', port: 9_001 });
    expect(dashboardAddress(configured({ listen: '[::1]:9001' }), {})).toEqual({ host: '::1', port: 9_001 });
  });

  it('is refused where it is no host and port', () => {
    for (const listen of ['9001', '127.0.0.1', '127.0.0.1:70000', 'http://127.0.0.1:1'])
      expect(dashboardSchema.safeParse({ listen }).success, listen).toBe(false);
  });
});

describe('the token of the page', () => {
  const token = 'a-token-that-is-never-shown-1';

  it('is in the variable that the config names, and is hidden from then on', () => {
    const redactor = createRedactor();
    const environment = (name: string) => (name === 'PAGE_TOKEN' ? ` ${token}\n` : undefined);
    expect(dashboardToken(environment, redactor, configured({ tokenVariable: 'PAGE_TOKEN' }))).toBe(token);
    expect(redactor.text(`it is ${token}`)).not.toContain(token);
  });

  it('is in the usual variable where the config names none, and may be absent', () => {
    const redactor = createRedactor();
    const environment = (name: string) => (name === TOKEN_VARIABLE ? token : undefined);
    expect(dashboardToken(environment, redactor, configured({}))).toBe(token);
    expect(dashboardToken(() => undefined, redactor, configured({}))).toBeNull();
  });

  it('must be there where the config names a variable: a page without it would be open', () => {
    const config = configured({ tokenVariable: 'PAGE_TOKEN' });
    expect(() => dashboardToken(() => token.slice(0, 0), createRedactor(), config)).toThrow(
      /PAGE_TOKEN is not set/,
    );
  });
});
