import { type Finding, findFirst, type Guess, placeOf, type Snapshot, sourcesOf } from "../snapshot.js";
import { moduleOf } from "./modules.js";

const ASGI = /^(\w+)\s*(?::[^=\n]+)?=\s*(?:\w+\.)?(FastAPI|Starlette|Litestar|Quart)\(/gm;
const WSGI = /^(\w+)\s*(?::[^=\n]+)?=\s*(?:\w+\.)?(Flask|APIFlask|OpenAPI|Falcon)\(/gm;
/** An application that a function of the project makes: `app = create_app(Config)`. */
const MADE =
  /^(app|application)\s*(?::[^=\n]+)?=\s*(?:\w+\.)?((?:create|make|get|build|init)_(?:app|application)|init_app)\(/gm;
const FACTORY = /^def ((?:create|make|get|build)_(?:app|application))\(([^)]{0,500})\)/gm;
const ASYNC_FRAMEWORK = /\b(FastAPI|Starlette|Litestar|Quart)\(/;

/** How an application is served, and what a person should look at. */
export interface ApplicationGuess {
  readonly start: Guess | null;
  readonly unknown: readonly string[];
}

/** The application that the sources make, served by the server that the project asks for. */
export function guessApplication(
  snapshot: Snapshot,
  requirements: ReadonlySet<string>,
  programs: string,
): ApplicationGuess {
  const sources = sourcesOf(snapshot, [".py"]);
  const context = { snapshot, has: (name: string) => requirements.has(name), programs };
  const asgi = findFirst(snapshot, sources, ASGI);
  if (asgi !== null) return uvicorn(asgi, asgi.match[1]!, "", context);
  const wsgi = findFirst(snapshot, sources, WSGI);
  if (wsgi !== null) return flask(wsgi, wsgi.match[1]!, context);
  const made = findFirst(snapshot, sources, MADE);
  const isAsync = sources.some((path) => ASYNC_FRAMEWORK.test(snapshot.texts.get(path) ?? ""));
  if (made !== null) {
    return isAsync ? uvicorn(made, made.match[1]!, "", context) : flask(made, made.match[1]!, context);
  }
  const django = findFirst(
    snapshot,
    sources.filter((path) => /(^|\/)(wsgi|asgi)\.py$/.test(path)),
    /application\s*=/g,
  );
  if (snapshot.paths.includes("manage.py") && django !== null) {
    const module = django.path.replace(/(wsgi|asgi)\.py$/, "wsgi.py");
    return served({ ...django, path: module }, "application", context, {
      value: `${programs}python manage.py runserver --noreload 127.0.0.1:{port}`,
      from: "manage.py",
    });
  }
  const factory = findFirst(snapshot, sources, FACTORY);
  if (factory === null) return { start: null, unknown: [] };
  const name = factory.match[1]!;
  return isAsync ? uvicorn(factory, name, " --factory", context) : flask(factory, `${name}()`, context);
}

interface Context {
  readonly snapshot: Snapshot;
  readonly has: (name: string) => boolean;
  readonly programs: string;
}

function uvicorn(where: Finding, name: string, flags: string, context: Context): ApplicationGuess {
  const { has, programs } = context;
  const module = moduleOf(where.path, context.snapshot);
  const place = module.folder === "" ? "" : ` --app-dir ${module.folder}`;
  const missing = !["uvicorn", "uvicorn[standard]", "fastapi[standard]", "fastapi[all]"].some(has);
  return {
    start: {
      value: `${programs}uvicorn${place}${flags} --host 127.0.0.1 --port {port} ${module.name}:${name}`,
      from: placeOf(where),
    },
    unknown: missing
      ? ["uvicorn is not among the dependencies that were found; the start command needs it."]
      : [],
  };
}

function flask(where: Finding, name: string, context: Context): ApplicationGuess {
  const module = moduleOf(where.path, context.snapshot);
  const place = module.folder === "" ? "" : `PYTHONPATH=${module.folder} `;
  return served(where, name, context, {
    value: `${place}${context.programs}flask --app '${module.name}:${name}' run --no-reload --port {port}`,
    from: placeOf(where),
  });
}

/** With gunicorn where the project has it, else with the framework's own server for development. */
function served(where: Finding, name: string, context: Context, development: Guess): ApplicationGuess {
  const module = moduleOf(where.path, context.snapshot);
  const place = module.folder === "" ? "" : ` --chdir ${module.folder}`;
  if (context.has("gunicorn")) {
    const value = `${context.programs}gunicorn${place} --bind 127.0.0.1:{port} '${module.name}:${name}'`;
    return { start: { value, from: placeOf(where) }, unknown: [] };
  }
  return {
    start: development,
    unknown: [
      "It is started with the framework's server for development; is another one used in production?",
    ],
  };
}
