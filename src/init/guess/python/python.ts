import { commandsIn, plainCommand, preparesData } from "../commands.js";
import {
  type Guess,
  type ProjectGuess,
  type Snapshot,
  startOnly,
  type StartCommand,
  withoutProjectsBelow,
} from "../snapshot.js";
import { toldPort } from "../told-port.js";
import { guessApplication } from "./application.js";
import { installerOf } from "./installer.js";
import { MANIFEST, requirementsOf } from "./requirements.js";

const FRAMEWORK =
  /^(fastapi|flask|django|starlette|litestar|quart|sanic|aiohttp|tornado|falcon|bottle|pyramid|robyn|connexion|djangorestframework)(\[|$)/;

/** A Python project; `null` where there is no manifest. */
export function guessPython(whole: Snapshot): ProjectGuess | null {
  const snapshot = withoutProjectsBelow(whole, /^(pyproject\.toml|Pipfile|requirements\.txt)$/);
  if (![...whole.texts.keys()].some((path) => MANIFEST.test(path))) return null;
  // Members of a workspace are parts of the environment that is made at its root.
  const workspace = /\[tool\.uv\.workspace\]/.test(whole.texts.get("pyproject.toml") ?? "");
  const own = workspace ? whole : snapshot;
  const requirements = requirementsOf(whole);
  const installer = installerOf(own);
  const { start, unknown } = guessApplication(own, requirements, installer.programs);
  return {
    language: "python",
    build: installer.build,
    start,
    setup: guessSetup(own, requirements, installer.programs),
    envFile: null,
    serves: start !== null || [...requirements].some((name) => FRAMEWORK.test(name)),
    deployed: (command) => deployed(command, installer.programs, own),
    extensions: [".py"],
    steps: installer.steps,
    unknown,
    portFrom: null,
  };
}

/** Tools through which migrations are run. */
function guessSetup(snapshot: Snapshot, requirements: ReadonlySet<string>, programs: string): Guess[] {
  const { paths } = snapshot;
  if (paths.includes("alembic.ini"))
    return [{ value: `${programs}alembic upgrade head`, from: "alembic.ini" }];
  if (paths.includes("manage.py") && requirements.has("django")) {
    return [{ value: `${programs}python manage.py migrate`, from: "manage.py" }];
  }
  if (requirements.has("flask-migrate") && paths.some((path) => path.startsWith("migrations/"))) {
    return [{ value: `${programs}flask db upgrade`, from: "migrations/ (Flask-Migrate)" }];
  }
  return [];
}

/** What runs a program of the environment, and is not needed where its folder is named. */
const THROUGH = /^(?:exec |(?:uv|poetry|pipenv|pdm|hatch) run (?:--[\w-]+ )*)/;
const PROGRAM =
  /^(python3?|gunicorn|uvicorn|hypercorn|daphne|flask|fastapi|waitress-serve|sanic|alembic|django-admin|celery)$/;

function deployed(command: string, programs: string, snapshot: Snapshot): StartCommand | null {
  const commands = commandsIn(command).map((one) => inEnvironment(one, programs));
  const last = commands.at(-1);
  const plain = plainCommand(last ?? "");
  if (plain === null || !plain.program.startsWith(programs)) return null;
  // A container's folders are not those of a checkout.
  const file = /python3? (\S+\.py)/.exec(last!)?.[1];
  if (file !== undefined && !snapshot.paths.includes(file) && file !== "manage.py") return null;
  return {
    ...startOnly(toldPort(last!)),
    setup: commands.slice(0, -1).filter(preparesData),
  };
}

function inEnvironment(command: string, programs: string): string {
  const direct = command.replace(THROUGH, "");
  const plain = plainCommand(direct);
  if (plain === null || !PROGRAM.test(plain.program)) return direct;
  return `${plain.variables}${programs}${plain.program}${plain.rest}`;
}
