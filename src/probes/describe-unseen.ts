/** Of a service: what its processes run, by the names of their programs ("node", "python3.12", "server"). */
export type Programs = readonly string[];

/** What only starts others. */
const STARTERS = /^(?:sh|bash|dash|zsh|env|sudo|taskset|tini|dumb-init|make|npm|npx|yarn|pnpm|uv|poetry)$/;

/**
 * Why nothing looked into a service, in a sentence that says what would make it work.
 *
 * @param programs - as the system tells; empty where it does not
 */
export function describeUnseen(programs: Programs): string {
  const found = [...new Set(programs)].filter((one) => !STARTERS.test(one));
  if (found.some((one) => /^(?:docker|podman|nerdctl|docker-compose)$/.test(one))) {
    return "it runs in a container, which does not get Tailgate's environment: started without one, Node.js and Python can be looked into";
  }
  if (found.some((one) => /^node(?:js)?$/.test(one))) {
    return 'Node.js runs but did not load the instrument: where the start command sets NODE_OPTIONS, let it keep what is there (NODE_OPTIONS="$NODE_OPTIONS ...")';
  }
  if (found.some((one) => /^(?:python|pypy)[0-9.]*$/.test(one))) {
    return 'Python runs but did not load the instrument: start it without -I and -E, and where the command sets PYTHONPATH, let it keep what is there (PYTHONPATH="...:$PYTHONPATH")';
  }
  const names = found.slice(0, 5).map((one) => one.slice(0, 60).replaceAll("`", "'"));
  const what = names.length === 0 ? "it" : names.map((one) => `\`${one}\``).join(", ");
  return `nothing looks into ${what}: there are instruments for Node.js and Python; the profiler of its own runtime (perf for native code, JFR for Java) can be run on both commits`;
}
