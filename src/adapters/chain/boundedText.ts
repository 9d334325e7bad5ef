/**
 * The body of a response as text, read no further than `maxBytes`: a server that never ends must not fill the memory.
 *
 * @param signal ends the reading too: `fetch` forgets its own over a body that is not compressed as its server says
 * @throws RangeError when there is more; the signal's reason once it has aborted
 */
export async function boundedText(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string> {
  let callOff = () => {};
  const calledOff = new Promise<never>((_, reject) => {
    callOff = () => reject(signal.reason);
    if (signal.aborted) callOff();
    else signal.addEventListener('abort', callOff);
  });
  try {
    return await Promise.race([textOf(response, maxBytes), calledOff]);
  } finally {
    signal.removeEventListener('abort', callOff);
  }
}

async function textOf(response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) throw new RangeError(`the answer is above ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
