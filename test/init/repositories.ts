/* Small repositories, each as far as it tells something: path -> content. */

export type Files = Readonly<Record<string, string>>;

const FASTIFY_DOCS: Files = {
  "package.json": JSON.stringify({
    scripts: { start: "node server.js" },
    dependencies: { fastify: "5" },
  }),
  "package-lock.json": "{}",
  "server.js":
    "import Fastify from 'fastify'\nconst fastify = Fastify()\nfastify.get('/', async () => ({ hello: 'world' }))\nawait fastify.listen({ port: 3000 })\n",
};

const FASTIFY_CLI: Files = {
  "package.json": JSON.stringify({
    main: "app.js",
    scripts: { test: "node --test", start: "fastify start -l info app.js", dev: "fastify start -w app.js" },
    dependencies: { fastify: "5", "fastify-cli": "7", "@fastify/autoload": "6" },
  }),
  "package-lock.json": "{}",
  "app.js": "module.exports = async function (fastify, opts) {}\n",
  "routes/root.js":
    "module.exports = async (fastify) => { fastify.get('/', async () => ({ root: true })) }\n",
  "routes/example/index.js":
    "module.exports = async (fastify) => { fastify.get('/', async () => 'example') }\n",
  "test/routes/root.test.js": "app.get('/never')\n",
};

const EXPRESS_TYPESCRIPT: Files = {
  "package.json": JSON.stringify({
    engines: { node: ">=22" },
    scripts: { build: "tsc", start: "node --watch dist/server.js" },
    dependencies: { express: "5", pg: "8" },
  }),
  "yarn.lock": "# yarn lockfile v1\n",
  "src/server.ts":
    'import express from "express";\nconst app = express();\napp.get("/health", (q, r) => r.send("ok"));\napp.get("/users", (q, r) => r.json([]));\napp.get("/users/:id", (q, r) => r.json({}));\nconnect(process.env.DATABASE_URL);\napp.listen(process.env.PORT ?? 3000);\n',
  "compose.yaml": "services:\n  api: { build: . }\n  db: { image: 'postgres:17' }\n",
};

const FASTAPI: Files = {
  "requirements.txt": "fastapi==0.115\nuvicorn[standard]>=0.30\nasyncpg\n",
  "src/shop/main.py":
    'import os\nfrom fastapi import FastAPI\n\napp = FastAPI(title="Shop")\nurl = os.environ["DATABASE_URL"]\n\n@app.get("/healthz")\nasync def health():\n    return {}\n\n@app.get("/orders")\nasync def orders():\n    return []\n\n@app.get("/orders/{id}")\nasync def order(id: int):\n    return {}\n\n@app.post("/orders")\nasync def create():\n    return {}\n',
  "tests/test_main.py": '@app.get("/never")\n',
};

const FASTAPI_UV: Files = {
  "pyproject.toml": '[project]\nname = "api"\ndependencies = ["fastapi[standard]>=0.115"]\n',
  "uv.lock": "",
  ".python-version": "3.13\n",
  "main.py": "from fastapi import FastAPI\napp: FastAPI = FastAPI()\n",
  "items.py":
    'from fastapi import APIRouter\nrouter = APIRouter(prefix="/items")\n\n@router.get("/")\ndef items():\n    return []\n',
};

const FLASK_FACTORY: Files = {
  "requirements.txt": "flask\ngunicorn\n",
  "app/__init__.py":
    "from flask import Flask\n\ndef create_app():\n    app = Flask(__name__)\n    return app\n",
};

const DJANGO: Files = {
  "pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.12"\ndjango = "^5"\n',
  "poetry.lock": "",
  "manage.py": "#!/usr/bin/env python\n",
  "shop/wsgi.py": "application = get_wsgi_application()\n",
};

const AXUM: Files = {
  "Cargo.toml": '[package]\nname = "users-api"\n\n[dependencies]\naxum = "0.8"\n',
  "Cargo.lock": "",
  "src/main.rs":
    'let app = Router::new().route("/", get(root)).route("/users", get(list).post(create)).route("/users/{id}", get(one));\nlet port = std::env::var("PORT").unwrap();\n',
};

const ACTIX_WORKSPACE: Files = {
  "Cargo.toml": '[workspace]\nmembers = ["api", "core"]\n',
  "Cargo.lock": "",
  "api/Cargo.toml":
    '[package]\nname = "api"\n\n[[bin]]\nname = "server"\npath = "src/main.rs"\n\n[dependencies]\nactix-web = "4"\n',
  "api/src/main.rs":
    '#[get("/hello")]\nasync fn hello() {}\nHttpServer::new(app).bind(("127.0.0.1", 8080))?.run().await\n',
  "core/Cargo.toml": '[package]\nname = "core"\n',
};

const ROCKET: Files = {
  "Cargo.toml": '[package]\nname = "hello"\n[dependencies]\nrocket = "0.5"\n',
  "src/main.rs": '#[get("/")]\nfn index() -> &\'static str { "Hello" }\n',
};

const GO: Files = {
  "go.mod": "module example.com/api\n",
  "cmd/migrate/main.go": "package main\n\nfunc main() {\n}\n",
  "cmd/api/main.go":
    'package main\n\nfunc main() {\n\tmux.HandleFunc("GET /ping", ping)\n\tmux.HandleFunc("GET /users", users)\n\thttp.ListenAndServe(":"+os.Getenv("API_PORT"), mux)\n}\n',
};

const PROCFILE: Files = {
  "package.json": JSON.stringify({ dependencies: { koa: "3" } }),
  "package-lock.json": "{}",
  Procfile: "release: node migrate.js\nweb: node web.js --port $PORT\n",
  "web.js": "app.listen(80)\n",
};

const DOCKERFILE: Files = {
  Dockerfile:
    'FROM gcc AS build\nCMD ["make"]\n\nFROM debian\nENTRYPOINT ["./server"]\nCMD ["--log", "my log"]\n',
};

const OPENAPI: Files = {
  ...FASTIFY_DOCS,
  "docs/openapi.yaml":
    "openapi: 3.1.0\nservers: [{ url: https://api.example.com/v2 }]\npaths:\n  /pets:\n    get: {}\n  /pets/{id}:\n    get: {}\n  /search:\n    get: { parameters: [{ name: q, in: query, required: true }] }\n  /health:\n    get: {}\n  /orders:\n    post: {}\n",
};

const NOTHING: Files = { "README.md": "# Hello\n" };

const BROKEN: Files = { "package.json": "{ not json", "Cargo.toml": "not = = toml", "go.mod": "" };

const HOSTILE: Files = {
  "package.json": JSON.stringify({
    scripts: { start: "node 'a\nb.js' # ${{ secrets.TOKEN }}\u202e" },
    main: "x\ny.js",
    dependencies: { __proto__: "1", constructor: "1" },
  }),
  "we: ird\n- name.js":
    "app.listen(process.env.PORT)\napp.get('/a#b: c', x)\napp.get('/%7Bport%7D', x)\napp.get('//evil.example/x', x)\napp.get('/ok', x)",
};

export const REPOSITORIES = {
  FASTIFY_DOCS,
  FASTIFY_CLI,
  EXPRESS_TYPESCRIPT,
  FASTAPI,
  FASTAPI_UV,
  FLASK_FACTORY,
  DJANGO,
  AXUM,
  ACTIX_WORKSPACE,
  ROCKET,
  GO,
  PROCFILE,
  DOCKERFILE,
  OPENAPI,
  NOTHING,
  BROKEN,
  HOSTILE,
} satisfies Record<string, Files>;
