import type { Explanation } from "../../src/model/explanation.js";
import type { RegressionName } from "../regressions/expectations.js";

/** What the first row has to name: a function whose file and name match, or in which most lies in one of that name. */
interface ExpectedFunction {
  readonly file?: RegExp;
  readonly name?: RegExp;
}

/** What an explanation has to say first. */
export interface ExpectedAnswer {
  /** Any of these; empty: none may be named. */
  readonly functions: readonly ExpectedFunction[];
  /** Whether it is right as well to say that the service waits. */
  readonly waiting: boolean;
}

const WAITING: ExpectedAnswer = { functions: [], waiting: true };
const NOTHING: ExpectedAnswer = { functions: [], waiting: false };

function functions(...wanted: readonly ExpectedFunction[]): ExpectedAnswer {
  return { functions: wanted, waiting: false };
}

/** Or that it waits: where what changed is a wait that somebody calls. */
function functionsOrWaiting(...wanted: readonly ExpectedFunction[]): ExpectedAnswer {
  return { functions: wanted, waiting: true };
}

/** Handlers are arrow functions without names; what else has none in that file is called by them. */
const SERVER_JS = { file: /^server\.js$/ };
const LIST_USERS = { name: /list_users/ };

/** By stack and patch, from reading the patches of examples/regressions. */
export const ANSWERS: Readonly<Record<string, Readonly<Partial<Record<RegressionName, ExpectedAnswer>>>>> = {
  fastify: {
    "n-plus-one": functions({ file: /^pg(-pool)?\//, name: /query/ }),
    "missing-index": WAITING,
    "pool-of-one": WAITING,
    "sync-in-async": functions(SERVER_JS, { name: /isKnown|scrypt/i }),
    "pretty-json": functions(SERVER_JS, { file: /^fastify\//, name: /serialize/i }),
    "log-every-row": functions(SERVER_JS, { name: /write/i }),
    leak: functions(SERVER_JS, { name: /alloc|fill/i }),
    "slow-tail": functionsOrWaiting(SERVER_JS, { name: /setTimeout/ }),
    "gc-pressure": functions(SERVER_JS),
    "errors-fast": functions(SERVER_JS, { file: /^fastify\/lib\/reply\.js$/ }),
    "five-percent": functions(SERVER_JS, { name: /createHash|Hash|update|digest/ }),
    "no-op": NOTHING,
  },
  "fastapi-async": {
    "n-plus-one": functions({ name: /find_user|fetchrow/ }),
    "missing-index": WAITING,
    "pool-of-one": WAITING,
    "sync-in-async": functionsOrWaiting(LIST_USERS, { name: /sleep/ }),
    "pretty-json": functions({ name: /render|dumps|iterencode|encode/ }),
    "log-every-row": functions(LIST_USERS, { file: /logging/ }, { name: /^info$|emit|handle/ }),
    leak: functions(LIST_USERS, { name: /append|bytearray/ }),
    "slow-tail": functionsOrWaiting(LIST_USERS, { name: /sleep|random/ }),
    "gc-pressure": functions(LIST_USERS, { name: /deepcopy/ }),
    "errors-fast": functions(LIST_USERS, { name: /HTTPException|http_exception|random/ }),
    "five-percent": functions(LIST_USERS, { name: /sha256|update|hexdigest/ }),
    "no-op": NOTHING,
  },
  axum: {
    "n-plus-one": functions(LIST_USERS, { name: /^sqlx|<sqlx/ }),
    "pretty-json": functions(LIST_USERS, { name: /serde_json|Serialize/ }),
    "slow-tail": functionsOrWaiting(LIST_USERS, { name: /sleep/ }),
    "errors-fast": functions(LIST_USERS),
    "five-percent": functions(LIST_USERS, { name: /to_lowercase/ }),
    "no-op": NOTHING,
  },
};

/** Whether an explanation says first what it should. */
export function isRight({ finding, named }: Explanation, expected: ExpectedAnswer): boolean {
  if (finding === "waiting") return expected.waiting;
  const [first] = named;
  if (first === undefined || finding !== "functions") return finding === "nothing" && isNothing(expected);
  return expected.functions.some(
    ({ file, name }) =>
      (file === undefined || file.test(first.file ?? "")) &&
      (name === undefined || name.test(first.name) || name.test(first.within?.name ?? "")),
  );
}

function isNothing({ functions: wanted, waiting }: ExpectedAnswer): boolean {
  return wanted.length === 0 && !waiting;
}

/** "`list_users`, or that it waits". */
export function expectedInWords(expected: ExpectedAnswer): string {
  if (isNothing(expected)) return "nothing";
  const wanted = expected.functions.map(({ file, name }) =>
    [file, name].flatMap((one) => (one === undefined ? [] : [`\`${one.source}\``])).join(" "),
  );
  return [...wanted, ...(expected.waiting ? ["it waits"] : [])].join(" or ");
}
