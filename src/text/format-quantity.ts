/** Numbers as people read them. ASCII minus, a point for decimals, a comma every three digits, a space before the unit. */

/** By the most decimals that they print: making one takes longer than a hundred uses of it. */
const FORMATTERS = [0, 1, 2, 3, 4].map(
  (maximumFractionDigits) => new Intl.NumberFormat("en-US", { maximumFractionDigits }),
);

/** Three significant digits, but never fewer than the whole part: 0.123, 12.3, 1,234. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return "unknown";
  const size = Math.abs(value);
  if (size === 0) return "0";
  const decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : size >= 0.09995 ? 3 : 4;
  const rounded = Number(value.toFixed(decimals));
  if (rounded === 0) return Number(value.toPrecision(2)).toString();
  return FORMATTERS[decimals]!.format(rounded);
}

/** A measured ratio: `0.1234` is "12.3 %"; two decimals below 1 %, none from 100 %. */
export function formatPercent(ratio: number): string {
  if (!Number.isFinite(ratio)) return "unknown";
  const value = ratio * 100;
  const size = Math.abs(value);
  if (size === 0) return "0 %";
  const decimals = size >= 99.95 ? 0 : size >= 0.995 ? 1 : 2;
  const text = withoutNegativeZero(value.toFixed(decimals));
  return `${grouped(text)} %`;
}

/** A measured ratio with its sign: "+12.3 %", "-0.40 %". */
export function formatSignedPercent(ratio: number): string {
  const text = formatPercent(ratio);
  return ratio > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** A limit as its author wrote it: "7.5 %", "5 %". */
export function formatLimitPercent(ratio: number): string {
  if (!Number.isFinite(ratio)) return "unknown";
  return `${Number((ratio * 100).toPrecision(12)).toString()} %`;
}

/** A difference of shares: `0.0012` is "0.12 percentage points". */
export function formatPercentagePoints(share: number): string {
  if (!Number.isFinite(share)) return "unknown";
  return `${formatNumber(share * 100)} percentage points`;
}

/** A time given in microseconds: "850 us", "12.3 ms", "1.5 s", "3 min 20 s". */
export function formatDuration(us: number): string {
  if (!Number.isFinite(us)) return "unknown";
  const size = Math.abs(us);
  if (size < 999.5) return `${formatNumber(us)} us`;
  if (size < 999_500) return `${formatNumber(us / 1000)} ms`;
  if (size < 119_500_000) return `${formatNumber(us / 1e6)} s`;
  const seconds = Math.round(size / 1e6);
  const sign = us < 0 ? "-" : "";
  const rest = seconds % 60;
  return `${sign}${Math.floor(seconds / 60).toLocaleString("en-US")} min${rest > 0 ? ` ${rest} s` : ""}`;
}

/** A size in bytes: "512 B", "12.3 KiB", "1.5 GiB". */
export function formatBytes(count: number): string {
  if (!Number.isFinite(count)) return "unknown";
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = count;
  let unit = 0;
  while (Math.abs(value) >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${formatNumber(value)} ${units[unit]!}`;
}

/** A value of a metric in the unit in which results carry it. Unknown units are named as they are. */
export function formatInUnit(value: number, unit: string): string {
  switch (unit) {
    case "us":
      return formatDuration(value);
    case "us/request":
      return `${formatDuration(value)}/request`;
    case "bytes":
      return formatBytes(value);
    case "share":
      return formatPercent(value);
    default:
      return unit === "" ? formatNumber(value) : `${formatNumber(value)} ${unit}`;
  }
}

function withoutNegativeZero(text: string): string {
  return /[1-9]/.test(text) ? text : text.replace("-", "");
}

function grouped(text: string): string {
  const [whole, decimals] = text.split(".");
  const groups = whole!.replace(/\B(?=(\d{3})+$)/g, ",");
  return decimals === undefined ? groups : `${groups}.${decimals}`;
}
