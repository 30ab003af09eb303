// The notices of every package that is inside the bundles, as their licences ask for.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

const PACKAGE_FOLDER = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const NOTICE_FILE = /^(licen[cs]e|copying|notice)/i;

/** esbuild's metafiles -> one text with name, version, licence and notices of each package. */
export async function licenseNotices(metafiles) {
  const folders = new Set(
    metafiles.flatMap((metafile) =>
      Object.keys(metafile.inputs).flatMap((path) => PACKAGE_FOLDER.exec(path)?.[1] ?? []),
    ),
  );
  const notices = await Promise.all([...folders].map(notice));
  const byName = new Map(notices.map(({ title, text }) => [title, text]));
  const sections = [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, text]) => `${title}\n\n${text}`);
  return `These packages are part of the files in this folder.\n\n${sections.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

async function notice(folder) {
  const { name, version, license, author } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const files = (await readdir(folder)).filter((file) => NOTICE_FILE.test(file)).sort();
  const texts = await Promise.all(
    files.map(async (file) => (await readFile(join(folder, file), "utf8")).trim()),
  );
  const by = typeof author === "string" ? author : author?.name;
  const fallback = `Licence: ${license ?? "not stated"}${by ? `, by ${by}` : ""}`;
  return {
    title: `${name} ${version} (${license ?? "see below"})`,
    text: texts.join("\n\n").replaceAll("\r\n", "\n") || fallback,
  };
}
