import { parse } from "smol-toml";
import {
  findFirst,
  placeOf,
  sourcesOf,
  type Finding,
  type Guess,
  type ProjectGuess,
  type Snapshot,
  type WorkflowStep,
} from "./snapshot.js";

const MANIFESTS = [
  "pyproject.toml",
  "requirements.txt",
  "requirements/base.txt",
  "requirements/prod.txt",
  "Pipfile",
];

/** How the environment is made, and the folder or command that runs its programs. */
interface Installer {
  readonly build: Guess;
  /** Before the name of a program of the environment. */
  readonly prefix: string;
  readonly get: string | null;
}

/** A Python project; `null` where there is no manifest. */
export function guessPython(snapshot: Snapshot): ProjectGuess | null {
  const manifests = MANIFESTS.filter((path) => snapshot.texts.has(path));
  if (manifests.length === 0) return null;
  const dependencies = dependenciesOf(snapshot, manifests);
  const installer = installerOf(snapshot);
  const { start, unknown } = guessStart(snapshot, dependencies, installer);
  return {
    language: "python",
    build: installer.build,
    start,
    extensions: [".py"],
    steps: stepsFor(snapshot, installer),
    unknown,
    portFrom: null,
  };
}

/** Names of packages as they are asked for, in lower case; extras as `name[extra]` too. */
function dependenciesOf({ texts }: Snapshot, manifests: readonly string[]): ReadonlySet<string> {
  const lines = manifests.flatMap((path) => {
    const text = texts.get(path)!;
    return path === "pyproject.toml" ? requirementsIn(text) : text.split("\n");
  });
  return new Set(
    lines.flatMap((line) => {
      const match = /^\s*"?([A-Za-z0-9][A-Za-z0-9._-]*)(\[[^\]]*\])?/.exec(line);
      if (match === null) return [];
      const name = match[1]!.toLowerCase().replaceAll("_", "-");
      return match[2] === undefined ? [name] : [name, `${name}${match[2]}`];
    }),
  );
}

/** Requirements wherever pyproject.toml may keep them: the standard's table, groups, Poetry's tables. */
function requirementsIn(text: string): string[] {
  let parsed: unknown;
  try {
    parsed = parse(text);
  } catch {
    return [];
  }
  const at = (...keys: string[]): unknown =>
    keys.reduce<unknown>(
      (value, key) =>
        typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      parsed,
    );
  const listed = [at("project", "dependencies"), ...Object.values(record(at("dependency-groups")))].flatMap(
    (value) => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : []),
  );
  const named = Object.entries(record(at("tool", "poetry", "dependencies"))).map(([name, value]) => {
    const extras: unknown = record(value)["extras"];
    return Array.isArray(extras) ? `${name}[${extras.join(",")}]` : name;
  });
  return [...listed, ...named];
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** Each checkout gets an environment of its own: base must not run with head's packages. */
function installerOf({ paths }: Snapshot): Installer {
  if (paths.includes("uv.lock")) {
    return {
      build: { value: "uv sync --frozen", from: "uv.lock" },
      prefix: ".venv/bin/",
      get: "pipx install uv",
    };
  }
  if (paths.includes("poetry.lock")) {
    return {
      build: {
        value: "POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --no-interaction",
        from: "poetry.lock",
      },
      prefix: ".venv/bin/",
      get: "pipx install poetry",
    };
  }
  const file = paths.find((path) => /^requirements(\/(base|prod))?\.txt$/.test(path));
  const what = file === undefined ? "." : `-r ${file}`;
  return {
    build: {
      value: `python3 -m venv .venv && .venv/bin/pip install ${what}`,
      from: file ?? "pyproject.toml",
    },
    prefix: ".venv/bin/",
    get: null,
  };
}

