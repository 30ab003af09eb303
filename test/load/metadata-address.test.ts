import { expect, test } from "vitest";
import { isMetadataAddress, isMetadataName } from "../../src/load/metadata-address.js";

test.each([
  "169.254.169.254",
  "169.254.170.2",
  "100.100.100.200",
  "168.63.129.16",
  "[fd00:ec2::254]",
  "fe80::1",
  "::ffff:169.254.169.254",
  "::ffff:a9fe:a9fe",
])("%s is where a cloud hands out credentials", (address) => {
  expect(isMetadataAddress(address)).toBe(true);
});

test.each([
  "127.0.0.1",
  "::1",
  "10.0.0.1",
  "192.168.1.1",
  "169.253.1.1",
  "100.100.100.201",
  "fd00:ec2::25",
  "::ffff:127.0.0.1",
])("%s is an address like any other", (address) => {
  expect(isMetadataAddress(address)).toBe(false);
});

test("names of metadata services are known in any case, with and without the last dot", () => {
  expect(isMetadataName("Metadata.Google.Internal.")).toBe(true);
  expect(isMetadataName("localhost")).toBe(false);
});
