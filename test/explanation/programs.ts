import type { Program } from "./profiles.js";

export const HANDLER = "server.js:41 handler";
export const LOOP = "processTicksAndRejections";

/** Other work of the service, as any has: forty functions of its framework. */
const FRAMEWORK = Object.fromEntries(
  Array.from({ length: 40 }, (_, i) => [`fastify/lib/part${i}.js:${i + 10} step${i}`, 2 + (i % 7) * 3]),
);
export const SERVICE: Program = {
  calls: {
    [HANDLER]: 1,
    "pg/lib/client.js:20 query": 1,
    "pg/lib/query.js:9 Query": 1,
    "fastify/lib/reply.js:30 serialize": 1,
    "server.js:60 serializer": 2,
    ...Object.fromEntries(Object.keys(FRAMEWORK).map((name) => [name, 1])),
  },
  cpuUs: {
    [`${LOOP} > ${HANDLER}`]: 150,
    [`${LOOP} > ${HANDLER} > pg/lib/client.js:20 query`]: 30,
    [`${LOOP} > ${HANDLER} > pg/lib/client.js:20 query > pg/lib/query.js:9 Query`]: 12,
    [`${LOOP} > fastify/lib/reply.js:30 serialize > JSON.stringify`]: 41,
    "(garbage collector)": 25,
    ...Object.fromEntries(Object.entries(FRAMEWORK).map(([name, us]) => [`${LOOP} > ${name}`, us])),
  },
  waitingUs: 300,
};

/** The service with other calls and CPU at these places. */
export function changed(
  calls: Program["calls"],
  cpuUs: Program["cpuUs"],
  more: Partial<Program> = {},
): Program {
  return {
    ...SERVICE,
    calls: { ...SERVICE.calls, ...calls },
    cpuUs: { ...SERVICE.cpuUs, ...cpuUs },
    ...more,
  };
}

/** A digest in the handler: 5 % more of the service's CPU. */
export const FIVE_PERCENT = changed({ createHash: 1 }, { [`${LOOP} > ${HANDLER} > createHash`]: 35 });

/** A query a row instead of one. */
export const N_PLUS_ONE = changed(
  { "pg/lib/client.js:20 query": 101, "pg/lib/query.js:9 Query": 101 },
  {
    [`${LOOP} > ${HANDLER} > pg/lib/client.js:20 query`]: 1_800,
    [`${LOOP} > ${HANDLER} > pg/lib/client.js:20 query > pg/lib/query.js:9 Query`]: 700,
  },
);

/** Indented JSON by a serializer of the repository instead of the framework's. */
export const PRETTY_JSON = changed(
  { "server.js:60 serializer": 3, "fastify/lib/reply.js:30 serialize": 0 },
  {
    [`${LOOP} > server.js:60 serializer > JSON.stringify`]: 84,
    [`${LOOP} > fastify/lib/reply.js:30 serialize > JSON.stringify`]: 0,
  },
);

/** A query without an index: the database takes longer. */
export const WAITING: Program = { ...SERVICE, waitingUs: 2_300 };

/** Everything costs 6 % more. */
export const COSTLIER: Program = {
  ...SERVICE,
  cpuUs: Object.fromEntries(Object.entries(SERVICE.cpuUs).map(([path, us]) => [path, us * 1.06])),
};
