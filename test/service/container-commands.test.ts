import { describe, expect, test } from "vitest";
import {
  builtImage,
  containerBuildCommand,
  containerRunCommand,
  type ContainerRun,
} from "../../src/service/container/container-run.js";
import { noEngine } from "../../src/service/container/engine.js";
import { userContainers } from "../../src/service/container/user-command.js";
import { containerGroup } from "../../src/service/container/container-meter.js";

const RUN: ContainerRun = {
  tool: "docker",
  container: { network: "host" },
  image: "api:1",
  start: "",
  name: "tailgate-r1-7",
  runId: "r1",
  arm: "base",
  port: 4000,
  processors: null,
  variables: [],
  oomScoreAdjustment: null,
};

describe("the command that runs a container", () => {
  test("a container on the machine's network is given the port itself", () => {
    expect(containerRunCommand(RUN)).toBe(
      "exec docker run --rm --name tailgate-r1-7 --label tailgate.run=r1 --label tailgate.arm=base --network host --env PORT=4000 api:1",
    );
  });

  test("a container with a network of its own is given its own port, and published on 127.0.0.1 alone", () => {
    const command = containerRunCommand({ ...RUN, container: { network: "published", port: 80 } });
    expect(command).toContain(" --publish 127.0.0.1:4000:80 ");
    expect(command).toContain(" --env PORT=80 ");
    expect(command).not.toContain("--network");
  });

  test("processors, variables by name and a command of the file reach the container", () => {
    expect(
      containerRunCommand({
        ...RUN,
        processors: "1,2",
        variables: ["TOKEN"],
        oomScoreAdjustment: 300,
        start: "node 'it s.js' && $(id)",
      }),
    ).toMatch(
      /--cpuset-cpus '1,2' --oom-score-adj 300 --env PORT=4000 --env TOKEN api:1 \/bin\/sh -c 'node '\\''it s.js'\\'' && \$\(id\)'$/,
    );
  });

  test("an arm's name cannot end a word of the command", () => {
    const command = containerRunCommand({ ...RUN, arm: "a'; rm -rf /; '" });
    expect(command).toContain(`'tailgate.arm=a'\\''; rm -rf /; '\\'''`);
  });

  test("an image that is built carries the run and the arm, in a tag that engines take", () => {
    expect(builtImage("R1", "base")).toBe("tailgate-r1:base");
    expect(builtImage("r1", "with cache")).toMatch(/^tailgate-r1:arm-[0-9a-f]+$/);
    expect(
      containerBuildCommand({ tool: "podman", runId: "r1", arm: "head", folder: "/c", file: "/c/a b" }),
    ).toBe(
      "exec podman build --tag tailgate-r1:head --label tailgate.run=r1 --label tailgate.arm=head --file '/c/a b' /c",
    );
  });
});

const GIVEN = { runId: "r1", name: "tailgate-r1-1", processors: "1" };

test.each([["node server.js"], ["./docker-run.sh"], ["docker build ."]])(
  "the command %j uses no containers",
  (command) => {
    expect(userContainers(command, GIVEN)).toBeNull();
  },
);

test.each([
  [
    "docker run --rm -p 4000:80 img",
    "docker run --label tailgate.run=r1 --name tailgate-r1-1 --cpuset-cpus 1 --rm -p 4000:80 img",
    { tool: "docker", kind: "name", value: "tailgate-r1-1" },
  ],
  [
    "cd x && podman container run --name=api img -d",
    "cd x && podman container run --label tailgate.run=r1 --cpuset-cpus 1 --name=api img -d",
    { tool: "podman", kind: "name", value: "api" },
  ],
  [
    "docker compose -p shop up",
    "docker compose -p shop up",
    { tool: "docker", kind: "project", value: "shop" },
  ],
  [
    "docker-compose --project-name shop up",
    "docker-compose --project-name shop up",
    { tool: "docker", kind: "project", value: "shop" },
  ],
])("the containers of the command %j get what a service gets", (command, started, container) => {
  expect(userContainers(command, GIVEN)).toEqual({ command: started, variables: {}, container });
});

test("a compose project without a name gets one", () => {
  expect(userContainers("docker compose up --build", GIVEN)).toEqual({
    command: "docker compose up --build",
    variables: { COMPOSE_PROJECT_NAME: "tailgate-r1-1" },
    container: { tool: "docker", kind: "project", value: "tailgate-r1-1" },
  });
});

test.each([
  ["docker run -d img", "leaves its container in the background"],
  ["docker run --name a --detach img", "leaves its container in the background"],
  ["docker compose up -d", "leaves its container in the background"],
  ["docker compose -f a.yml up --wait", "leaves its container in the background"],
  ["docker run --restart=always img", "starts itself again"],
])("the command %j is refused before it is started", (command, words) => {
  expect(() => userContainers(command, GIVEN)).toThrow(words);
});

test("`--restart no` is what a container does anyway", () => {
  expect(userContainers("docker run --restart no img", GIVEN)).not.toBeNull();
});

test.each([
  [{ kind: "not-installed" }, { kind: "not-installed" }, "neither docker nor podman is installed"],
  [
    { kind: "failed", words: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock." },
    { kind: "not-installed" },
    "docker is installed, but no engine responds",
  ],
  [
    { kind: "failed", words: "permission denied while trying to connect to the Docker daemon socket" },
    { kind: "not-installed" },
    "This user may not use the container engine",
  ],
  [
    { kind: "not-installed" },
    { kind: "failed", words: "cannot set up namespace" },
    "podman is installed, but its engine does not work: cannot set up namespace",
  ],
] as const)("engines that answer %j and %j are refused in words", (docker, podman, words) => {
  expect(noEngine(docker, podman).message).toContain(words);
});

describe("the control group of a container", () => {
  const v1 = "cgroup /sys/fs/cgroup/cpuacct cgroup rw,cpuacct 0 0";
  const v2 = "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0";

  test("it is that of version 2 where memory is counted in it too", () => {
    expect(
      containerGroup(
        { membership: "0::/docker/ab", mounts: "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0" },
        (path) => path.endsWith("/docker/ab/memory.stat"),
      ),
    ).toEqual({ version: 2, folder: "/sys/fs/cgroup/docker/ab" });
  });

  test("it is that of version 1 where the engine left it in the root of version 2", () => {
    expect(
      containerGroup({ membership: "2:cpuacct:/docker/ab\n0::/", mounts: `${v1}\n${v2}` }, () => false),
    ).toEqual({ version: 1, folder: "/sys/fs/cgroup/cpuacct/docker/ab" });
  });

  test("it is that of version 2 where version 2 alone is mounted, though nothing counts memory in it", () => {
    expect(
      containerGroup({ membership: "2:cpuacct:/docker/ab\n0::/docker/ab", mounts: v2 }, () => false),
    ).toEqual({ version: 2, folder: "/sys/fs/cgroup/unified/docker/ab" });
  });

  test("there is none where version 2 alone is mounted and the engine's groups are elsewhere", () => {
    expect(containerGroup({ membership: "0::/", mounts: v2 }, () => false)).toBeNull();
  });
});
