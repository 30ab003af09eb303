import { TailgateError } from "../../error.js";
import type { ShardOutcome } from "../../run/shards/run-shard.js";
import { shardText } from "../../reporters/text/shard-text.js";
import { shardName } from "../../shards/shard-name.js";
import { markdownProse } from "../../text/escape.js";
import type { GithubContext } from "../event/github-context.js";
import { artifactFilesOf, shardArtifactName, uploadArtifact } from "./artifact.js";
import { annotate } from "./log-commands.js";
import { writeSummary } from "./summary.js";

/**
 * Tells of one part of a divided run: a paragraph in the job summary, and its artifact, without which the merge has
 * nothing. It comments nothing: the verdict is not known.
 *
 * @throws TailgateError "artifact" where it could not be stored
 */
export async function publishShard({ document, file }: ShardOutcome, context: GithubContext): Promise<void> {
  const { core, runner } = context;
  core.setOutput("verdict", "");
  const text = `### Tailgate: ${shardName(document)}\n\n${markdownProse(shardText(document))}\n`;
  const problem = await writeSummary(runner.summaryPath, [() => text]);
  if (problem !== null) annotate(core, { level: "warning", title: "Tailgate", message: problem });
  try {
    const name = shardArtifactName(document.plan.report.key, document);
    await uploadArtifact(name, await artifactFilesOf(file));
  } catch (error) {
    if (!(error instanceof TailgateError)) throw error;
    // The outputs that the error speaks of are those of a whole run.
    throw new TailgateError(error.code, error.message, `Store ${file} under that name with another step.`, {
      cause: error,
    });
  }
}
