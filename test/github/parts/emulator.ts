import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { createSign } from "node:crypto";
import { fileURLToPath } from "node:url";
import { node24 } from "./node24.js";

/** App id of `github-actions` on github.com. */
const ACTIONS_APP = 15368;
const INSTALLATION = 1;

export interface Emulator {
  readonly url: string;
  /** A token of the app `github-actions` with these permissions, as a job's GITHUB_TOKEN has. */
  token(permissions: Readonly<Record<string, "read" | "write">>): Promise<string>;
  stop(): Promise<void>;
}

/** Starts `emulate`, a server with GitHub's API and state, as a child under Node 24. */
export async function startEmulator(owner: string, repository: string): Promise<Emulator> {
  const permissions = {
    contents: "write",
    issues: "write",
    pull_requests: "write",
    checks: "write",
    actions: "read",
    metadata: "read",
  };
  const github = {
    users: [{ login: owner }, { login: "contributor" }],
    repos: [{ owner, name: repository, auto_init: true }],
    apps: [
      {
        app_id: ACTIONS_APP,
        slug: "github-actions",
        name: "GitHub Actions",
        permissions,
        installations: [{ installation_id: INSTALLATION, account: owner, permissions }],
      },
    ],
  };
  const tokens = {
    owner_token: { login: owner, scopes: ["repo", "user"] },
    contributor_token: { login: "contributor", scopes: ["repo", "user"] },
  };
  const script = fileURLToPath(new URL("emulate-process.mjs", import.meta.url));
  const child = spawn(node24(), [script, JSON.stringify({ tokens, github })], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const gone = once(child, "exit");
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), "line"),
    gone.then(() => {
      throw new Error("the emulator ended at once");
    }),
  ])) as [string];
  const { url, privateKey } = JSON.parse(line) as { url: string; privateKey: string };
  return {
    url,
    token: async (granted) => {
      const response = await fetch(`${url}/app/installations/${INSTALLATION}/access_tokens`, {
        method: "POST",
        headers: { authorization: `Bearer ${appJwt(privateKey)}`, "content-type": "application/json" },
        body: JSON.stringify({ permissions: { metadata: "read", ...granted } }),
      });
      if (!response.ok) throw new Error(`no token: ${await response.text()}`);
      return ((await response.json()) as { token: string }).token;
    },
    stop: async () => {
      child.stdin.end();
      await gone;
    },
  };
}

function appJwt(privateKey: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const unsigned = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iat: now - 60, exp: now + 540, iss: String(ACTIONS_APP) })}`;
  return `${unsigned}.${createSign("RSA-SHA256").update(unsigned).sign(privateKey, "base64url")}`;
}
