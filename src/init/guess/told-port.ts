/** How the well-known servers are told a port: their name, the option, and what to append where it is missing. */
const SERVERS: readonly (readonly [server: RegExp, option: RegExp, told: string])[] = [
  [/(^|[\s/])uvicorn(\s|$)/, / --port[= ]\S+/g, " --port {port}"],
  [/(^|[\s/])fastapi (run|dev)(\s|$)/, / --port[= ]\S+/g, " --port {port}"],
  [/(^|[\s/])gunicorn(\s|$)/, / (?:-b ?|--bind[= ])\S+/g, " --bind 127.0.0.1:{port}"],
  [/(^|[\s/])hypercorn(\s|$)/, / (?:-b |--bind[= ])\S+/g, " --bind 127.0.0.1:{port}"],
  [/(^|[\s/])daphne(\s|$)/, / (?:-p |--port[= ])\S+/g, " --port {port}"],
  [/(^|[\s/])waitress-serve(\s|$)/, / --(?:port|listen)[= ]\S+/g, " --port={port}"],
  [/(^|[\s/])flask(\s.*)? run(\s|$)/, / (?:-p |--port[= ])\S+/g, " --port {port}"],
  [/(^|[\s/])(puma|rackup|unicorn)(\s|$)/, / (?:-p |--port[= ])\S+/g, " -p {port}"],
  [/(^|[\s/])rails (s|server)(\s|$)/, / (?:-p |--port[= ])\S+/g, " -p {port}"],
];

/** Reloads as files change: for development. */
const RELOADS = / --(?:reload|debug)(?= |$)/g;

/** A start command that says the port by `{port}` or PORT, where the program in it is known to take one. */
export function toldPort(command: string): string {
  const plain = command.replace(RELOADS, "");
  if (/\{port\}|\$\{?PORT\b/.test(plain)) return plain;
  if (/manage\.py runserver/.test(plain)) {
    const bare = plain
      .replace(/ --noreload/, "")
      .replace(/( runserver)(?: [\d.]*:?\d+| \d+)?/, "$1 --noreload 127.0.0.1:{port}");
    return bare;
  }
  const server = SERVERS.find(([name]) => name.test(plain));
  if (server === undefined || /--uds[= ]| unix:/.test(plain)) return plain;
  const [, option, told] = server;
  // `uvicorn module:app` takes its options anywhere.
  return option.test(plain) ? plain.replace(option, told) : `${plain}${told}`;
}
