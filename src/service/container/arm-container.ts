import type { ContainerPlan } from "../../model/service-plan.js";
import type { ComposeProject } from "../compose/project.js";
import type { EngineTool } from "./container.js";

/** What an arm's container is started from, once it has been built or pulled. A control shares base's. */
export type ArmContainer =
  | {
      readonly kind: "image";
      readonly tool: EngineTool;
      /** As the engine knows it. */
      readonly image: string;
      readonly network: ContainerPlan["network"];
      /** Left out: the one that it is given. */
      readonly port?: number;
    }
  | {
      readonly kind: "compose";
      readonly tool: "docker";
      readonly project: ComposeProject & { readonly name: string };
      /** The file with this project. */
      readonly file: string;
      /** The service under test. */
      readonly service: string;
      /** Inside of its container. */
      readonly port: number;
    };

/** With these, `docker compose` in setup and reset speaks of the arm's own project. */
export function composeVariables(container: ArmContainer | null): Record<string, string> {
  if (container?.kind !== "compose") return {};
  return { COMPOSE_FILE: container.file, COMPOSE_PROJECT_NAME: container.project.name };
}
