import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const POSTGRES_IMAGE = "tailgate-bench/postgres:local";

/** Debian's; others lie elsewhere. */
const VERSIONS = "/usr/lib/postgresql";
const PROGRAMS = ["initdb", "postgres", "pg_ctl", "pg_isready", "psql"];
/** No user of the machine's own. */
const USER = 26_999;

/** Fills its folder once from /docker-entrypoint-initdb.d, as the official image does, and serves. */
const ENTRY = `#!/bin/sh
set -e
data=/var/lib/postgresql/data
if [ ! -s $data/PG_VERSION ]; then
  initdb -D $data -U postgres --encoding=UTF8 --locale=C --no-sync -A trust
  echo 'host all all all trust' >> $data/pg_hba.conf
  pg_ctl -D $data -o "-c listen_addresses='' -k /tmp" -w start
  for file in /docker-entrypoint-initdb.d/*.sql; do psql -h /tmp -U postgres -v ON_ERROR_STOP=1 -f "$file"; done
  pg_ctl -D $data -m fast -w stop
fi
exec postgres -D $data -c listen_addresses='*' -k /tmp
`;

/** Why no image can be made here; `null` where one can. */
export function whyNoPostgres(): string | null {
  return versionHere() === null ? "PostgreSQL's programs are missing: sudo apt-get install postgresql" : null;
}

function versionHere(): string | null {
  if (!existsSync(VERSIONS)) return null;
  return readdirSync(VERSIONS).find((name) => existsSync(join(VERSIONS, name, "bin", "postgres"))) ?? null;
}

/** An image with this machine's own PostgreSQL: nothing is pulled. */
export function importPostgres(): void {
  const version = versionHere()!;
  const root = mkdtempSync(join(tmpdir(), "postgres-image-"));
  try {
    const bin = join(VERSIONS, version, "bin");
    const copied = [
      ...PROGRAMS.map((name) => join(bin, name)),
      "/bin/sh",
      // What its server loads by itself, such as its dictionaries.
      join(VERSIONS, version, "lib"),
      join("/usr/share/postgresql", version),
    ];
    const libraries = copied
      .filter((path) => !path.endsWith("/lib"))
      .flatMap((path) => spawnSync("ldd", [path], { encoding: "utf8" }).stdout.match(/\/\S+/g) ?? []);
    for (const path of new Set([...copied, ...libraries])) {
      if (!existsSync(path)) continue;
      mkdirSync(dirname(join(root, path)), { recursive: true });
      cpSync(path, join(root, path), { recursive: true, dereference: true });
    }
    for (const folder of ["tmp", "etc", "docker-entrypoint-initdb.d", "var/lib/postgresql/data"])
      mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, "etc/passwd"), `postgres:x:${USER}:${USER}::/var/lib/postgresql:/bin/sh\n`);
    writeFileSync(join(root, "entry"), ENTRY, { mode: 0o755 });
    execFileSync("chown", ["-R", `${USER}:${USER}`, join(root, "var/lib/postgresql"), join(root, "tmp")]);
    const pack = spawnSync("tar", ["--create", "--numeric-owner", "--directory", root, "."], {
      maxBuffer: 1024 ** 3,
    });
    const changes = [`ENV PATH=${bin}:/bin`, `USER ${USER}`, 'ENTRYPOINT ["/entry"]', "EXPOSE 5432"];
    execFileSync(
      "docker",
      ["import", ...changes.flatMap((change) => ["--change", change]), "-", POSTGRES_IMAGE],
      { input: pack.stdout },
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
