import { describe, expect, test } from "vitest";
import { readinessOf } from "../../src/service/compose/dependencies.js";
import { armProject, type ComposeProject } from "../../src/service/compose/project.js";
import { containerPortOf, serviceAlone } from "../../src/service/compose/service-alone.js";

const OWNER = { runId: "r1", arm: "base", name: "tailgate-r1-base" };
const LABELS = { "tailgate.run": "r1", "tailgate.arm": "base" };

/** In the shape of `docker compose config --format json`. */
const SHOP: ComposeProject = {
  name: "shop",
  services: {
    web: {
      build: { context: "/code", tags: ["shop/web:1"], labels: { team: "shop" } },
      image: "shop/web",
      container_name: "shop-web",
      restart: "always",
      deploy: { replicas: 3, resources: { limits: { cpus: 1 } } },
      ports: [{ target: 8080, published: "8080", protocol: "tcp" }],
      depends_on: { db: { condition: "service_healthy" } },
      environment: { LEVEL: "in$$fo", DB: "shop-db" },
      networks: { back: null, proxy: null },
      volumes: [{ type: "volume", source: "files", target: "/files" }],
    },
    db: {
      image: "postgres:17",
      container_name: "shop-db",
      ports: [{ target: 5432, published: "5432" }],
      networks: { back: { ipv4_address: "10.9.0.5", aliases: ["database"] } },
    },
  },
  networks: {
    back: { name: "shop_back", driver: "bridge", ipam: { config: [{ subnet: "10.9.0.0/24" }] } },
    proxy: { name: "proxy", external: true },
  },
  volumes: { files: { name: "all-files" } },
};

function withService(name: string, more: ComposeProject["services"][string]): ComposeProject {
  return { ...SHOP, services: { ...SHOP.services, [name]: { ...SHOP.services[name], ...more } } };
}

describe("the project of an arm", () => {
  const { services, networks, volumes, name } = armProject(SHOP, OWNER);

  test("no port of the machine, name of a container or number of copies is left in it", () => {
    expect(name).toBe("tailgate-r1-base");
    for (const service of Object.values(services))
      for (const key of ["ports", "container_name", "restart"]) expect(service).not.toHaveProperty(key);
    expect(services["web"]!.deploy).toEqual({ resources: { limits: { cpus: 1 } } });
  });

  test("an image that is built has the arm's name and labels, one of a registry keeps its own", () => {
    expect(services["web"]).toMatchObject({
      image: "tailgate-r1-base-web",
      build: { context: "/code", labels: { team: "shop", ...LABELS } },
    });
    expect(services["web"]!.build).not.toHaveProperty("tags");
    expect(services["db"]!.image).toBe("postgres:17");
  });

  test("a container is still reached by the name that was taken from it, and by no fixed address", () => {
    expect(services["db"]!.networks).toEqual({ back: { aliases: ["database", "shop-db"] } });
    expect(services["web"]!.networks).toEqual({
      back: { aliases: ["shop-web"] },
      proxy: { aliases: ["shop-web"] },
    });
  });

  test("networks, external ones too, and volumes are the arm's own, and carry its labels", () => {
    expect(networks).toEqual({
      back: { name: "tailgate-r1-base_back", driver: "bridge", labels: LABELS },
      proxy: { name: "tailgate-r1-base_proxy", labels: LABELS },
    });
    expect(volumes).toEqual({ files: { name: "tailgate-r1-base_files", labels: LABELS } });
    for (const service of Object.values(services)) expect(service.labels).toEqual(LABELS);
  });

  test.each([
    [{ ...SHOP, volumes: { files: { name: "files", external: true } } }, "the volume `files` is external"],
    [withService("db", { network_mode: "host" }), "`db` has `network_mode: host`"],
  ])("what two arms cannot have at once is refused in words", (project, words) => {
    expect(() => armProject(project, OWNER)).toThrow(words);
  });
});

