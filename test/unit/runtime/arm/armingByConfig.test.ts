import { describe, expect, it } from 'vitest';
import { armingByConfig, armingStatus } from '../../../../src/runtime/arm/leave.ts';
import { parseConfig } from '../../../../src/runtime/config/load.ts';
import { devnetConfigText } from '../../../../src/runtime/demo/config.ts';
import { createLog } from '../../../../src/runtime/log/log.ts';
import { createRedactor } from '../../../../src/runtime/log/redact.ts';
import { systemTools } from '../../../../src/runtime/worlds/tools.ts';

const address = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as const;

/** The config with one relay, and tools that write down what secret they were asked for. */
function stage(relayUrl: string) {
  const asked: string[] = [];
  const redactor = createRedactor();
  const own = systemTools(createLog(redactor, 'silent'), redactor, null);
  const secrets = {
    environment: (name: string) => {
      asked.push(name);
      return `0x${'11'.repeat(32)}`;
    },
    readFile: own.secrets.readFile,
  };
  const tools = { ...own, secrets };
  const addresses = new Proxy({}, { get: (_target, name) => address(String(name).length) });
  const text = devnetConfigText({
    devnet: { url: 'http://127.0.0.1:1', chainId: 1, addresses: addresses as never },
    account: address(77),
    heldOtokens: [],
    relayUrl,
    journalPath: '/nowhere/journal.sqlite',
    variables: { keeper: 'A_KEY', identity: 'AN_IDENTITY' },
  });
  return { config: parseConfig('ballast.yaml', text, tools), tools, asked };
}

describe('how a config is armed, for somebody who only looks', () => {
  it.each([
    ['http://127.0.0.1:1', false],
    ['https://relay.example.org', true],
  ])('is told of a relay at %s without opening it, and so without a key', async (url, isNeeded) => {
    const { config, tools, asked } = stage(url);
    expect(armingByConfig(config, tools).isNeeded).toBe(isNeeded);
    expect(asked).toEqual([]);
    expect(armingByConfig(config, tools)).toEqual(await armingStatus(config, tools));
    expect(asked).toContain('AN_IDENTITY');
  });
});
