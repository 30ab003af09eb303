import type { ContainerImage } from "../container/container.js";
import type { LoadedFiles } from "./loaded-files.js";

/** What a service runs. */
export interface LoadedProgram {
  /** Of its processes on this machine; for a service in containers that is the engine's command alone. */
  readonly files: LoadedFiles;
  /** Of its containers: empty for a service without, `null` where they cannot be told. */
  readonly images: readonly ContainerImage[] | null;
}
