const TOKEN_KEY = 'ballast.token';

/** The server did not answer, or not with data. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The token that the server asks for, kept for this tab alone. */
export function token(): string | null {
  return sessionStorage.getItem(TOKEN_KEY);
}

/** Remembers a token for as long as the tab is open. */
export function setToken(text: string): void {
  sessionStorage.setItem(TOKEN_KEY, text.trim());
}

/** Asks the server, with the token where there is one. */
export function ask(path: string, signal?: AbortSignal): Promise<Response> {
  const known = token();
  return fetch(`api/${path}`, {
    headers: known === null ? {} : { Authorization: `Bearer ${known}` },
    cache: 'no-store',
    ...(signal === undefined ? {} : { signal }),
  });
}

/** One document of the server. @throws ApiError with status 0 where the server cannot be reached */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await ask(path, signal).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiError(0, 'the server does not answer');
  });
  if (response.ok) return (await response.json()) as T;
  const said = (await response.json().catch(() => ({}))) as { readonly error?: string };
  throw new ApiError(response.status, said.error ?? `the server answered ${response.status}`);
}
