import { addressFor, exampleFile, valuesIn } from "./deployment/variables.js";
import { type NeededService, surroundings } from "./deployment/services.js";
import { variablesRead } from "./port.js";
import { placeOf, type Guess, type ProjectGuess, type Snapshot } from "./snapshot.js";

/** A variable that leads to another service, such as DATABASE_URL. */
export interface NeededVariable extends Guess {
  /** Where it should lead in the workflow that is proposed; `null` where that cannot be told. */
  readonly address: string | null;
}

/** What the service needs beside itself. */
export interface Needs {
  readonly variables: readonly NeededVariable[];
  /** Databases and the like for the workflow to start. */
  readonly services: readonly NeededService[];
  /** A committed file of variables. */
  readonly envFile: Guess | null;
  readonly unknown: readonly string[];
}

const LEADS_ELSEWHERE =
  /^((DATABASE|DB|PG|POSTGRES(QL)?|MYSQL|MARIADB|MONGO(DB)?|REDIS|VALKEY|TURSO|LIBSQL|AMQP|RABBITMQ|KAFKA|ELASTICSEARCH|SQLALCHEMY)_?(DATABASE_)?(URL|URI|DSN|HOST|SERVER|CONNECTION(_STRING)?|BROKERS)|PGDATABASE)$/;

/** Looks at what sources read, and at what compose files, workflows and example files set. */
export function guessNeeds(snapshot: Snapshot, project: ProjectGuess | null, named: Guess | null): Needs {
  const around = surroundings(snapshot);
  const example = exampleFile(snapshot);
  const values = valuesIn(snapshot.texts.get(example ?? "") ?? "");
  const read = project === null ? new Map<string, never>() : variablesRead(snapshot, project);
  const variables = [...read]
    .filter(([name]) => LEADS_ELSEWHERE.test(name))
    .map(([name, where]) => ({
      value: name,
      from: placeOf(where),
      address: around.services.length === 0 ? null : addressFor(name, around, values),
    }));
  const envFile = fileOfVariables(snapshot, named, around.envFiles, example);
  return {
    variables,
    services: around.services,
    envFile,
    unknown: [
      ...openQuestions(variables, around.services),
      ...(envFile === null
        ? missingFile(named, around.envFiles)
        : [`${envFile.value} sets variables for base and head alike: are its values fit for a measurement?`]),
    ],
  };
}

/** The file that the start command names, else compose's, else an example; only a committed one is in a checkout. */
function fileOfVariables(
  { paths }: Snapshot,
  named: Guess | null,
  compose: readonly string[],
  example: string | null,
): Guess | null {
  if (named !== null && paths.includes(named.value)) return named;
  const path = compose.map((one) => one.replace(/^\.\//, "")).find((one) => paths.includes(one));
  if (path !== undefined) return { value: path, from: "env_file in the compose file" };
  return example === null ? null : { value: example, from: `${example} is committed` };
}

function missingFile(named: Guess | null, compose: readonly string[]): string[] {
  const file = named?.value ?? compose[0];
  return file === undefined
    ? []
    : [
        `The service reads ${file}, which is not committed: set its variables in the workflow, or commit one for tests and name it as \`service.env-file\`.`,
      ];
}

function openQuestions(variables: readonly NeededVariable[], services: readonly NeededService[]): string[] {
  const open = variables.filter(({ address }) => address === null);
  const images = services.map(({ image, from }) => `${image} (${from})`).join(", ");
  if (open.length > 0) {
    const names = open.map(({ value, from }) => `${value} (${from})`).join(", ");
    const beside = images === "" ? "" : ` The workflow starts ${images}.`;
    return [
      `The service reads ${names}: set it in the workflow and give the job what it leads to, with data that nobody else needs.${beside}`,
    ];
  }
  if (services.length === 0) return [];
  return [
    `The workflow starts ${images}: base and head share it, so both must find the same data, and must not change what the other reads; \`{arm}\` in a database's name keeps them apart.`,
  ];
}
