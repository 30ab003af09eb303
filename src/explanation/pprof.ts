import { Writer } from "protobufjs/minimal.js";
import type { ArmProfile } from "../model/profile.js";
import { shownName } from "./match-functions.js";

/** A field of a protobuf message that holds bytes, a string or a message. */
const HOLDS_BYTES = 2;

/** Fields of the messages below. Source: github.com/google/pprof, proto/profile.proto. */
const PROFILE = { sampleType: 1, sample: 2, location: 4, function: 5, strings: 6, periodType: 11 } as const;
const VALUE_TYPE = { type: 1, unit: 2 } as const;
const SAMPLE = { locations: 1, values: 2 } as const;
const LOCATION = { id: 1, line: 4 } as const;
const LINE = { function: 1 } as const;
const FUNCTION = { id: 1, name: 2, file: 4, startLine: 5 } as const;

const NS_PER_US = 1000;

/**
 * A profile in the form of `go tool pprof`, not yet compressed: one sample for each call path, with its CPU in
 * nanoseconds. `null` when nothing was sampled.
 */
export function pprofBytes({ functions, cpu }: ArmProfile): Uint8Array | null {
  if (cpu === null) return null;
  const strings = new Map([["", 0]]);
  const stringAt = (text: string): number => {
    const known = strings.get(text) ?? strings.size;
    strings.set(text, known);
    return known;
  };
  const writer = Writer.create();
  const valueType = (field: number): void => {
    message(writer, field, (type) => {
      number(type, VALUE_TYPE.type, stringAt("cpu"));
      number(type, VALUE_TYPE.unit, stringAt("nanoseconds"));
    });
  };
  valueType(PROFILE.sampleType);
  valueType(PROFILE.periodType);
  for (const { frames, cpuUs } of cpu.stacks) {
    message(writer, PROFILE.sample, (sample) => {
      // Innermost first; ids begin with 1.
      for (const frame of [...frames].reverse()) number(sample, SAMPLE.locations, frame + 1);
      number(sample, SAMPLE.values, Math.round(cpuUs * NS_PER_US));
    });
  }
  for (const [place, one] of functions.entries()) {
    const { name, file, line } = shownName(one);
    const id = place + 1;
    message(writer, PROFILE.location, (location) => {
      number(location, LOCATION.id, id);
      message(location, LOCATION.line, (at) => {
        number(at, LINE.function, id);
      });
    });
    message(writer, PROFILE.function, (found) => {
      number(found, FUNCTION.id, id);
      number(found, FUNCTION.name, stringAt(name === "" ? "(anonymous)" : name));
      number(found, FUNCTION.file, stringAt(file ?? ""));
      number(found, FUNCTION.startLine, line ?? 0);
    });
  }
  for (const text of strings.keys()) writer.uint32(tagOf(PROFILE.strings, HOLDS_BYTES)).string(text);
  return writer.finish();
}

function message(writer: Writer, field: number, write: (inner: Writer) => void): void {
  writer.uint32(tagOf(field, HOLDS_BYTES)).fork();
  write(writer);
  writer.ldelim();
}

function number(writer: Writer, field: number, value: number): void {
  writer.uint32(tagOf(field, 0)).int64(value);
}

function tagOf(field: number, kind: number): number {
  return (field << 3) | kind;
}
