import { type ProjectGuess, type Snapshot, startOnly } from "./snapshot.js";

/** A service with Spring Boot, Quarkus or Micronaut, built by Maven or Gradle; `null` where there is neither. */
export function guessJava(snapshot: Snapshot): ProjectGuess | null {
  const { texts, paths } = snapshot;
  const manifest = ["pom.xml", "build.gradle.kts", "build.gradle"].find((path) => texts.has(path));
  if (manifest === undefined) return null;
  const text = texts.get(manifest)!;
  const framework = /spring-boot|org\.springframework\.boot/.test(text)
    ? "spring"
    : /io\.quarkus/.test(text)
      ? "quarkus"
      : null;
  const maven = manifest === "pom.xml";
  const wrapper = maven ? "mvnw" : "gradlew";
  const tool = paths.includes(wrapper) ? `./${wrapper}` : maven ? "mvn" : "gradle";
  const build = maven
    ? `${tool} -q -B -DskipTests package`
    : framework === "quarkus"
      ? `${tool} -q quarkusBuild`
      : `${tool} -q bootJar`;
  const output = maven ? "target" : "build";
  // Without a version in its name there is one of it; sources and plain classes lie beside it.
  const jar =
    framework === "quarkus"
      ? `${output}/quarkus-app/quarkus-run.jar`
      : maven
        ? "target/*.jar"
        : "$(ls build/libs/*.jar | grep -v plain)";
  return {
    language: "java",
    build: framework === null ? null : { value: build, from: manifest },
    start:
      framework === null
        ? null
        : framework === "spring"
          ? { value: `java -jar ${jar} --server.port={port}`, from: `${manifest} (Spring Boot)` }
          : { value: `java -Dquarkus.http.port={port} -jar ${jar}`, from: `${manifest} (Quarkus)` },
    setup: [],
    envFile: null,
    serves: framework !== null,
    deployed: (command) => (framework === null ? startOnly(command) : null),
    extensions: [".java", ".kt", ".properties"],
    steps: [],
    unknown:
      framework === null
        ? [`${manifest} names no framework that is known here: which command starts the service?`]
        : [],
    portFrom: null,
  };
}
