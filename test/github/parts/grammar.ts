import { readFileSync } from "node:fs";
import { OpenAPIBackend, type Document, type Request } from "openapi-backend";

/** Says what GitHub's own OpenAPI description does not allow in a request or a response. */
export interface Grammar {
  request(request: Request): string[];
  response(method: string, path: string, status: number, body: unknown): string[];
}

const definition = JSON.parse(
  readFileSync(new URL("fixtures/github.json", import.meta.url), "utf8"),
) as Document;

/** Loads the operations that fixtures/cut.mjs cut out. */
export async function githubGrammar(): Promise<Grammar> {
  const api = new OpenAPIBackend({ definition, quick: true, ajvOpts: { strict: false, logger: false } });
  await api.init();
  const say = (
    place: string,
    errors: readonly { instancePath: string; message?: string }[] | null | undefined,
  ) => (errors ?? []).map((error) => `${place}: ${error.instancePath} ${error.message ?? ""}`);
  return {
    request: (request) => {
      const place = `${request.method} ${request.path}`;
      const operation = api.matchOperation(request);
      if (operation === undefined) return [`${place}: no such operation is expected`];
      return say(place, api.validator.validateRequest(request, operation).errors);
    },
    response: (method, path, status, body) => {
      const operation = api.matchOperation({ method, path, headers: {} });
      if (operation === undefined) return [];
      return say(`${method} ${path}`, api.validator.validateResponse(body, operation, status).errors);
    },
  };
}
