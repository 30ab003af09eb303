import { join } from "node:path";
import { tabulate } from "../../load/data/tabulate.js";
import { requireKnownNames } from "../../load/requests/known-names.js";
import type { LoadWarning } from "./load-report.js";
import type { LoadTask } from "./options.js";

/**
 * The task with a table of its data file, which is written to a folder.
 *
 * @throws TailgateError "config" for data that cannot be used, or that do not fit the request
 */
export async function withTable(
  task: LoadTask,
  folder: string,
): Promise<{ readonly task: LoadTask; readonly warnings: readonly LoadWarning[] }> {
  const { data, profile } = task;
  if (data === null) return { task, warnings: [] };
  const path = join(folder, "table");
  const { columns, rows } = await tabulate(data.path, data.name, path);
  requireKnownNames({ name: task.url, requests: profile.requests }, data.name, columns);
  const message = `${data.name} has ${rows} rows for ${task.requests} requests: after the last row comes the first again.`;
  return {
    task: { ...task, profile: { ...profile, data: data.name, tables: { [data.name]: path } } },
    warnings: rows < task.requests ? [{ code: "rows-repeat", message }] : [],
  };
}
