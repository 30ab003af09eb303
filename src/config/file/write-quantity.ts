import type { MetricDescriptor } from "../../metrics/metric-descriptor.js";

/** Defaults as a user would write them in tailgate.yml. */

/** 0.075 -> `7.5%` */
export function writtenPercent(share: number): string {
  return `${Number((share * 100).toPrecision(12))}%`;
}

/** A limit as it is written: 0.075 -> `7.5%`, of a difference of shares 0.001 -> `0.1pp`. */
export function writtenLimit({ scale }: Pick<MetricDescriptor, "scale">, limit: number): string {
  switch (scale) {
    case "log":
      return writtenPercent(limit);
    case "difference":
      return `${Number((limit * 100).toPrecision(12))}pp`;
  }
}

/** 300000 -> `5m`, 5000 -> `5s` */
export function writtenDuration(ms: number): string {
  if (ms % 60_000 === 0 && ms > 60_000) return `${ms / 60_000}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** 100 -> `0.1ms` */
export function writtenLatency(us: number): string {
  return `${us / 1000}ms`;
}

/** 2097152 -> `2MiB` */
export function writtenBytes(bytes: number): string {
  return `${bytes / 1024 ** 2}MiB`;
}
