import { type ProjectGuess, type Snapshot, startOnly } from "./snapshot.js";
import { toldPort } from "./told-port.js";

/** A service with Rails or another framework of Rack; `null` where there is no Gemfile. */
export function guessRuby({ texts, paths }: Snapshot): ProjectGuess | null {
  const gemfile = texts.get("Gemfile");
  if (gemfile === undefined) return null;
  const has = (gem: string): boolean => new RegExp(`^\\s*gem ["']${gem}["']`, "m").test(gemfile);
  const rails = has("rails");
  const rack = paths.includes("config.ru");
  const lock = paths.includes("Gemfile.lock") ? "Gemfile.lock" : "Gemfile";
  const server = has("puma") || rails ? "bundle exec puma -p {port}" : "bundle exec rackup -p {port}";
  return {
    language: "ruby",
    build: { value: "bundle config set --local path vendor/bundle && bundle install", from: lock },
    start: rails || rack ? { value: server, from: rack ? "config.ru" : "Gemfile (rails)" } : null,
    setup:
      rails && paths.some((path) => path.startsWith("db/"))
        ? [{ value: "bin/rails db:prepare", from: "db/" }]
        : [],
    envFile: null,
    serves: rails || rack,
    deployed: (command) => startOnly(toldPort(command)),
    extensions: [".rb"],
    steps: [{ uses: "ruby/setup-ruby@v1", with: {} }],
    unknown: [],
    portFrom: null,
  };
}
