import { TailgateError } from "../../error.js";
import { UnsendableRequest, type Client, type Connection, type Response } from "../driver.js";
import type { RequestProfile, Target } from "../phase.js";
import { Exchange } from "../requests/exchange.js";
import { RequestSequence } from "../requests/request-sequence.js";
import type { Session } from "../requests/session.js";
import { FIRST_NUMBERS } from "../schedule/mix-parts.js";
import { decompress } from "./content-encoding.js";
import { sequenceTools } from "./sequence-tools.js";

/** As much of a body as helps to see why a login failed. */
const SHOWN_CHARACTERS = 300;

/**
 * Sends the requests of a login once, and gives what they left behind.
 *
 * @throws TailgateError "load" that says what came back
 */
export async function logIn<Message>(
  client: Client<Message>,
  target: Target,
  profile: RequestProfile,
): Promise<Session> {
  const tools = sequenceTools(profile, profile, FIRST_NUMBERS, { client, target });
  const sequence = new RequestSequence(profile, { ...tools, closes: false, keepBodies: true });
  const exchange = new Exchange(sequence, { values: sequence.valuesOf(0), request: null });
  const failed = (what: string): TailgateError =>
    new TailgateError(
      "load",
      `The login on ${target.arm} failed: ${exchange.asked} ${what}.`,
      "Check `login` in tailgate.yml, and that the service has that user after `setup` and `reset`.",
    );

  let connection: Connection<Message> | null = null;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Session>((resolve, reject) => {
      timer = setTimeout(() => {
        reject(failed(`had no response within ${profile.timeoutMs} ms`));
      }, profile.timeoutMs);
      const send = (): void => {
        connection ??= client.connect({ opened: () => undefined, responded, lost });
        try {
          connection.send(exchange.outgoing());
        } catch (error) {
          reject(
            error instanceof UnsendableRequest
              ? failed(`cannot be sent: ${error.message}`)
              : (error as Error),
          );
        }
      };
      const lost = ({ reason }: { readonly reason: string }): void => {
        connection = null;
        reject(failed(`had no response: ${reason}`));
      };
      const responded = (response: Response): void => {
        if (!response.reusable) {
          connection?.close();
          connection = null;
        }
        const ending = exchange.take(response);
        if (ending === "more") send();
        else if (ending.outcome === "ok") resolve(exchange.sessionAfter(response));
        else reject(failed(describe(response)));
      };
      send();
    });
  } finally {
    clearTimeout(timer);
    (connection as Connection<Message> | null)?.close();
  }
}

function describe({ status, body, codings }: Response): string {
  const plain = body === null || codings.length === 0 ? body : decompress(body, codings);
  const text = (plain?.toString("utf8") ?? "").trim().replace(/\s+/g, " ");
  if (text === "") return `gave status ${status} and an empty body`;
  const end = text.length > SHOWN_CHARACTERS ? `...${text.slice(-SHOWN_CHARACTERS)}` : text;
  return `gave status ${status}; its body ends with ${JSON.stringify(end)}`;
}
