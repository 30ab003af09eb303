/** A run of forty blocks with a hundred scenarios stays far below. */
export const LARGEST_RESPONSE_BYTES = 50_000_000;

const WITHOUT_BODY = [204, 205, 304];

/**
 * A `fetch` that gives a response when its body is here, and has `timeoutMs` for both: a connection that is cut while a
 * body is read is then a failed request like any other. A body that is too large ends with the chunk that makes it so.
 */
export function readWhole(fetch: typeof globalThis.fetch, timeoutMs: number): typeof globalThis.fetch {
  return async (url, options) => {
    const response = await fetch(url, { ...options, signal: AbortSignal.timeout(timeoutMs) });
    const { status, headers } = response;
    const body = response.body as AsyncIterable<Uint8Array> | null;
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of body ?? []) {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes > LARGEST_RESPONSE_BYTES) break;
    }
    const content = WITHOUT_BODY.includes(status) ? null : Buffer.concat(chunks);
    return new Response(content, { status, headers: [...headers] });
  };
}
