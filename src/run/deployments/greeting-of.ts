import { readyQuestion } from "../../service/lifecycle/ready-question.js";
import type { ArmPlan, Plan } from "../../model/plan.js";
import type { RequestPlan } from "../../model/scenario-plan.js";
import type { ExpectedGreeting } from "./greet.js";

const GREETED = { method: "GET", path: "/" } as const;

/**
 * What a service elsewhere is asked before any load: what `ready` says; else the first scenario's request, where that is
 * one plain GET; else `/`.
 *
 * @param fill - puts the job's variables into a request
 */
export function greetingOf(
  { service }: ArmPlan,
  { scenarios, login }: Pick<Plan, "scenarios" | "login">,
  fill: (request: RequestPlan) => RequestPlan,
): ExpectedGreeting {
  const { ready } = service;
  const protocol = ready.protocol ?? "http1";
  const isSuccess = (status: number): boolean => status >= 200 && status < 300;
  if (ready.path !== null || ready.method !== undefined || ready.status !== undefined) {
    const question = readyQuestion(service, []);
    if (question.kind === "request") {
      const { method, path, headers } = question;
      const codes = ready.status;
      return {
        protocol,
        method,
        path,
        headers,
        accepted: codes === undefined ? isSuccess : (status) => codes.includes(status),
      };
    }
  }
  for (const { requests, expect } of login === undefined ? scenarios : []) {
    const [request] = requests;
    if (request === undefined || requests.length !== 1 || !isPlain(request)) continue;
    const { method, path, headers } = fill(request);
    const single = Object.entries(headers).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value] as const] : [],
    );
    const accepted = (status: number): boolean =>
      expect.status.length === 0 ? isSuccess(status) : expect.status.includes(status);
    return { protocol, method, path, headers: { ...Object.fromEntries(single), ...ready.headers }, accepted };
  }
  // Nobody said that `/` serves anything: what counts is that it lets us in.
  const shutOut = [401, 403, 407, 429];
  return {
    protocol,
    ...GREETED,
    headers: ready.headers ?? {},
    accepted: (status) => status < 500 && !shutOut.includes(status),
  };
}

function isPlain({ method, path, headers, redirects }: RequestPlan): boolean {
  const filledIn = /\{[^}]*\}/.test([path, ...Object.values(headers).flat()].join().replace(/\$\{/g, ""));
  return method === "GET" && redirects === undefined && !filledIn;
}
