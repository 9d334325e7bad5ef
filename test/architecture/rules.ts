import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** One broken rule: where, which, and what was found. */
export interface Violation {
  readonly rule:
    | 'layers'
    | 'packages'
    | 'siblings'
    | 'purity'
    | 'size'
    | 'documentation'
    | 'cycles'
    | 'registration';
  readonly file: string;
  readonly found: string;
}

interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly layer: string;
  readonly imports: readonly string[];
}

const pluginFolders = ['protocols', 'accounts', 'venues', 'feeds', 'relays', 'signers', 'stores', 'alerts'];
const plugins = pluginFolders.map((folder) => `adapters/${folder}`);

/** What each layer may import of the project, beside itself. */
const allowedLayers: Readonly<Record<string, readonly string[]>> = {
  core: [],
  policies: ['core'],
  ports: ['core'],
  engine: ['core', 'ports'],
  sim: ['core', 'ports', 'policies', 'engine'],
  report: ['core', 'sim'],
  'adapters/chain': ['core', 'ports', 'abis'],
  ...Object.fromEntries(plugins.map((folder) => [folder, ['core', 'ports', 'adapters/chain', 'abis']])),
  devnet: ['core', 'ports', 'adapters/chain', 'abis'],
  runtime: [
    'core',
    'policies',
    'ports',
    'engine',
    'sim',
    'report',
    'adapters/chain',
    ...plugins,
    'devnet',
    'abis',
  ],
  cli: ['dashboard', 'runtime', 'engine', 'core', 'ports'],
  dashboard: ['report', 'runtime', 'engine', 'core', 'ports'],
  index: ['core', 'policies', 'ports', 'engine', 'sim', 'devnet', 'runtime', 'adapters/chain'],
};

/** What each layer may import from npm and from Node; `node:` stands for all of Node's own modules. */
const allowedPackages: Readonly<Record<string, readonly string[]>> = {
  core: [],
  policies: ['zod'],
  ports: ['zod'],
  engine: [],
  sim: [],
  report: [],
  'adapters/chain': ['viem', 'p-queue', 'undici', 'ws', 'zod', 'node:'],
  ...Object.fromEntries(plugins.map((folder) => [folder, ['viem', 'zod']])),
  'adapters/protocols': ['viem', 'zod', 'yaml'],
  'adapters/signers': ['viem', 'ethers', 'zod', 'aws4fetch'],
  'adapters/stores': ['kysely', 'libsql', 'pg', 'zod', 'viem', 'node:'],
  devnet: ['viem', 'node:'],
  runtime: ['viem', 'zod', 'yaml', 'pino', 'p-queue', 'croner', 'prom-client', 'node:'],
  cli: ['commander', 'viem', 'node:'],
  dashboard: ['hono', '@hono/node-server', 'node:'],
  index: [],
};