describe("the service under test alone", () => {
  const project = armProject(SHOP, OWNER);
  const start = {
    service: "web",
    name: "tailgate-r1-7",
    port: 4000,
    containerPort: 8080,
    processors: "1,2",
    oomScoreAdjustment: 300,
    start: "",
    variables: ["TOKEN"],
  };
  const alone = serviceAlone(project, start);

  test("it is in a project of its own, without what it depends on", () => {
    expect(alone.name).toBe("tailgate-r1-7");
    expect(Object.keys(alone.services)).toEqual(["web"]);
    expect(alone.services["web"]).not.toHaveProperty("depends_on");
    expect(alone.services["web"]).not.toHaveProperty("build");
  });

  test("it joins the networks and volumes of the arm's project", () => {
    expect(alone.networks).toEqual({
      back: { name: "tailgate-r1-base_back", external: true },
      proxy: { name: "tailgate-r1-base_proxy", external: true },
    });
    expect(alone.volumes).toEqual({ files: { name: "tailgate-r1-base_files", external: true } });
  });

  test("it gets its name, its processors, a port of 127.0.0.1 alone, and values by name", () => {
    expect(alone.services["web"]).toMatchObject({
      container_name: "tailgate-r1-7",
      image: "tailgate-r1-base-web",
      cpuset: "1,2",
      oom_score_adj: 300,
      ports: [{ host_ip: "127.0.0.1", target: 8080, published: "4000" }],
      environment: { LEVEL: "in$$fo", DB: "shop-db", TOKEN: null, PORT: "8080" },
    });
    expect(alone.services["web"]).not.toHaveProperty("command");
  });

  test("a start command runs by its shell, and compose replaces nothing in it", () => {
    const started = serviceAlone(project, { ...start, processors: null, start: "echo $HOME && serve" });
    expect(started.services["web"]).toMatchObject({ command: ["/bin/sh", "-c", "echo $$HOME && serve"] });
    expect(started.services["web"]).not.toHaveProperty("cpuset");
  });
});

describe("the port of the service under test", () => {
  test.each([
    [SHOP, undefined, 8080],
    [SHOP, 9000, 9000],
    [withService("web", { ports: [], expose: ["3000/tcp"] }), undefined, 3000],
    [
      withService("web", { ports: [{ target: 80 }, { target: 80 }, { target: 53, protocol: "udp" }] }),
      undefined,
      80,
    ],
  ])("it is the one that the compose file or the configuration names", (project, written, port) => {
    expect(containerPortOf(project, "web", "base", written)).toBe(port);
  });

  test.each([
    [SHOP, "api", "no service `api`"],
    [withService("web", { ports: [] }), "web", "`web` has no port in the compose file"],
    [withService("web", { ports: [{ target: 80 }, { target: 81 }] }), "web", "has the ports 80, 81"],
    [withService("web", { network_mode: "service:db" }), "web", "uses `network_mode` of another container"],
    [withService("web", { volumes_from: ["db"] }), "web", "uses `volumes_from` of another container"],
  ])("a service that cannot be reached alone is refused in words", (project, service, words) => {
    expect(() => containerPortOf(project, service, "base")).toThrow(words);
  });
});

test.each([
  ["service_started", { Status: "running", ExitCode: 0 }, "ready"],
  ["service_started", { Status: "running", ExitCode: 0, Health: { Status: "starting" } }, "not-yet"],
  ["service_healthy", { Status: "running", ExitCode: 0, Health: { Status: "healthy" } }, "ready"],
  ["service_healthy", { Status: "running", ExitCode: 0, Health: { Status: "unhealthy" } }, "failed"],
  ["service_healthy", { Status: "exited", ExitCode: 0 }, "failed"],
  ["service_started", { Status: "exited", ExitCode: 0 }, "ready"],
  ["service_started", { Status: "exited", ExitCode: 1 }, "failed"],
  ["service_completed_successfully", { Status: "running", ExitCode: 0 }, "not-yet"],
  ["service_completed_successfully", { Status: "exited", ExitCode: 0 }, "ready"],
  ["service_completed_successfully", { Status: "exited", ExitCode: 3 }, "failed"],
] as const)("a dependency with the condition %s that is %j is %s", (condition, state, kind) => {
  expect(readinessOf(condition, state).kind).toBe(kind);
});
