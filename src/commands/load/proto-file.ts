import { writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { requestFiles } from "../../load/connections/request-files.js";
import { describeProto } from "../../load/grpc/describe-proto.js";
import { requireMessages } from "../../load/grpc/require-messages.js";
import type { LoadTask } from "./options.js";

/**
 * Describes the methods that a call of gRPC needs in a file of ours. Imports count from the working directory, or from
 * folders above the file.
 *
 * @param folder - where that file may lie
 * @throws TailgateError "config" where the .proto file cannot be read, or the message is none of its method
 */
export async function withProto(task: LoadTask, folder: string): Promise<LoadTask> {
  const [request] = task.profile.requests;
  if (request?.bodySource?.from !== "message") return task;
  const { proto } = request.bodySource;
  const path = resolve(proto);
  const inside = path.startsWith(join(process.cwd(), "/")) ? process.cwd() : dirname(path);
  const description = join(folder, "proto.json");
  await writeFile(description, await describeProto(path, inside));
  const files = { ...task.profile.files, [proto]: description };
  requireMessages([request], requestFiles(files));
  return { ...task, profile: { ...task.profile, files } };
}
