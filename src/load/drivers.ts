import type { Driver, Protocol } from "./driver.js";
import { grpcDriver } from "./grpc/grpc-driver.js";
import { http1Driver } from "./http1/http1-driver.js";
import { http2Driver } from "./http2/http2-driver.js";

/** Every protocol's driver. */
export const DRIVERS: Readonly<Record<Protocol, Driver>> = {
  http1: http1Driver,
  http2: http2Driver,
  grpc: grpcDriver,
};
