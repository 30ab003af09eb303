import { TailgateError } from "../../error.js";
import { RUN_LABEL } from "../container/container.js";

/**
 * A compose file as `docker compose config --format json` resolves it: variables, env files, `extends` and profiles are
 * settled, paths absolute, and every `$` doubled. Only what Tailgate reads or changes has a type; the rest passes through.
 */
export interface ComposeProject {
  readonly name?: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks?: Readonly<Record<string, Shared | null>>;
  readonly volumes?: Readonly<Record<string, Shared | null>>;
  readonly [other: string]: unknown;
}

interface Shared {
  readonly name?: string;
  readonly external?: unknown;
  readonly labels?: Readonly<Record<string, string>>;
  readonly [other: string]: unknown;
}

interface ComposeService {
  readonly image?: string;
  readonly build?: Readonly<Record<string, unknown>>;
  readonly container_name?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition?: string }>>;
  readonly ports?: readonly {
    readonly target: number;
    readonly protocol?: string;
    readonly host_ip?: string;
    readonly published?: string;
  }[];
  readonly expose?: readonly string[];
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly networks?: Readonly<Record<string, Attachment | null>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly deploy?: Readonly<Record<string, unknown>>;
  readonly [other: string]: unknown;
}

interface Attachment {
  readonly aliases?: readonly string[];
  readonly [other: string]: unknown;
}

/** Whose a project is: its containers, networks, volumes and images carry the labels, so that they are found again. */
export interface ProjectOwner {
  readonly runId: string;
  readonly arm: string;
  /** Of the project, and the beginning of every name in it. */
  readonly name: string;
}

/** Two arms at once would collide in them, or they start again what has ended. */
const NOT_TAKEN_OVER = [
  "container_name",
  "ports",
  "restart",
  "scale",
  "pull_policy",
  "profiles",
  "mac_address",
];
/** A fixed address belongs to one of two networks at most. */
const FIXED_ADDRESSES = ["ipv4_address", "ipv6_address", "link_local_ips", "mac_address"];

/**
 * The project of an arm, which shares nothing with the other arm's: no port of the machine, and names of its own for
 * containers, networks, volumes and images that are built.
 *
 * @param project - resolved, with the service under test and what it depends on
 * @throws TailgateError "service" where the file insists on something that two arms cannot have at once
 */
export function armProject(project: ComposeProject, owner: ProjectOwner): ComposeProject {
  const labels = { [RUN_LABEL]: owner.runId, "tailgate.arm": owner.arm.replaceAll("$", "$$$$") };
  const named = (key: string): string => `${owner.name}_${key}`;
  for (const [key, volume] of Object.entries(project.volumes ?? {})) {
    if (isExternal(volume))
      throw refused(
        owner.arm,
        `the volume \`${key}\` is external, and both arms would write into it`,
        "Give them a volume of the project, and fill it in service.setup; a second compose file for tests can say so.",
      );
  }
  return {
    ...project,
    name: owner.name,
    services: mapped(project.services, (service, key) => armService(service, key, owner, labels)),
    networks: mapped(project.networks ?? {}, (network, key) => {
      const kept = without(network ?? {}, ["external", "ipam"]);
      return {
        ...(isExternal(network) ? {} : kept),
        name: named(key),
        labels: { ...network?.labels, ...labels },
      };
    }),
    volumes: mapped(project.volumes ?? {}, (volume, key) => ({
      ...volume,
      name: named(key),
      labels: { ...volume?.labels, ...labels },
    })),
  };
}

function armService(
  service: ComposeService,
  key: string,
  { arm, name }: ProjectOwner,
  labels: Readonly<Record<string, string>>,
): ComposeService {
  if (service["network_mode"] === "host") {
    throw refused(
      arm,
      `\`${key}\` has \`network_mode: host\`, where both arms would want the same ports`,
      "Remove it for tests: services of a project reach one another by their names.",
    );
  }
  const kept = without(service, NOT_TAKEN_OVER);
  const deploy = without(service.deploy ?? {}, ["replicas", "restart_policy"]);
  return {
    ...kept,
    ...(service.deploy === undefined ? {} : { deploy }),
    ...(service.build === undefined
      ? {}
      : {
          // Of one name, the image that is built last would be both arms'.
          image: `${name}-${key}`,
          build: {
            ...without(service.build, ["tags"]),
            labels: { ...asLabels(service.build["labels"]), ...labels },
          },
        }),
    ...(service.networks === undefined
      ? {}
      : { networks: mapped(service.networks, (network) => attached(network, service.container_name)) }),
    labels: { ...service.labels, ...labels },
  };
}

/** Others may reach a container by the name that is taken from it. */
function attached(network: Attachment | null, formerName: string | undefined): Attachment | null {
  const kept = without(network ?? {}, FIXED_ADDRESSES);
  if (formerName === undefined) return network === null ? null : kept;
  return { ...kept, aliases: [...(network?.aliases ?? []), formerName] };
}

function asLabels(labels: unknown): Readonly<Record<string, string>> {
  return typeof labels === "object" && labels !== null && !Array.isArray(labels)
    ? (labels as Readonly<Record<string, string>>)
    : {};
}

function isExternal(shared: Shared | null): boolean {
  return shared?.external !== undefined && shared.external !== false;
}

/** A copy of an object in which these keys, all of them optional, are left out. */
export function without<T extends object>(whole: T, keys: readonly string[]): T {
  return Object.fromEntries(Object.entries(whole).filter(([key]) => !keys.includes(key))) as T;
}

function mapped<T, R>(
  record: Readonly<Record<string, T>>,
  change: (value: T, key: string) => R,
): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

function refused(arm: string, what: string, hint: string): TailgateError {
  return new TailgateError("service", `${arm}: in service.compose, ${what}.`, hint);
}
