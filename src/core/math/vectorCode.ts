/** What this uses of the global that every JavaScript engine has, and that the language's own types do not name. */
declare const WebAssembly:
  | {
      readonly validate: (code: Uint8Array) => boolean;
      readonly Module: new (code: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: unknown };
    }
  | undefined;

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
    Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
}

/**
 * Compiled code with a memory of its own, ready to be called.
 *
 * @param hex WebAssembly that imports nothing, in hexadecimal
 * @returns its exports; null where the engine has no WebAssembly or no 128-bit vectors, or is not allowed to compile
 */
export function instantiateVectorCode(hex: string): unknown {
  if (typeof WebAssembly === 'undefined') return null;
  const code = bytesOf(hex);
  if (!WebAssembly.validate(code)) return null;
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(code)).exports;
  } catch {
    // A page's policy may forbid compiling.
    return null;
  }
}
