import { basename } from "node:path";
import type { FunctionOrigin, ProfiledFunction } from "../../model/profile.js";
import { RUNTIME } from "../place-function.js";
import type { OwnCode } from "./own-code.js";

/** A function of machine code, as symbol table and debug information tell of it. */
export interface NativeFunction {
  readonly name: string;
  /** The object file that it stands in; absolute, or "[vdso]". */
  readonly object: string;
  readonly isGo: boolean;
  /** As the compiler wrote it. */
  readonly file: string | null;
  /** Of its definition. */
  readonly line: number | null;
}

/** The kernel's functions as one: which they are says less than who called them. */
export const KERNEL: ProfiledFunction = { name: "kernel", line: null, ...RUNTIME };

/** Whose a function is and how it is called in reports. */
export function placeNative(found: NativeFunction, checkout: string, own: OwnCode): ProfiledFunction {
  const origin = originOf(found, checkout, own);
  const name = found.isGo ? goName(found.name) : found.name;
  if (origin === "runtime") return { name, line: null, ...RUNTIME };
  return {
    name,
    origin,
    ...(origin === "repository" ? ownPlace(found, checkout, own) : foreignPlace(found)),
  };
}

/** Libraries that belong to the system's C and C++. */
const SYSTEM_LIBRARY =
  /^(?:ld-|ld64\.|libc[.-]|libm[.-]|libpthread[.-]|libdl[.-]|librt[.-]|libstdc\+\+|libgcc_s|libc\+\+|libunwind|linux-vdso|\[vdso\])/;
const RUST_LIBRARY = new Set(["core", "alloc", "std", "test", "proc_macro", "hashbrown", "std_detect"]);
/** As the standard library was compiled; elsewhere it is not. */
const RUST_SOURCES = "/rustc/";
const CPP_LIBRARY = /^(?:std|__gnu_cxx|__cxxabiv1|abi)::|^operator (?:new|delete)\b/;

function originOf(found: NativeFunction, checkout: string, own: OwnCode): FunctionOrigin {
  const { name, object, isGo, file } = found;
  if (SYSTEM_LIBRARY.test(basename(object))) return "runtime";
  if (isGo) return originOfGo(goPackage(name), own);
  const isInCheckout = object.startsWith(`${checkout}/`);
  if (isInCheckout && own.rustCrates.size > 0) return originOfRust(name, file, checkout, own);
  if (CPP_LIBRARY.test(name)) return "runtime";
  if (file !== null) return file.startsWith(`${checkout}/`) ? "repository" : "dependency";
  return isInCheckout ? "repository" : "dependency";
}

function originOfGo(ofPackage: string, { goModules }: OwnCode): FunctionOrigin {
  const isOwn = goModules.some((module) => ofPackage === module || ofPackage.startsWith(`${module}/`));
  if (ofPackage === "main" || isOwn) return "repository";
  // Only what was fetched from somewhere begins with the name of a host.
  return ofPackage.split("/", 1)[0]!.includes(".") ? "dependency" : "runtime";
}

function originOfRust(
  name: string,
  file: string | null,
  checkout: string,
  { rustCrates }: OwnCode,
): FunctionOrigin {
  const crate = rustCrate(name);
  // What has no crate is in C, or its debug information tells half of its name.
  if (crate === null) {
    if (file?.startsWith(RUST_SOURCES) === true) return "runtime";
    return file?.startsWith(`${checkout}/`) === true ? "repository" : "dependency";
  }
  if (rustCrates.has(crate)) return "repository";
  return RUST_LIBRARY.has(crate) ? "runtime" : "dependency";
}

/** Package of a function of Go: "net/http" of "net/http.(*conn).serve". The linker writes a dot in the last element as "%2e". */
function goPackage(name: string): string {
  const path = /^[^([]*/.exec(name)![0];
  const from = path.lastIndexOf("/") + 1;
  const dot = path.indexOf(".", from);
  return (dot === -1 ? path : path.slice(0, dot)).replaceAll("%2e", ".");
}

function goName(name: string): string {
  return name.replace(/\.abi(?:0|internal)$/, "").replaceAll("%2e", ".");
}

/**
 * Crate of a function of Rust: that of the type in "<axum::Json<T> as Trait>::f", and of the trait where the type is a
 * parameter or of the language. What "<str>::to_lowercase" and the like do is the standard library's.
 */
function rustCrate(name: string): string | null {
  const path = name.replace(/^[<&([*]*(?:(?:mut|const|dyn) )*/, "");
  const crate = /^([A-Za-z_]\w*)::/.exec(path)?.[1] ?? null;
  if (crate !== null) return crate;
  const trait = /^[^:]*? as ([A-Za-z_]\w*)::/.exec(path)?.[1] ?? null;
  return trait ?? (name.startsWith("<") ? "core" : null);
}

type Place = Pick<ProfiledFunction, "file" | "line">;

const NOWHERE: Place = { file: null, line: null };

function ownPlace({ file, line }: NativeFunction, checkout: string, { goModules }: OwnCode): Place {
  if (file === null) return NOWHERE;
  if (file.startsWith(`${checkout}/`)) return { file: file.slice(checkout.length + 1), line };
  // `go build -trimpath` puts the module in place of the folder.
  const module = goModules.find((one) => file.startsWith(`${one}/`));
  if (module !== undefined) return { file: file.slice(module.length + 1), line };
  // Expanded from a macro of somebody else.
  return NOWHERE;
}

/** Names of Go and Rust tell the package themselves, and folders of packages have versions in their names. */
function foreignPlace({ name, object, isGo, file, line }: NativeFunction): Place {
  if (isGo || rustCrate(name) !== null) return NOWHERE;
  if (file === null) return { file: basename(object), line: null };
  return { file: file.split("/").filter(Boolean).slice(-SHOWN_SEGMENTS).join("/"), line };
}

const SHOWN_SEGMENTS = 3;