const pureLayers = ['core', 'policies', 'ports', 'engine', 'sim', 'report'];
const impure =
  /\b(?:new Date\b|Date\.now|Math\.random|setTimeout|setInterval|setImmediate|process\.|performance\.now|globalThis\.crypto|crypto\.(?:random|get)|fetch\()/;
const maxLines = 300;

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesBelow(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

function layerOf(path: string): string {
  const [first = '', second = ''] = path.split(sep);
  if (second === '') return first.replace(/\.ts$/, '');
  return first === 'adapters' ? `adapters/${second}` : first;
}

function importsOf(text: string): string[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? '');
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

function load(root: string): SourceFile[] {
  return filesBelow(join(root, 'src')).map((absolute) => {
    const path = relative(join(root, 'src'), absolute);
    const text = readFileSync(absolute, 'utf8');
    return { path, text, layer: layerOf(path), imports: importsOf(text) };
  });
}

function target(file: SourceFile, specifier: string): string {
  return relative('.', resolve(dirname(file.path), specifier));
}

function targetLayer(path: string): string {
  return path.startsWith(`..${sep}abis`) ? 'abis' : layerOf(path);
}

const isRelative = (specifier: string) => specifier.startsWith('.');

function layers(file: SourceFile): Violation[] {
  const allowed = allowedLayers[file.layer];
  if (allowed === undefined)
    return [{ rule: 'layers', file: file.path, found: `no layer called ${file.layer}` }];
  return file.imports
    .filter(isRelative)
    .map((specifier) => targetLayer(target(file, specifier)))
    .filter((layer) => layer !== file.layer && !allowed.includes(layer))
    .map((layer) => ({ rule: 'layers', file: file.path, found: `${file.layer} imports ${layer}` }));
}

function packages(file: SourceFile): Violation[] {
  const allowed = allowedPackages[file.layer] ?? [];
  const isAllowed = (specifier: string) =>
    allowed.some((name) =>
      name === 'node:' ? specifier.startsWith(name) : specifier === name || specifier.startsWith(`${name}/`),
    );
  return file.imports
    .filter((specifier) => !isRelative(specifier) && !isAllowed(specifier))
    .map((specifier) => ({ rule: 'packages', file: file.path, found: `${file.layer} imports ${specifier}` }));
}

/** A plug-in is one file of its folder, or one folder in it; only `internal/` is shared between siblings. */
function siblings(file: SourceFile): Violation[] {
  if (!plugins.includes(file.layer) && file.layer !== 'policies') return [];
  const inside = (path: string) => relative(file.layer, path).split(sep)[0] ?? '';
  const own = inside(file.path);
  if (own === 'index.ts') return [];
  return file.imports
    .filter(isRelative)
    .map((specifier) => target(file, specifier))
    .filter((path) => targetLayer(path) === file.layer)
    .filter(
      (path) => inside(path) !== 'internal' && inside(path).replace(/\.ts$/, '') !== own.replace(/\.ts$/, ''),
    )
    .map((path) => ({ rule: 'siblings', file: file.path, found: `imports its sibling ${path}` }));
}

function purity(file: SourceFile): Violation[] {
  if (!pureLayers.includes(file.layer)) return [];
  const code = withoutComments(file.text);
  const found = impure.exec(code)?.[0];
  return found === undefined ? [] : [{ rule: 'purity', file: file.path, found }];
}

function size(file: SourceFile): Violation[] {
  const lines = file.text.split('\n').length - 1;
  return lines > maxLines
    ? [{ rule: 'size', file: file.path, found: `${lines} lines, at most ${maxLines}` }]
    : [];
}

function documentation(file: SourceFile): Violation[] {
  const lines = file.text.split('\n');
  const exported = /^export (?:async )?(?:abstract )?(?:function\*?|const|class|interface|type)\s+(\w+)/;
  return lines.flatMap((line, index) => {
    const name = exported.exec(line)?.[1];
    if (name === undefined) return [];
    let above = index - 1;
    while (lines[above]?.startsWith('// biome-ignore')) above -= 1;
    const documented = lines[above]?.trimEnd().endsWith('*/') ?? false;
    const overloadOf = new RegExp(`^export (?:async )?function ${name}\\b`);
    const isOverload = lines.slice(0, index).some((earlier) => overloadOf.test(earlier));
    if (documented || isOverload) return [];
    return [{ rule: 'documentation' as const, file: file.path, found: `${name} has no doc comment` }];
  });
}

/** Every plug-in module has its line in the index of its folder: that line is its registration. */
function registration(files: readonly SourceFile[]): Violation[] {
  const folders = [...plugins, 'policies'];
  return folders.flatMap((folder) => {
    const modules = files.filter((file) => dirname(file.path) === folder.split('/').join(sep));
    const index = modules.find((file) => file.path.endsWith('index.ts'));
    return modules
      .filter((file) => file !== index)
      .filter((file) => !index?.imports.some((specifier) => target(index, specifier) === file.path))
      .map((file) => ({
        rule: 'registration' as const,
        file: file.path,
        found: `not exported from ${folder}/index.ts`,
      }));
  });
}

/** Import cycles between files; type-only imports count too, since a reader follows them all the same. */
function cycles(files: readonly SourceFile[]): Violation[] {
  const edges = new Map(
    files.map((file) => [
      file.path,
      file.imports.filter(isRelative).map((specifier) => target(file, specifier)),
    ]),
  );
  const state = new Map<string, 'open' | 'done'>();
  const found: Violation[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      found.push({
        rule: 'cycles',
        file: path,
        found: [...trail.slice(trail.indexOf(path)), path].join(' -> '),
      });
      return;
    }
    state.set(path, 'open');
    for (const next of edges.get(path) ?? []) if (edges.has(next)) visit(next, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
}

/** Holds a source tree (`root/src`) against the rules of the house. */
export function violationsOf(root: string): Violation[] {
  const files = load(root);
  const perFile = files.flatMap((file) => [
    ...layers(file),
    ...packages(file),
    ...siblings(file),
    ...purity(file),
    ...size(file),
    ...documentation(file),
  ]);
  return [...perFile, ...registration(files), ...cycles(files)];
}
