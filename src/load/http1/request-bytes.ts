import type { ReadyRequest } from "../driver.js";

/** The request as it goes over the wire. `host` stands in for a Host header that it does not have. */
export function requestBytes(
  { method, path, headers, body }: ReadyRequest,
  host: string,
  close: boolean,
): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  if (!headers.some(([name]) => name.toLowerCase() === "host")) lines.unshift(`Host: ${host}`);
  lines.unshift(`${method} ${path} HTTP/1.1`);
  lines.push(`Connection: ${close ? "close" : "keep-alive"}`);
  if (body !== null) lines.push(`Content-Length: ${body.length}`);
  const head = Buffer.from(lines.join("\r\n") + "\r\n\r\n");
  return body === null ? head : Buffer.concat([head, body]);
}
