import { describe, expect, it } from 'vitest';
import { renderError } from '../../../../src/cli/output/errors.ts';
import { plainStyle } from '../../../../src/cli/output/style.ts';
import { BallastError } from '../../../../src/core/errors.ts';
import { ConfigError } from '../../../../src/runtime/errors.ts';
import { createRedactor } from '../../../../src/runtime/log/redact.ts';

const PASSWORD = 'correct horse battery staple and several more words of it';

describe('an error that quotes a secret of several words', () => {
  const redactor = createRedactor();
  redactor.learn(PASSWORD);
  const filler = 'the keystore could not be opened, whatever was tried, with';
  const issue = { line: 1, path: 'signer', found: `${filler} ${PASSWORD}`, expected: 'a key', action: 'no' };

  it.each([
    ['message', new BallastError('X', `${filler} ${PASSWORD}`)],
    ['fact', new BallastError('X', 'no', { facts: { tried: `${filler} ${PASSWORD}` } })],
    ['cause', new BallastError('X', 'no', { cause: new Error(`${filler} ${PASSWORD}`) })],
    ['action', new BallastError('X', 'no', { action: `${filler} ${PASSWORD}` })],
    ['unexpected error', new Error(`${filler} ${PASSWORD}`)],
    ['issue of a config', new ConfigError('ballast.yaml', [issue])],
  ])('hides it in its %s although lines are broken in the middle of it', (_, error) => {
    const text = renderError(error, plainStyle, redactor);
    expect(text).toContain('[hidden]');
    expect(text).not.toMatch(/horse|battery|staple/);
  });
});
