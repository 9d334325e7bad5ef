import {
  type Document,
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
  type Tags,
  visit,
} from 'yaml';
import { messageOf } from '../../core/errors.ts';
import type { ConfigIssue } from '../errors.ts';

/** Where a value sits: keys and list indices from the top. */
export type Path = readonly (string | number)[];

/** A config file as read: plain data, and where each value stands. */
export interface Source {
  readonly file: string;
  readonly data: unknown;
  /** 1-based line of a value; of its nearest existing ancestor where it is missing. */
  lineOf(path: Path): number | null;
  /** 1-based line of a key itself. */
  lineOfKey(path: Path): number | null;
  /** Names of the environment variables that a value was filled from, empty where it stands in the file itself. */
  variablesAt(path: Path): readonly string[];
  readonly issues: readonly ConfigIssue[];
}

/** What reading the YAML needs besides its text. */
export interface SourceOptions {
  readonly environment: (name: string) => string | undefined;
  /** Top-level keys that are cut out before anything in them is looked at. */
  readonly without: readonly string[];
}

/** `vaults[0].policy.halfWidth` */
export function renderPath(path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
}

/** YAML reads `0xC02a…` as a number, and a number has too few digits for an address. */
const withoutHexNumbers = (tags: Tags): Tags =>
  tags.filter((tag) => typeof tag === 'string' || tag.format !== 'HEX');

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Reads YAML, fills in `${NAME}` from the environment, and remembers where everything stands. */
export function readSource(file: string, text: string, options: SourceOptions): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    customTags: withoutHexNumbers,
  });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const issues: ConfigIssue[] = document.errors.map((error) => ({
    line: lineAt(error.pos[0]),
    path: '',
    found: error.message.split('\n')[0] ?? error.code,
    expected: 'YAML',
    action: `correct the syntax at ${file}:${lineAt(error.pos[0])}`,
  }));
  for (const key of options.without) if (isMap(document.contents)) document.contents.delete(key);

  const variables = new Map<string, readonly string[]>();
  visit(document, {
    Scalar(key, node, ancestors) {
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return;
      const path = pathOf([...ancestors, node]);
      const names: string[] = [];
      const filled = node.value.replace(VARIABLE, (whole, name: string) => {
        names.push(name);
        const value = options.environment(name);
        if (value !== undefined && value !== '') return value;
        issues.push({
          line: node.range ? lineAt(node.range[0]) : null,
          path,
          found: `\${${name}}, which is not set`,
          expected: `the environment variable ${name}`,
          action: `export ${name}=…, or write the value itself`,
        });
        return whole;
      });
      variables.set(path, names);
      const isBareNumber = node.type === 'PLAIN' && /^-?\d+(\.\d+)?$/.test(filled);
      node.value = isBareNumber ? Number(filled) : filled;
    },
  });

  const nodeAt = (path: Path) => {
    for (let length = path.length; length >= 0; length--) {
      const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node;
    }
    return null;
  };
  return {
    file,
    data: document.errors.length > 0 ? null : plainData(document, file, issues),
    lineOf: (path) => {
      const node = nodeAt(path);
      return node?.range ? lineAt(node.range[0]) : null;
    },
    lineOfKey: (path) => {
      const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
      const pair = isMap(parent)
        ? parent.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1))
        : undefined;
      return isScalar(pair?.key) && pair.key.range ? lineAt(pair.key.range[0]) : null;
    },
    variablesAt: (path) => variables.get(renderPath(path)) ?? [],
    issues,
  };
}

/** The data without its places; null, and an issue, where aliases of aliases would make it endless. */
function plainData(document: Document, file: string, issues: ConfigIssue[]): unknown {
  try {
    return document.toJS();
  } catch (error) {
    const action = `write the values out instead of the aliases in ${file}`;
    issues.push({ line: null, path: '', found: messageOf(error), expected: 'plain YAML', action });
    return null;
  }
}

/** The rendered path of the last node in a chain of YAML ancestors. */
function pathOf(chain: readonly unknown[]): string {
  const path: (string | number)[] = [];
  chain.forEach((node, index) => {
    const child = chain[index + 1];
    if (isPair(node) && isScalar(node.key)) path.push(String(node.key.value));
    else if (isNode(node) && 'items' in node && !isMap(node))
      path.push((node.items as unknown[]).indexOf(child));
  });
  return renderPath(path);
}
