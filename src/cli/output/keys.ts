import type { KeystoreFile } from '../../runtime/keys/keystores.ts';
import { UNKNOWN } from './numbers.ts';
import type { Style } from './style.ts';
import { labelled, table } from './table.ts';

const LABEL_WIDTH = 10;

/** A date as everybody reads it, UTC. */
const day = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');

/**
 * A keystore that was just written, and how a config names it.
 *
 * @param password where its passphrase came from; what nobody wrote down is proposed to be in a variable
 */
export function writtenLines(
  file: KeystoreFile,
  password: { readonly file?: string | undefined; readonly variable?: string | undefined },
  style: Style,
): readonly string[] {
  const { variable = 'BALLAST_KEYSTORE_PASSWORD' } = password;
  return [
    ...labelled('address', style.bold(file.address ?? UNKNOWN), LABEL_WIDTH),
    ...labelled('file', file.path, LABEL_WIDTH),
    ...labelled('mode', `${file.mode}, its owner alone`, LABEL_WIDTH),
    '',
    'in the config',
    '  signer:',
    '    kind: keystore',
    `    path: ${file.path}`,
    password.file === undefined ? `    passwordVariable: ${variable}` : `    passwordFile: ${password.file}`,
    '',
    'Keep copies of file and passphrase, apart: without both the key is lost.',
  ];
}

/** The keystores of a folder, with what to do about those that others may read. */
export function listLines(files: readonly KeystoreFile[], folder: string, style: Style): readonly string[] {
  if (files.length === 0) return [`no keystore in ${folder}     next  ballast keys create FILE`];
  const rows = files.map((file) => [
    file.address ?? UNKNOWN,
    file.isOwnersAlone ? style.green(file.mode) : style.red(file.mode),
    day(file.modifiedAtSeconds),
    file.path,
  ]);
  const [title = '', ...body] = table(
    [
      { title: 'address', align: 'left' },
      { title: 'mode', align: 'left' },
      { title: 'written (UTC)', align: 'left' },
      { title: 'file', align: 'left' },
    ],
    rows,
  );
  const exposed = files.filter((file) => !file.isOwnersAlone);
  const advice = exposed.map(({ path }) => `${style.red('exposed')}  others may read it: chmod 600 ${path}`);
  return [style.dim(title), ...body, ...(advice.length === 0 ? [] : ['', ...advice])];
}

/** The same as data. */
export function keystoreJson(file: KeystoreFile): unknown {
  const { path, address, mode, isOwnersAlone, modifiedAtSeconds } = file;
  return { path, address, mode, isOwnersAlone, modifiedAtSeconds };
}
