import type { Driver, Protocol } from "./driver.js";
import { http1Driver } from "./http1/http1-driver.js";

/** Every protocol's driver. */
export const DRIVERS: Readonly<Record<Protocol, Driver>> = { http1: http1Driver };
