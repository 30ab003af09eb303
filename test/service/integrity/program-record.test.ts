import {
  appendFileSync,
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { stampsOf } from "../../../src/service/integrity/loaded-files.js";
import { recordProgram, type ProgramRecord } from "../../../src/service/integrity/program-record.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";

interface Made {
  readonly folder: string;
  readonly library: string;
  readonly cache: string;
  readonly record: ProgramRecord;
}

/** A built checkout whose service has served once: it logs, keeps a database and caches, and loads a library from elsewhere. */
async function served(
  onStart: (folder: string) => void = serviceWrites,
  onBuild: (folder: string) => void = () => undefined,
): Promise<Made> {
  const [folder, elsewhere, cache] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  mkdirSync(join(folder, "build"));
  writeFileSync(join(folder, "server.js"), "tracked");
  writeFileSync(join(folder, "build/app"), "built");
  writeFileSync(join(folder, "build/unused"), "built");
  writeFileSync(join(cache, "entry"), "built");
  const library = join(elsewhere, "library.so");
  writeFileSync(library, "library");
  onBuild(folder);
  const record = await recordProgram({
    folder,
    tracked: ["server.js"],
    elsewhere: [cache],
    firstStart: () => {
      onStart(folder);
      return Promise.resolve({ files: stampsOf([library, join(folder, "build/app")]), images: [] });
    },
  });
  return { folder, library, cache, record };
}

/** As package managers install: the file of a cache under a further name. */
async function linkedToCache(): Promise<Made & { readonly elsewhere: string }> {
  const elsewhere = temporaryFolder();
  const made = await served(serviceWrites, (folder) => {
    linkSync(join(folder, "build/app"), join(elsewhere, "cached"));
  });
  return { ...made, elsewhere };
}

function serviceWrites(folder: string): void {
  appendFileSync(join(folder, "service.log"), "started\n");
  appendFileSync(join(folder, "data.sqlite"), "row\n");
  mkdirSync(join(folder, "cache"), { recursive: true });
  writeFileSync(join(folder, "cache", String(Math.random())), "entry");
}

describe("a program that was recorded", () => {
  test("is the same where a package manager links one of its files to another folder", async () => {
    const { folder, elsewhere, record } = await linkedToCache();
    linkSync(join(elsewhere, "cached"), join(elsewhere, "installed for head"));
    expect(lstatSync(join(folder, "build/app")).nlink).toBe(3);
    expect(await record.changedAtRest()).toBeNull();
    expect(await record.changedWhileServing()).toBeNull();
  });

  test("is another where a linked file is written through its other name, with its time set back", async () => {
    const { folder, elsewhere, record } = await linkedToCache();
    const { atime, mtime } = lstatSync(join(folder, "build/app"));
    writeFileSync(join(elsewhere, "cached"), "BUILT");
    utimesSync(join(folder, "build/app"), atime, mtime);
    expect(await record.changedAtRest()).toEqual({
      path: "build/app",
      what: "in base's checkout was changed",
    });
  });

  test("is the same while nothing happens", async () => {
    const { record } = await served();
    expect(await record.changedAtRest()).toBeNull();
    expect(await record.changedWhileServing()).toBeNull();
  });

  test("may log, fill its cache and write its database while it serves", async () => {
    const { folder, record } = await served();
    serviceWrites(folder);
    mkdirSync(join(folder, "cache/deeper"));
    writeFileSync(join(folder, "cache/deeper/entry"), "entry");
    expect(await record.changedWhileServing()).toBeNull();
  });

  test("may keep a journal beside its database, rotate its log, and fill a folder that it made empty", async () => {
    const { folder, record } = await served((of) => {
      serviceWrites(of);
      mkdirSync(join(of, "sessions"));
    });
    writeFileSync(join(folder, "data.sqlite-journal"), "row");
    renameSync(join(folder, "service.log"), join(folder, "service.log.1"));
    serviceWrites(folder);
    writeFileSync(join(folder, "sessions/1"), "session");
    expect(await record.changedWhileServing()).toBeNull();
  });

  test("may not get a file that is named like a folder in which it writes", async () => {
    const { folder, record } = await served();
    writeFileSync(join(folder, "cache.js"), "x");
    expect(await record.changedWhileServing()).toMatchObject({ path: "cache.js" });
  });

  test("may build again what it loads, as long as the same comes of it", async () => {
    const builds = (folder: string): void => {
      writeFileSync(join(folder, "build/app"), "built by the start command");
    };
    const { folder, record } = await served(builds);
    builds(folder);
    expect(await record.changedWhileServing()).toBeNull();
    writeFileSync(join(folder, "build/app"), "something else");
    expect(await record.changedWhileServing()).toMatchObject({ path: "build/app" });
  });

  const ATTACKS: [string, string, (made: Made) => void][] = [
    [
      "a tracked file is written",
      "server.js",
      ({ folder }) => {
        writeFileSync(join(folder, "server.js"), "x");
      },
    ],
    [
      "a built file is written",
      "build/app",
      ({ folder }) => {
        writeFileSync(join(folder, "build/app"), "x");
      },
    ],
    [
      "a built file that was never loaded is written",
      "build/unused",
      ({ folder }) => {
        writeFileSync(join(folder, "build/unused"), "x");
      },
    ],
    [
      "a built file is deleted",
      "build/unused",
      ({ folder }) => {
        rmSync(join(folder, "build/unused"));
      },
    ],
    [
      "a built file is replaced and its times are set back",
      "build/app",
      ({ folder }) => {
        const { atime, mtime } = lstatSync(join(folder, "build/app"));
        writeFileSync(join(folder, "new"), "buil!");
        renameSync(join(folder, "new"), join(folder, "build/app"));
        utimesSync(join(folder, "build/app"), atime, mtime);
      },
    ],
    [
      "a built file is written and put back",
      "build/app",
      ({ folder }) => {
        const path = join(folder, "build/app");
        const content = readFileSync(path);
        writeFileSync(path, "x");
        writeFileSync(path, content);
      },
    ],
    [
      "a mode is changed",
      "build/app",
      ({ folder }) => {
        chmodSync(join(folder, "build/app"), 0o755);
      },
    ],
    [
      "a file is added where the service writes none",
      "build/sitecustomize.py",
      ({ folder }) => {
        writeFileSync(join(folder, "build/sitecustomize.py"), "x");
      },
    ],
    [
      "a library from elsewhere is written",
      "library.so",
      ({ library }) => {
        writeFileSync(library, "x");
      },
    ],
    [
      "a library from elsewhere is deleted",
      "library.so",
      ({ library }) => {
        rmSync(library);
      },
    ],
    [
      "the build cache's entry is written",
      "entry",
      ({ cache }) => {
        writeFileSync(join(cache, "entry"), "x");
      },
    ],
  ];

  test.each(ATTACKS)("is changed when %s, at rest and while it serves", async (_, path, attack) => {
    const made = await served();
    attack(made);
    expect((await made.record.changedAtRest())?.path).toContain(path);
    expect((await made.record.changedWhileServing())?.path).toContain(path);
  });

  test("is changed at rest even where it writes itself when it runs", async () => {
    const { folder, record } = await served();
    appendFileSync(join(folder, "service.log"), "not by the service\n");
    expect(await record.changedAtRest()).toEqual({
      path: "service.log",
      what: "in base's checkout was changed",
    });
  });

  test("is changed when a file is added and taken away again", async () => {
    const { folder, record } = await served();
    writeFileSync(join(folder, "build/new"), "x");
    rmSync(join(folder, "build/new"));
    expect(await record.changedAtRest()).toMatchObject({ path: "build" });
  });
});
