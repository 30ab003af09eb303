import { describe, expect, test } from "vitest";
import { resolveContainer } from "../../src/config/resolve-container.js";

describe("how a service is run in a container", () => {
  test.each([
    [{ start: "node server.js" }, null],
    [{ image: "api:{arm}" }, { image: "api:{arm}", network: "host" }],
    [
      { dockerfile: ".", "container-port": 80 },
      { dockerfile: ".", network: "published", port: 80 },
    ],
    [
      { compose: "compose.yml", "compose-service": "web" },
      { compose: { file: "compose.yml", service: "web" }, network: "published" },
    ],
    [
      { compose: "compose.yml", "compose-service": "web", "container-port": 80 },
      { compose: { file: "compose.yml", service: "web" }, network: "published", port: 80 },
    ],
  ] as const)("the section %j is the plan %j", (section, plan) => {
    expect(resolveContainer(section)).toEqual(plan);
  });

  test.each([
    [{ network: "host" }, "`service.network` is set, but the service runs in no container"],
    [{ "compose-service": "web" }, "`service.compose-service` is set, but no compose file is named"],
    [{ compose: "compose.yml" }, "not which of its services is measured"],
    [
      { compose: "compose.yml", "compose-service": "web", network: "host" },
      "`service.compose` is set with `network: host`",
    ],
    [
      { image: "api", compose: "compose.yml", "compose-service": "web" },
      "`service.image` and `service.compose` are both set",
    ],
    [{ image: "api", dockerfile: "." }, "`service.image` and `service.dockerfile` are both set"],
    [{ image: "api", socket: true }, "a container is reached by a port"],
    [{ image: "api", network: "host", "container-port": 80 }, "is set with `network: host`"],
  ] as const)("the section %j is refused in words", (section, words) => {
    expect(() => resolveContainer(section)).toThrow(words);
  });
});
