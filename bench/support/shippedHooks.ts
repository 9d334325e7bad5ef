import type { ResolveHook } from 'node:module';

const root = new URL('../../', import.meta.url).href;
const source = /^((?:src|abis)\/.*)\.ts$/;

/** Leads from a source file to what it was compiled to. */
export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  const found = await nextResolve(specifier, context);
  const [path = ''] = found.url.startsWith(root) ? found.url.slice(root.length).split('?') : [];
  const name = source.exec(path)?.[1];
  if (name === undefined) return found;
  return { url: `${root}dist/${name}.js`, format: 'module', shortCircuit: true };
};
