// Cuts the operations that Tailgate uses out of GitHub's OpenAPI description.
//
//   npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz
//   node test/github/parts/openapi/cut.mjs package/generated/api.github.com.json > test/github/parts/openapi/github.json
//
// The description is MIT licensed (LICENSE beside this file). Kept: parameters, request bodies, and the answers to
// the requests that test parts answer themselves. Dropped: examples, prose, other answers.
import { readFileSync } from "node:fs";

/** Operation -> whether its answer is kept. */
const OPERATIONS = {
  "get /user": false,
  "get /repos/{owner}/{repo}/pulls": false,
  "get /repos/{owner}/{repo}/pulls/{pull_number}": false,
  "get /repos/{owner}/{repo}/issues/{issue_number}/comments": false,
  "post /repos/{owner}/{repo}/issues/{issue_number}/comments": false,
  "get /repos/{owner}/{repo}/issues/comments/{comment_id}": false,
  "patch /repos/{owner}/{repo}/issues/comments/{comment_id}": false,
  "delete /repos/{owner}/{repo}/issues/comments/{comment_id}": false,
  "post /repos/{owner}/{repo}/check-runs": false,
  "get /repos/{owner}/{repo}/contents/{path}": false,
  "get /repos/{owner}/{repo}/actions/runs/{run_id}": true,
  "get /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts": true,
  "get /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}": false,
};
const PROSE = ["description", "summary", "example", "examples", "externalDocs", "x-github", "tags"];

const source = JSON.parse(readFileSync(process.argv[2], "utf8"));

function bare(value, isPropertyMap = false) {
  if (Array.isArray(value)) return value.map((item) => bare(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => isPropertyMap || !PROSE.includes(key))
      .map(([key, item]) => [key, bare(item, key === "properties" && !isPropertyMap)]),
  );
}

const paths = {};
for (const [name, keepsAnswer] of Object.entries(OPERATIONS)) {
  const [method, path] = name.split(" ");
  const { operationId, parameters, requestBody, responses } = source.paths[path][method];
  const answers = Object.fromEntries(
    Object.entries(responses).map(([status, answer]) => [
      status,
      keepsAnswer && status === "200"
        ? { description: "", content: bare(answer.content) }
        : { description: "" },
    ]),
  );
  paths[path] = {
    ...paths[path],
    [method]: { operationId, ...bare({ parameters, requestBody }), responses: answers },
  };
}

// Whatever they refer to, and what that refers to in turn.
const components = {};
const queue = [paths];
for (const part of queue) {
  for (const [, section, name] of JSON.stringify(part).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
    components[section] ??= {};
    if (components[section][name] !== undefined) continue;
    components[section][name] = bare(source.components[section][name]);
    queue.push(components[section][name]);
  }
}

const info = {
  title: "GitHub REST API, operations that Tailgate uses",
  version: source.info.version,
  license: { name: "MIT" },
};
process.stdout.write(`${JSON.stringify({ openapi: source.openapi, info, paths, components })}\n`);
