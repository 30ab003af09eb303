import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/*
 * The kernel does not tell which scripts an interpreter has read and closed again. Python and Node can: a few lines of ours,
 * loaded ahead of the service for its first start alone, note each file that it loads.
 */

const TRACE_VARIABLE = "TAILGATE_LOADED_FILES";

const PYTHON = `import os, sys
_trace = os.environ.get("${TRACE_VARIABLE}")
if _trace:
    _seen = set()
    def _note(event, arguments, _append=os.O_APPEND | os.O_WRONLY | os.O_CREAT, _os=os):
        if event != "open" or not isinstance(arguments[0], str):
            return
        path = arguments[0]
        if path in _seen or not path.endswith((".py", ".pyc", ".so", ".zip", ".whl")):
            return
        _seen.add(path)
        if arguments[2] & 3:
            return
        descriptor = _os.open(_trace, _append, 0o600)
        _os.write(descriptor, (_os.path.abspath(path) + "\\n").encode())
        _os.close(descriptor)
    sys.addaudithook(_note)
# The service's own sitecustomize, if there is one, comes next on the path.
try:
    import importlib.util, importlib.machinery
    _here = os.path.dirname(os.path.abspath(__file__))
    _spec = importlib.machinery.PathFinder.find_spec("sitecustomize", [p for p in sys.path if os.path.abspath(p) != _here])
    if _spec is not None and _spec.loader is not None:
        _spec.loader.exec_module(importlib.util.module_from_spec(_spec))
except Exception:
    pass
`;

const NODE = `"use strict";
const trace = process.env.${TRACE_VARIABLE};
if (trace) {
  const fs = require("node:fs");
  const Module = require("node:module");
  const seen = new Set();
  const note = (file) => {
    if (typeof file !== "string" || seen.has(file)) return;
    seen.add(file);
    try { fs.appendFileSync(trace, file + "\\n", { mode: 0o600 }); } catch {}
  };
  const load = Module._load;
  Module._load = function (request, parent, isMain) {
    try { const file = Module._resolveFilename(request, parent, isMain); if (file.startsWith("/")) note(file); } catch {}
    return load.apply(this, arguments);
  };
  if (typeof Module.registerHooks === "function") {
    Module.registerHooks({
      load(url, context, next) {
        if (url.startsWith("file:")) note(require("node:url").fileURLToPath(url));
        return next(url, context);
      },
    });
  }
}
`;

/** What makes a runtime tell the files that it loads. */
export interface RuntimeTrace {
  /** Variables to add to the service's environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** Files told so far; empty for a runtime that does not tell. */
  readonly told: () => string[];
}

/**
 * Lays the few lines for Python and Node into a folder of ours.
 *
 * @param folder absolute, made if need be
 * @param environment of the service: its own NODE_OPTIONS and PYTHONPATH stay in force
 */
export function traceRuntime(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): RuntimeTrace {
  const python = join(folder, "python");
  mkdirSync(python, { recursive: true });
  writeFileSync(join(python, "sitecustomize.py"), PYTHON);
  const node = join(folder, "trace.cjs");
  writeFileSync(node, NODE);
  const list = join(folder, "loaded-files");
  writeFileSync(list, "", { mode: 0o600 });
  const own = (name: string): string | undefined => environment[name];
  return {
    variables: {
      [TRACE_VARIABLE]: list,
      PYTHONPATH: [python, own("PYTHONPATH") ?? ""].filter((part) => part !== "").join(delimiter),
      NODE_OPTIONS: `--require ${JSON.stringify(node)} ${own("NODE_OPTIONS") ?? ""}`.trim(),
    },
    told: () => [...new Set(readFileSync(list, "utf8").split("\n"))].filter((path) => path !== ""),
  };
}
