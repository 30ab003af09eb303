import { expect, test } from "vitest";
import { TailgateError } from "../../../src/error.js";
import { setUpOnce } from "../../../src/run/arms/set-up-once.js";

test("what is set up once is run for the first arm that has it, and for no other", async () => {
  const once = setUpOnce();
  const ran: string[] = [];
  for (const command of [undefined, "one", "two", "one"]) {
    await once.run(command, (given) => Promise.resolve(ran.push(given)));
  }
  expect(ran).toEqual(["one"]);
  expect(once.failure).toBeNull();
});

test("a failure of what is set up once is kept, and it is not tried again", async () => {
  const once = setUpOnce();
  const error = new TailgateError("service", "base: setup-once ended with code 1", "Mend it.");
  await expect(once.run("one", () => Promise.reject(error))).rejects.toBe(error);
  await once.run("one", () => Promise.reject(new Error("again")));
  expect(once.failure).toBe(error);
});
