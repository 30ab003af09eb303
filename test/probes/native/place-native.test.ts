import { expect, test } from "vitest";
import { placeNative, type NativeFunction } from "../../../src/probes/native/place-native.js";

const OWN = { goModules: ["example.com/users"], rustCrates: new Set(["users_axum"]) };
const NO_MANIFEST = { goModules: [], rustCrates: new Set<string>() };

function place(
  name: string,
  {
    own = OWN,
    object = "/code/target/server",
    isGo = false,
    ...rest
  }: Partial<NativeFunction> & { own?: typeof OWN } = {},
): string {
  const found = placeNative({ name, object, isGo, file: null, line: null, ...rest }, "/code", own);
  return `${found.origin} ${found.file ?? "-"}:${found.line ?? "-"} ${found.name}`;
}

test.each([
  ["main.work.func1", "repository -:- main.work.func1"],
  ["example.com/users/store.(*Store).Find", "repository -:- example.com/users/store.(*Store).Find"],
  ["example.com/users.Map[go.shape.int]", "repository -:- example.com/users.Map[go.shape.int]"],
  ["github.com/jackc/pgx/v5.(*Conn).Query", "dependency -:- github.com/jackc/pgx/v5.(*Conn).Query"],
  ["gopkg.in/yaml%2ev3.Unmarshal", "dependency -:- gopkg.in/yaml.v3.Unmarshal"],
  [
    "slices.SortFunc[go.shape.[]github.com/x/y.T]",
    "runtime -:- slices.SortFunc[go.shape.[]github.com/x/y.T]",
  ],
  ["runtime.goexit.abi0", "runtime -:- runtime.goexit"],
  ["net/http.(*conn).serve", "runtime -:- net/http.(*conn).serve"],
])("whose a function of Go is stands in its name: %s", (name, said) => {
  expect(place(name, { isGo: true })).toBe(said);
});

test.each([
  ["users_axum::list_users::{{closure}}", "repository"],
  ["<users_axum::User as serde_core::ser::Serialize>::serialize", "repository"],
  ["<F as axum::handler::Handler<(M,T1),S>>::call::{{closure}}", "dependency"],
  ["<&mut serde_json::ser::Serializer<W,F> as serde_core::ser::Serializer>::serialize_str", "dependency"],
  ["core::ptr::drop_in_place<users_axum::User>", "runtime"],
  ["<alloc::vec::Vec<T,A> as core::ops::drop::Drop>::drop", "runtime"],
  ["<str>::to_lowercase", "runtime"],
  ["<[u8]>::copy_from_slice", "runtime"],
  ["<str as users_axum::Slug>::slug", "repository"],
  ["ring_core_0_17_8_x25519", "dependency"],
])("whose a function of Rust is, its crate tells: %s", (name, origin) => {
  expect(place(name)).toMatch(new RegExp(`^${origin} `));
});

test.each([
  ["handle", {}, "repository -:- handle"],
  ["std::vector<int>::push_back", {}, "runtime -:- std::vector<int>::push_back"],
  ["deflate", { object: "/usr/lib/libz.so.1.3" }, "dependency libz.so.1.3:- deflate"],
  ["malloc", { object: "/usr/lib/x86_64-linux-gnu/libc.so.6" }, "runtime -:- malloc"],
  ["handle", { file: "/code/src/a.c", line: 7 }, "repository src/a.c:7 handle"],
  ["inflate", { file: "/opt/zlib/src/inflate.c", line: 7 }, "dependency zlib/src/inflate.c:7 inflate"],
  ["", { object: "/usr/sbin/nginx" }, "dependency nginx:- "],
])("whose a function of C or C++ is, its file or its library tells: %s %j", (name, rest, said) => {
  expect(place(name, { own: NO_MANIFEST, ...rest })).toBe(said);
});

test("a file is named from the checkout's root, also where the compiler left the checkout's path out", () => {
  expect(place("main.work", { isGo: true, file: "/code/cmd/main.go", line: 3 })).toContain(" cmd/main.go:3 ");
  expect(place("main.work", { isGo: true, file: "example.com/users/cmd/main.go", line: 3 })).toContain(
    " cmd/main.go:3 ",
  );
  expect(place("map<users_axum::User>", { file: "/rustc/5980/library/core/src/option.rs" })).toMatch(
    /^runtime /,
  );
  // Expanded from a macro of the standard library.
  expect(place("users_axum::f", { file: "/rustc/5980/library/core/src/result.rs", line: 9 })).toContain(
    " -:- ",
  );
});
