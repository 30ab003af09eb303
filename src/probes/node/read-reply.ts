import { z } from "zod";

/*
 * What the instrument in a service's process replies. The process is untrusted: what does not look like a profile of V8
 * is refused as a whole.
 */

const sourceMaps = z.record(z.string(), z.object({ url: z.string(), text: z.string() }));

export const callsReply = z.object({
  scripts: z.array(
    z.object({
      url: z.string(),
      functions: z.array(
        z.object({
          name: z.string(),
          line: z.int().min(-1),
          column: z.int().min(-1),
          count: z.int().min(0).max(1e12),
        }),
      ),
    }),
  ),
  sourceMaps,
});

export const cpuReply = z.object({
  profile: z.looseObject({
    nodes: z.array(
      z.looseObject({
        id: z.int(),
        callFrame: z.object({
          functionName: z.string(),
          scriptId: z.string(),
          url: z.string(),
          lineNumber: z.int(),
          columnNumber: z.int(),
        }),
        children: z.array(z.int()).optional(),
      }),
    ),
    samples: z.array(z.int()).optional(),
    timeDeltas: z.array(z.int()).optional(),
  }),
  threadCpuUs: z.number().min(0).nullable(),
  sourceMaps,
});

export type CallsReply = z.output<typeof callsReply>;
export type CpuReply = z.output<typeof cpuReply>;
