import type { ServicePlan } from "../../model/service-plan.js";

/** What is asked of a service to find out whether it is ready. */
export type ReadyQuestion = { readonly tls: boolean } & (
  | {
      readonly kind: "request";
      readonly protocol: "http1" | "http2";
      readonly method: string;
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly isReady: (status: number) => boolean;
    }
  /** The method Check of gRPC's own health service; empty: the server as a whole. */
  | { readonly kind: "grpc-health"; readonly service: string }
);

/** @param accepted status codes that mean ready, where the plan names none; empty: see `isReadyStatus` */
export function readyQuestion(
  { ready, tls = false }: ServicePlan,
  accepted: readonly number[],
): ReadyQuestion {
  if (ready.grpc !== undefined) return { kind: "grpc-health", service: ready.grpc, tls };
  const codes = ready.status ?? accepted;
  return {
    kind: "request",
    protocol: ready.protocol ?? "http1",
    method: ready.method ?? "GET",
    path: ready.path ?? "/",
    headers: ready.headers ?? {},
    isReady: (status) => isReadyStatus(status, codes, ready.path !== null),
    tls,
  };
}

/** The question in a few words: "GET /health", "the health check of gRPC". */
export function describeQuestion(question: ReadyQuestion): string {
  if (question.kind === "request") return `${question.method} ${question.path}`;
  return question.service === "" ? "the health check of gRPC" : `the health check of ${question.service}`;
}

/**
 * Whether a status means ready: one of those given; without any, success where a path was named for it, and any
 * status below 500 where `/` is asked.
 */
export function isReadyStatus(status: number, accepted: readonly number[], named: boolean): boolean {
  if (accepted.length > 0) return accepted.includes(status);
  return status >= 200 && status < (named ? 400 : 500);
}
