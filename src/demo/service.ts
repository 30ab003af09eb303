/*
 * The demo's service in two commits: the order list of a small shop. Head's change is of the kind that passes review: it
 * removes an index "that nobody needs", and every order then looks its customer up in a list.
 */

const COMMON_TOP = `import { createServer } from "node:http";

const customers = Array.from({ length: 250 }, (_, i) => ({ id: "c" + i, name: "Customer " + i }));
const orders = Array.from({ length: 600 }, (_, i) => ({
  id: i,
  customerId: "c" + ((i * 7919) % customers.length),
  cents: (i * 104729) % 100000,
}));
`;

const COMMON_BOTTOM = `
const server = createServer((request, response) => {
  if (request.url === "/health") return response.end("ok");
  const body = JSON.stringify(listOrders());
  response.setHeader("content-type", "application/json");
  response.end(body);
});
server.listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
`;

/** server.js of the base commit. */
export const BASE_SERVER = `${COMMON_TOP}
const customerById = new Map(customers.map((customer) => [customer.id, customer]));

export function listOrders() {
  return orders.map((order) => ({ ...order, customer: customerById.get(order.customerId).name }));
}
${COMMON_BOTTOM}`;

/** server.js of the head commit. */
export const HEAD_SERVER = `${COMMON_TOP}
export function listOrders() {
  return orders.map((order) => ({
    ...order,
    customer: customers.find((customer) => customer.id === order.customerId).name,
  }));
}
${COMMON_BOTTOM}`;

/** Its tailgate.yml: short blocks, so that the demo ends within a minute. */
export const DEMO_CONFIG = `service:
  start: node server.js
  ready: { path: /health }
load:
  connections: 10
  requests: 300
  warmup: 500
scenarios:
  - name: list orders
    path: /orders
experiment:
  budget: 1m
`;
