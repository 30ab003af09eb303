import type { AgentParameters, ConnectedAgent } from "./agent-socket.js";
import type { ProfileReading } from "./instrument.js";
import type { Looking } from "./looking.js";
import type { Probe } from "./probe.js";

/** Starting takes no time; a thread that does not answer is one that waits for others. */
const STARTED_WITHIN_MS = 3000;
const READ_WITHIN_MS = 30_000;

/**
 * Asks every agent to begin and to end. Threads and processes that cannot answer, or that came and went, are left out;
 * when none is left, the reading fails.
 */
export function probeOfAgents(
  agents: readonly ConnectedAgent[],
  looking: Looking,
  {
    parameters,
    read,
  }: { readonly parameters: AgentParameters; readonly read: (reply: unknown) => ProfileReading },
): Probe<readonly ProfileReading[]> {
  return {
    async start() {
      const started = await answered(agents, async (agent) => {
        await agent.ask(`start-${looking}`, STARTED_WITHIN_MS, parameters);
        return agent;
      });
      return () =>
        answered(started, async (agent) =>
          read(await agent.ask(`stop-${looking}`, READ_WITHIN_MS, parameters)),
        );
    },
  };
}

/** @throws Error of the first, where nobody answers */
async function answered<T>(
  agents: readonly ConnectedAgent[],
  ask: (agent: ConnectedAgent) => Promise<T>,
): Promise<readonly T[]> {
  const answers = await Promise.allSettled(agents.map(ask));
  const given = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  const refused = answers.find((answer) => answer.status === "rejected");
  if (given.length === 0 && refused) throw refused.reason;
  return given;
}
