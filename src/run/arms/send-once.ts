import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { endpointAt } from "../../load/connections/endpoints.js";
import { requestFiles } from "../../load/connections/request-files.js";
import type { Connection, Driver, Endpoint, ReadyRequest } from "../../load/driver.js";
import { grpcDriver } from "../../load/grpc/grpc-driver.js";
import { http2Driver } from "../../load/http2/http2-driver.js";
import { fillRequest } from "../../load/requests/fill-request.js";
import type { LoadPlan, RequestPlan } from "../../model/scenario-plan.js";
import type { FirstResponse } from "./first-responses.js";
import type { RunningService } from "../../service/lifecycle/running-service.js";

/** A request of the first start is no measurement: one that takes longer is left. */
const LONGEST_REQUEST_MS = 10_000;

/**
 * Sends one request. Whatever comes back, or nothing: what counts is that the service did what it does for a request.
 *
 * @param paths - of the files that the request names
 */
export async function sendOnce(
  service: RunningService,
  request: RequestPlan,
  protocol: NonNullable<LoadPlan["protocol"]>,
  paths: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    const ready = fillRequest(request, new Map(), requestFiles(paths));
    switch (protocol) {
      case "http1":
        await responseTo(service, ready);
        return;
      case "http2":
        await overDriver(http2Driver, service, ready);
        return;
      case "grpc":
        await overDriver(grpcDriver, service, ready);
        return;
    }
  } catch {
    // A path or header that cannot be sent, or a file that is missing, is the load generator's business.
  }
}

/** The response to a request over HTTP/1.1; `null` where none came, or it cannot be sent. */
export async function askOnce(
  service: RunningService,
  request: RequestPlan,
  paths: Readonly<Record<string, string>>,
): Promise<FirstResponse | null> {
  try {
    return await responseTo(service, fillRequest(request, new Map(), requestFiles(paths)));
  } catch {
    return null;
  }
}

/** As much of a body as is kept. */
const MOST_BODY_BYTES = 1024 * 1024;

/**
 * Sends one request over HTTP/1.1.
 *
 * @returns `null` where no whole response came in time
 */
function responseTo(service: RunningService, ready: ReadyRequest): Promise<FirstResponse | null> {
  const { port, socketPath, tls } = service;
  const { method, path, headers, body } = ready;
  const { address, serverName, authority } = endpointAt(service.host, service);
  const where = socketPath === null ? { host: address, port } : { socketPath };
  // What is sent by an address only still goes to the name that the service is called by.
  const named = service.name === undefined ? {} : { servername: serverName ?? "", setHost: false };
  return new Promise((resolve) => {
    const failed = (): void => {
      resolve(null);
    };
    const sent = (tls ? requestHttps : requestHttp)(
      {
        ...where,
        ...named,
        method,
        path,
        timeout: LONGEST_REQUEST_MS,
        agent: false,
        rejectUnauthorized: false,
      },
      (response) => {
        const pieces: Buffer[] = [];
        let bytes = 0;
        response.on("data", (piece: Buffer) => {
          if (bytes < MOST_BODY_BYTES) pieces.push(piece.subarray(0, MOST_BODY_BYTES - bytes));
          bytes += piece.length;
        });
        response.on("error", failed).on("close", failed);
        response.on("end", () => {
          const contentType = response.headers["content-type"] ?? "";
          resolve({ status: response.statusCode ?? 0, contentType, body: Buffer.concat(pieces), bytes });
        });
      },
    );
    const isHostGiven = headers.some(([name]) => name.toLowerCase() === "host");
    if (service.name !== undefined && !isHostGiven) sent.setHeader("host", authority);
    for (const [name, value] of headers) sent.appendHeader(name, value);
    sent.on("error", failed).on("timeout", () => sent.destroy());
    sent.end(body ?? undefined);
  });
}

function overDriver<Message>(
  driver: Driver<Message>,
  service: RunningService,
  ready: ReadyRequest,
): Promise<void> {
  const { socketPath } = service;
  const reached = endpointAt(service.host, service);
  const endpoint: Endpoint =
    socketPath === null ? reached : { ...reached, socketPath, authority: "localhost" };
  const client = driver.clientOf(endpoint);
  const message = client.encode(ready, true);
  return new Promise((resolve) => {
    let connection: Connection<Message> | null = null;
    const done = (): void => {
      clearTimeout(timer);
      connection?.close();
      resolve();
    };
    const timer = setTimeout(done, LONGEST_REQUEST_MS);
    connection = client.connect({ opened: () => undefined, responded: done, lost: done });
    connection.send({ message, needle: null, keepBody: false });
  });
}
