import type { Guess, Snapshot } from "../snapshot.js";
import { djangoRoutes } from "./django-routes.js";
import { goRoutes } from "./go-routes.js";
import { nodeRoutes } from "./node-routes.js";
import { javaRoutes, railsRoutes } from "./other-routes.js";
import { pythonRoutes } from "./python-routes.js";
import type { Route } from "./route.js";
import { rustRoutes } from "./rust-routes.js";

/** Requests without a body and without parameters that the sources declare: path, and where. */
export interface RouteGuesses {
  readonly paths: readonly Guess[];
  /** Those that seem to want a login. */
  readonly guarded: readonly Guess[];
  /** Declared on a router that is mounted elsewhere, so that a part of their path is not known. */
  readonly mounted: readonly Guess[];
}

export function guessRoutes(snapshot: Snapshot, sources: readonly string[], autoload: boolean): RouteGuesses {
  const of = (extension: RegExp): string[] => sources.filter((path) => extension.test(path));
  const routes: readonly Route[] = [
    ...nodeRoutes(snapshot, of(/\.[cm]?[jt]s$/), autoload),
    ...pythonRoutes(snapshot, of(/\.py$/)),
    ...djangoRoutes(snapshot, of(/\.py$/)),
    ...rustRoutes(snapshot, of(/\.rs$/)),
    ...goRoutes(snapshot, of(/\.go$/)),
    ...javaRoutes(snapshot, of(/\.(java|kt|properties)$/)),
    ...(sources.some((path) => path.endsWith(".rb")) ? railsRoutes(snapshot) : []),
  ];
  const known = routes.filter(({ mounted }) => !mounted);
  return {
    paths: unique(known.filter(({ login }) => !login)),
    guarded: unique(known.filter(({ login }) => login)),
    mounted: unique(routes.filter(({ mounted }) => mounted)),
  };
}

function unique(routes: readonly Route[]): Guess[] {
  const guesses = routes.map(({ path, from }) => ({ value: path, from }));
  return [...new Map(guesses.toReversed().map((guess) => [guess.value, guess])).values()].toReversed();
}
