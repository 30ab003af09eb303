// What a release is made of. `release-notes.mjs 1.2.0` prints what CHANGELOG.md says of that version, `--check v1.2.0` refuses a
// tag that is not ready, `--moving v1.2.0` prints the tag that moves with it.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/**
 * The section of a version. Refuses a version that is not there, or has no day yet.
 *
 * @param {string} changelog
 * @param {string} version without `v`
 */
export function releaseNotes(changelog, version) {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((one) => one.startsWith(`[${version}]`));
  if (section === undefined) throw new Error(`CHANGELOG.md has no section [${version}].`);
  const [heading, ...lines] = section.split("\n");
  if (!/^\[[^\]]+\] - \d{4}-\d{2}-\d{2}$/.test(heading.trim())) {
    throw new Error(`Section [${version}] of CHANGELOG.md needs its day: ## [${version}] - 2026-12-31`);
  }
  const text = lines.join("\n").trim();
  if (text === "") throw new Error(`Section [${version}] of CHANGELOG.md says nothing.`);
  return `${text}\n`;
}

/**
 * The tag that moves with a version's major number, such as `v1`.
 *
 * @param {string} tag such as `v1.2.3`
 * @param {string} version of package.json
 */
export function movingTag(tag, version) {
  if (tag !== `v${version}`) throw new Error(`The tag is ${tag}, and package.json has version ${version}.`);
  const match = /^v(\d+)\.\d+\.\d+$/.exec(tag);
  if (match === null) throw new Error(`${tag} is a version before its release, and moves no tag.`);
  return `v${match[1]}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [word, tag] = process.argv.slice(2);
  const changelog = readFileSync("CHANGELOG.md", "utf8");
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  if (word === "--moving") console.log(movingTag(tag, version));
  else if (word === "--check") {
    movingTag(tag, version);
    releaseNotes(changelog, version);
  } else process.stdout.write(releaseNotes(changelog, word ?? version));
}
