import { Command, Option } from 'commander';
import { givenSecret } from '../../runtime/keys/givenSecret.ts';
import { listKeystores, refuseExisting, refuseWeak, writeKeystore } from '../../runtime/keys/keystores.ts';
import { systemSecrets } from '../../runtime/secrets.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { keystoreJson, listLines, writtenLines } from '../output/keys.ts';
import { askHidden, askTwice } from '../prompt.ts';

interface SecretOptions {
  readonly passphraseFile?: string;
  readonly passphraseVariable?: string;
  readonly keyFile?: string;
  readonly keyVariable?: string;
}

/** `ballast keys`: encrypted keystores, made, imported and listed. */
export function keysCommand(): Command {
  const keys = new Command('keys')
    .description('create, import and list encrypted keystores; a key itself is never shown')
    .addHelpText(
      'after',
      `
A passphrase is asked for at a terminal, or read from a file or a variable.
Files with secrets must belong to their owner alone: chmod 600 FILE.

Exit codes: 0 done, 1 a listed keystore is exposed to others, 2 wrong use.`,
    );
  keys.addCommand(
    withPassphrase(new Command('create'))
      .description('a fresh random key, encrypted into a new file')
      .argument('<file>', 'the keystore to write; never over another file')
      .action((file: string, options: SecretOptions, command: Command) =>
        execute(command, (context) => create(context, file, options)),
      ),
  );
  keys.addCommand(
    withPassphrase(new Command('import'))
      .description('a private key that you have, encrypted into a new file')
      .argument('<file>', 'the keystore to write; never over another file')
      .option('--key-file <file>', 'read the private key from this file')
      .addOption(
        new Option('--key-variable <name>', 'read it from this environment variable').conflicts('keyFile'),
      )
      .action((file: string, options: SecretOptions, command: Command) =>
        execute(command, (context) => importKey(context, file, options)),
      ),
  );
  keys.addCommand(
    new Command('list')
      .description('the keystores of a folder: address, permissions, date')
      .argument('[folder]', 'where to look', '.')
      .action((folder: string, _: unknown, command: Command) =>
        execute(command, (context) => list(context, folder)),
      ),
  );
  return keys;
}

function withPassphrase(command: Command): Command {
  return command
    .option('--passphrase-file <file>', 'read the passphrase from the only line of this file')
    .addOption(
      new Option('--passphrase-variable <name>', 'read it from this environment variable').conflicts(
        'passphraseFile',
      ),
    );
}

async function create(context: CommandContext, file: string, options: SecretOptions): Promise<ExitCode> {
  await refuseExisting(file);
  return write(context, file, null, options, 'a fresh key');
}

async function importKey(context: CommandContext, file: string, options: SecretOptions): Promise<ExitCode> {
  await refuseExisting(file);
  const { keyFile, keyVariable } = options;
  const place = keyFile ?? keyVariable ?? 'what was typed';
  const key =
    (await givenSecret(systemSecrets(context.redactor), keyFile, keyVariable)) ??
    (await askHidden('Private key (not shown): ', process.stdin, process.stderr));
  context.redactor.learn(key);
  return write(context, file, key, options, place);
}

async function write(
  { terminal, redactor }: CommandContext,
  file: string,
  key: string | null,
  { passphraseFile, passphraseVariable }: SecretOptions,
  place: string,
): Promise<ExitCode> {
  const given = await givenSecret(systemSecrets(redactor), passphraseFile, passphraseVariable);
  const passphrase = given ?? (await askTwice('Passphrase (not shown)', process.stdin, process.stderr));
  redactor.learn(passphrase);
  refuseWeak(passphrase);
  terminal.progress('encrypting, and opening it again to be sure');
  const written = await writeKeystore(file, key, passphrase, place);
  terminal.line(
    ...writtenLines(written, { file: passphraseFile, variable: passphraseVariable }, terminal.style),
  );
  terminal.document({ keystore: keystoreJson(written) });
  return 0;
}

async function list({ terminal }: CommandContext, folder: string): Promise<ExitCode> {
  const files = await listKeystores(folder);
  terminal.line(...listLines(files, folder, terminal.style));
  terminal.document({ folder, keystores: files.map(keystoreJson) });
  return files.every(({ isOwnersAlone }) => isOwnersAlone) ? 0 : 1;
}
