import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { shellWord } from "../../text/shell-word.js";
import type { ArmContainer } from "../container/arm-container.js";
import { serviceAlone, type ServiceStart } from "./service-alone.js";

/**
 * The command that starts the service under test in the foreground: its output is the service's, and it ends with it.
 * What it is started from is written beside the arm's project.
 */
export function composeStart(
  container: ArmContainer & { readonly kind: "compose" },
  given: Omit<ServiceStart, "service" | "containerPort">,
): string {
  const { service, project } = container;
  const file = join(dirname(container.file), `${given.name}.json`);
  const alone = serviceAlone(project, { ...given, service, containerPort: container.port });
  writeFileSync(file, JSON.stringify(alone), { mode: 0o600 });
  const words = [
    ...["docker", "compose", "--progress", "quiet", "--project-name", given.name, "--file", file],
    ...["up", "--no-build", "--no-log-prefix", "--exit-code-from", service, service],
  ];
  return `exec ${words.map(shellWord).join(" ")}`;
}