const ASGI = /^(\w+)\s*(?::[^=\n]+)?=\s*(?:\w+\.)?(FastAPI|Starlette|Litestar|Quart)\(/gm;
const WSGI = /^(\w+)\s*(?::[^=\n]+)?=\s*(?:\w+\.)?(Flask)\(/gm;
const FACTORY = /^def (create_app|make_app)\(/gm;

function guessStart(
  snapshot: Snapshot,
  dependencies: ReadonlySet<string>,
  { prefix }: Installer,
): { start: Guess | null; unknown: string[] } {
  const sources = sourcesOf(snapshot, [".py"]);
  const has = (name: string): boolean => dependencies.has(name);
  const asgi = findFirst(snapshot, sources, ASGI);
  if (asgi !== null) {
    const missing =
      has("uvicorn") || has("fastapi[standard]") || has("fastapi[all]")
        ? []
        : ["uvicorn is not among the dependencies that were found; the start command needs it."];
    return { start: uvicorn(asgi, asgi.match[1]!, "", prefix), unknown: missing };
  }
  const wsgi = findFirst(snapshot, sources, WSGI);
  if (wsgi !== null) return flask(wsgi, wsgi.match[1]!, has, prefix);
  const django = findFirst(
    snapshot,
    sources.filter((path) => /(^|\/)(wsgi|asgi)\.py$/.test(path)),
    /application\s*=/g,
  );
  if (snapshot.paths.includes("manage.py") && django !== null) {
    const module = django.path.replace(/\/(wsgi|asgi)\.py$/, "/wsgi.py");
    return served({ ...django, path: module }, "application", has, prefix, {
      value: `${prefix}python manage.py runserver --noreload 127.0.0.1:{port}`,
      from: "manage.py",
    });
  }
  const factory = findFirst(snapshot, sources, FACTORY);
  if (factory !== null) {
    const name = factory.match[1]!;
    return has("flask")
      ? flask(factory, `${name}()`, has, prefix)
      : { start: uvicorn(factory, name, " --factory", prefix), unknown: [] };
  }
  return { start: null, unknown: [] };
}

function uvicorn(where: Finding, name: string, flags: string, prefix: string): Guess {
  const { module, folder } = moduleOf(where.path);
  const place = folder === "" ? "" : ` --app-dir ${folder}`;
  return {
    value: `${prefix}uvicorn${place}${flags} --host 127.0.0.1 --port {port} ${module}:${name}`,
    from: placeOf(where),
  };
}

function flask(where: Finding, name: string, has: (name: string) => boolean, prefix: string) {
  const { module, folder } = moduleOf(where.path);
  const place = folder === "" ? "" : `PYTHONPATH=${folder} `;
  return served(where, name, has, prefix, {
    value: `${place}${prefix}flask --app '${module}:${name}' run --no-reload --port {port}`,
    from: placeOf(where),
  });
}

/** With gunicorn where the project has it, else with the framework's own server for development. */
function served(
  where: Finding,
  name: string,
  has: (name: string) => boolean,
  prefix: string,
  development: Guess,
): { start: Guess; unknown: string[] } {
  const { module, folder } = moduleOf(where.path);
  const place = folder === "" ? "" : ` --chdir ${folder}`;
  if (has("gunicorn")) {
    const value = `${prefix}gunicorn${place} --bind 127.0.0.1:{port} '${module}:${name}'`;
    return { start: { value, from: placeOf(where) }, unknown: [] };
  }
  return {
    start: development,
    unknown: [
      "It is started with the framework's server for development; is another one used in production?",
    ],
  };
}

/** `src/shop/main.py` -> `shop.main` in `src`. */
function moduleOf(path: string): { module: string; folder: string } {
  const folder = path.startsWith("src/") ? "src" : "";
  const inside = folder === "" ? path : path.slice(folder.length + 1);
  const module = inside
    .replace(/\.py$/, "")
    .replace(/\/__init__$/, "")
    .replaceAll("/", ".");
  return { module, folder };
}

function stepsFor({ paths }: Snapshot, installer: Installer): WorkflowStep[] {
  return [
    ...(paths.includes(".python-version")
      ? [{ uses: "actions/setup-python@v6", with: { "python-version-file": ".python-version" } }]
      : []),
    ...(installer.get === null ? [] : [{ run: installer.get }]),
  ];
}
