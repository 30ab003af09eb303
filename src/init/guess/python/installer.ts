import { type Guess, nearestFile, type Snapshot, textAt, upOf, type WorkflowStep } from "../snapshot.js";
import { extraWithServer } from "./requirements.js";

/** How the environment is made, and the folder that its programs lie in. */
export interface Installer {
  readonly build: Guess;
  /** Before the name of a program of the environment. */
  readonly programs: string;
  readonly steps: readonly WorkflowStep[];
}

/** Each checkout gets an environment of its own: base must not run with head's packages. */
export function installerOf(snapshot: Snapshot): Installer {
  const version = nearestFile(snapshot, ".python-version");
  const python: WorkflowStep[] =
    version === null ? [] : [{ uses: "actions/setup-python@v6", with: { "python-version-file": version } }];
  const tool = (name: string): WorkflowStep[] => [...python, { run: `pipx install ${name}` }];
  const { paths } = snapshot;
  const uv = nearestFile(snapshot, "uv.lock");
  if (uv !== null) {
    // The environment of a workspace lies beside its lock file; at its root, packages of members are asked for.
    const whole = upOf(uv) === "" && /\[tool\.uv\.workspace\]/.test(textAt(snapshot, "pyproject.toml") ?? "");
    return {
      build: { value: `uv sync --frozen${whole ? " --all-packages" : ""}`, from: uv },
      programs: `${upOf(uv)}.venv/bin/`,
      steps: tool("uv"),
    };
  }
  if (
    paths.includes("poetry.lock") ||
    /^\[tool\.poetry\]/m.test(snapshot.texts.get("pyproject.toml") ?? "")
  ) {
    return {
      build: {
        value: "POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --no-interaction --no-root",
        from: paths.includes("poetry.lock") ? "poetry.lock" : "pyproject.toml",
      },
      programs: ".venv/bin/",
      steps: tool("poetry"),
    };
  }
  if (paths.includes("Pipfile")) {
    const locked = paths.includes("Pipfile.lock");
    return {
      build: {
        value: `PIPENV_VENV_IN_PROJECT=1 pipenv ${locked ? "sync" : "install"}`,
        from: locked ? "Pipfile.lock" : "Pipfile",
      },
      programs: ".venv/bin/",
      steps: tool("pipenv"),
    };
  }
  const file = FILES.find((path) => paths.includes(path));
  const what = file === undefined ? projectWithServer(snapshot) : `-r ${file}`;
  const from = file ?? (paths.includes("pyproject.toml") ? "pyproject.toml" : "setup.py");
  return {
    build: { value: `python3 -m venv .venv && .venv/bin/pip install ${what}`, from },
    programs: ".venv/bin/",
    steps: python,
  };
}

/** The project itself, with the extra that its server stands in. */
function projectWithServer({ texts }: Snapshot): string {
  const extra = extraWithServer(texts.get("pyproject.toml") ?? "");
  return extra === null ? "." : `'.[${extra}]'`;
}

const FILES = [
  "requirements.txt",
  "requirements/prod.txt",
  "requirements/production.txt",
  "requirements/base.txt",
  "requirements/requirements.txt",
  "requirements/common.txt",
  "requirements-prod.txt",
];
