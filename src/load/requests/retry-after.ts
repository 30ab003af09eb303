/** Longer waits are told as a date or not at all by any service that means them. */
const SECONDS = /^\d{1,9}$/;

/** "Retry-After 30 s", by RFC 9110, section 10.2.3: seconds or a date; `null` where the service says neither. */
export function describeRetryAfter(value: string | null | undefined): string | null {
  const text = value?.trim() ?? "";
  if (SECONDS.test(text)) return `Retry-After ${Number(text)} s`;
  const at = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : `Retry-After ${new Date(at).toISOString()}`;
}
