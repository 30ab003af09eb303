// A shop that asks for a login. It keeps its orders in memory and needs nothing installed.
import { createServer } from "node:http";

const orders = new Map();
const sessions = new Set();

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (piece) => (body += piece));
  request.on("end", () => serve(request, response, body));
});

function serve({ method, url, headers }, response, body) {
  const { pathname } = new URL(url, "http://shop");
  if (pathname === "/health") return send(response, 200, { ok: true });
  if (pathname === "/login") return logIn(response, JSON.parse(body));
  if (!sessions.has(headers.authorization) || !headers.cookie?.includes("theme=")) {
    return send(response, 401, { error: "log in first" });
  }
  if (pathname === "/orders" && method === "POST") return order(response, JSON.parse(body));
  if (pathname === "/me") return response.writeHead(302, { location: "/users/1" }).end();
  if (pathname.startsWith("/users/")) return send(response, 200, { id: pathname.slice("/users/".length) });
  if (pathname === "/photos") return send(response, 201, { bytes: body.length });
  send(response, 404, { error: "not found" });
}

function logIn(response, { user, password }) {
  if (user !== "ada" || password !== "only for tests")
    return send(response, 401, { error: "wrong password" });
  const token = `t${sessions.size}`;
  sessions.add(`Bearer ${token}`);
  response.setHeader("set-cookie", ["theme=dark; Path=/", "seen=1; Path=/"]);
  send(response, 200, { session: { token } });
}

function order(response, { key, user, amount }) {
  // A key that was there before would be an order that is placed twice.
  if (orders.has(key)) return send(response, 409, { error: "placed already" });
  orders.set(key, { user, amount });
  send(response, 201, { key });
}

function send(response, status, value) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

server.listen(process.env.PORT, "127.0.0.1");
