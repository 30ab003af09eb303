import type { ArmPlan, Plan } from "../../model/plan.js";
import type { RequestPlan } from "../../model/scenario-plan.js";
import { quoted } from "../../text/escape.js";
import { formatNumber } from "../../text/format-quantity.js";
import type { RunningService } from "../../service/lifecycle/running-service.js";

/** The first response of an arm to one request. */
export interface FirstResponse {
  readonly status: number;
  readonly contentType: string;
  /** As much of the body as is looked at, and how long the whole was. */
  readonly body: Buffer;
  readonly bytes: number;
}

/** Asks every arm the same once, before anything is measured, and says where they differ. */
export interface FirstResponses {
  /** Asks an arm that has started; only its first start counts. */
  ask(arm: Pick<ArmPlan, "name">, service: RunningService): Promise<void>;
  /** One sentence for each scenario in which an arm's first response is another than the baseline's. */
  differences(): readonly string[];
}

type Ask = (service: RunningService, request: RequestPlan) => Promise<FirstResponse | null>;

/** A scenario's request that is the same for every arm and changes nothing. */
interface Comparable {
  readonly scenario: string;
  readonly request: RequestPlan;
}

/** A body that differs by less is taken for the same with another day or name in it. */
const SIZE_SHARE = 0.1;
const SIZE_BYTES = 64;

/** @param tell - hears of each difference as soon as it is known */
export function firstResponses(
  plan: Pick<Plan, "scenarios" | "baseline" | "login">,
  ask: Ask,
  tell: (sentence: string) => void,
): FirstResponses {
  const comparable = comparableRequests(plan);
  const begun = new Set<string>();
  const given = new Map<string, ReadonlyMap<string, FirstResponse>>();
  const told = new Map<string, string>();
  const compare = (): void => {
    const base = given.get(plan.baseline);
    if (base === undefined) return;
    for (const [arm, responses] of given) {
      for (const [scenario, response] of arm === plan.baseline ? [] : responses) {
        const first = base.get(scenario);
        const key = `${arm} ${scenario}`;
        if (first === undefined || told.has(key)) continue;
        const difference = differenceOf(first, response, plan.baseline, arm);
        if (difference === null) continue;
        told.set(
          key,
          `the first responses to ${quoted(scenario)} differed before anything was measured: ${difference}`,
        );
        tell(told.get(key)!);
      }
    }
  };
  return {
    async ask({ name }, service) {
      if (begun.has(name)) return;
      begun.add(name);
      const responses = new Map<string, FirstResponse>();
      for (const { scenario, request } of comparable) {
        const response = await ask(service, request);
        if (response !== null) responses.set(scenario, response);
      }
      given.set(name, responses);
      compare();
    },
    differences: () => [...told.values()],
  };
}

/** Plain GETs: others would change what is measured, and filled in ones differ anyway. */
function comparableRequests({ scenarios, login }: Pick<Plan, "scenarios" | "login">): Comparable[] {
  if (login !== undefined) return [];
  return scenarios.flatMap(({ name, requests, data, newInHead, load }) => {
    const [request] = requests;
    const plain =
      request !== undefined &&
      requests.length === 1 &&
      request.method === "GET" &&
      data === undefined &&
      !newInHead &&
      (load.protocol ?? "http1") === "http1" &&
      !/\{(sequence|uuid)\}/.test([request.path, ...Object.values(request.headers).flat()].join());
    return plain ? [{ scenario: name, request }] : [];
  });
}

function differenceOf(
  first: FirstResponse,
  other: FirstResponse,
  baseline: string,
  arm: string,
): string | null {
  if (first.status !== other.status) {
    return `${baseline} gave ${first.status}, ${arm} ${other.status}`;
  }
  const keys = [shapeOf(first), shapeOf(other)];
  if (keys[0] !== null && keys[1] !== null) {
    const missing = keys[0]!.filter((key) => !keys[1]!.includes(key));
    const added = keys[1]!.filter((key) => !keys[0]!.includes(key));
    if (missing.length > 0) return `${arm} leaves out ${named(missing)}`;
    if (added.length > 0) return `${arm} has ${named(added)} more`;
  } else if ((keys[0] === null) !== (keys[1] === null)) {
    return `${baseline} gave ${typeOf(first)}, ${arm} ${typeOf(other)}`;
  }
  const apart = Math.abs(first.bytes - other.bytes);
  return apart > SIZE_BYTES && apart > SIZE_SHARE * Math.max(first.bytes, other.bytes)
    ? `${baseline} gave ${formatNumber(first.bytes)} bytes, ${arm} ${formatNumber(other.bytes)}; do both find the same data?`
    : null;
}

const MOST_KEYS = 200;
const DEEPEST = 6;

/** Keys of a JSON document as dotted paths, those of a list by its first entry; `null` for what is no JSON. */
function shapeOf({ contentType, body, bytes }: FirstResponse): string[] | null {
  if (!/[/+]json\b/i.test(contentType) || body.length < bytes) return null;
  const keys = new Set<string>();
  const walk = (value: unknown, path: string, depth: number): void => {
    if (typeof value !== "object" || value === null || depth > DEEPEST || keys.size > MOST_KEYS) return;
    if (Array.isArray(value)) {
      if (value.length > 0) walk(value[0], `${path}[]`, depth + 1);
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      const inside = path === "" ? key : `${path}.${key}`;
      keys.add(inside);
      walk(inner, inside, depth + 1);
    }
  };
  try {
    walk(JSON.parse(body.toString("utf8")), "", 0);
  } catch {
    return null;
  }
  return [...keys];
}

const NAMED = 3;

function named(keys: readonly string[]): string {
  const rest = keys.length - NAMED;
  return `${keys
    .slice(0, NAMED)
    .map((key) => quoted(key.slice(0, 60)))
    .join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function typeOf({ contentType }: FirstResponse): string {
  return contentType === "" ? "no type of content" : quoted(contentType.split(";")[0]!.trim().slice(0, 60));
}
