import { expect, test } from "vitest";
import type { ContainerImage } from "../../../src/service/container/container.js";
import type { RunningService } from "../../../src/service/lifecycle/running-service.js";
import { verifyStartedProgram } from "../../../src/run/arms/base-program.js";
import type { PreparedArm } from "../../../src/run/arms/prepare-arm.js";

/* Containers run what their image holds, and a tag may be moved: by head's build above all. */

const image = (id: string): ContainerImage => ({ id, mounted: [] });

function arm(name: "base" | "head", sha: string, first: readonly ContainerImage[] | null): PreparedArm {
  return {
    plan: { name, role: name },
    folder: `/run/${name}`,
    checkout: { revision: { sha, dirty: false } },
    program: name === "base" ? { loaded: { files: new Map(), images: first } } : null,
  } as unknown as PreparedArm;
}

function started(...images: ContainerImage[]): RunningService & { stopped: boolean } {
  const service = {
    stopped: false,
    processes: () => [],
    program: () => Promise.resolve({ files: new Map(), images }),
    stop: () => {
      service.stopped = true;
      return Promise.resolve();
    },
  };
  return service as unknown as RunningService & { stopped: boolean };
}

test("base whose tag was moved to another image is refused, and stopped", async () => {
  const base = arm("base", "1", [image("sha256:1"), image("sha256:db")]);
  const service = started(image("sha256:db"), image("sha256:2"));
  await expect(verifyStartedProgram(base, base, service)).rejects.toMatchObject({
    code: "revision",
    message:
      'base is no longer the program that served first: "sha256:2" is an image that it had not run then, but runs now',
  });
  expect(service.stopped).toBe(true);
});

test("head that runs base's image is the very same program", async () => {
  const base = arm("base", "1", [image("sha256:1")]);
  const service = started(image("sha256:1"));
  await expect(verifyStartedProgram(base, arm("head", "2", null), service)).rejects.toMatchObject({
    message: expect.stringMatching(/^base and head run the very same program: "sha256:1"/) as unknown,
  });
  expect(service.stopped).toBe(true);
});

test("arms with images of their own run on", async () => {
  const base = arm("base", "1", [image("sha256:1")]);
  const services = [started(image("sha256:1")), started(image("sha256:2"))] as const;
  await verifyStartedProgram(base, base, services[0]);
  await verifyStartedProgram(base, arm("head", "2", null), services[1]);
  expect(services.map(({ stopped }) => stopped)).toEqual([false, false]);
});

test("the very same commit may be the very same program", async () => {
  const base = arm("base", "1", [image("sha256:1")]);
  await verifyStartedProgram(base, arm("head", "1", null), started(image("sha256:1")));
});
