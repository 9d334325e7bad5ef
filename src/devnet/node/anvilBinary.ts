import { createRequire } from 'node:module';
import { AnvilStartError } from '../errors.ts';

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * Path of the anvil executable that npm installed for this platform. The package's own launcher is passed over: it is a
 * second process between us and anvil, and would leave anvil running when it is killed.
 *
 * @throws AnvilStartError where the package has no binary for this platform
 */
export function anvilBinary(): string {
  const platform = `${process.platform}-${ARCHITECTURES[process.arch] ?? process.arch}`;
  const executable = process.platform === 'win32' ? 'anvil.exe' : 'anvil';
  try {
    const launcher = createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json');
    return createRequire(launcher).resolve(`@foundry-rs/anvil-${platform}/bin/${executable}`);
  } catch (cause) {
    throw new AnvilStartError(`no binary for ${platform}`, {
      cause,
      action:
        'run `npm install` without --no-optional; anvil exists for linux, macOS and Windows on x64 or arm64',
    });
  }
}
