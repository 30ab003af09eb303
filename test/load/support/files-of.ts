import type { RequestFiles } from "../../../src/load/requests/body-of.js";

/** Files of requests whose bytes are known; none of them describes a method of gRPC. */
export function filesOf(bytesOf: (file: string) => Buffer = () => Buffer.alloc(0)): RequestFiles {
  return {
    bytesOf,
    codecOf: (proto) => {
      throw new Error(`${proto} is not described`);
    },
  };
}
