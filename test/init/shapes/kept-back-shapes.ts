import { json, type Shape } from "./shape.js";

/** Kinds that were made up after the guessing was written, to judge it by what it had not seen. */
export const KEPT_BACK_SHAPES: readonly Shape[] = [
  {
    name: "Fastify with tsx and Yarn workspaces, plugins registered with prefixes, a config module",
    folder: "apps/server",
    files: {
      "package.json": json({ private: true, workspaces: ["apps/*"], packageManager: "yarn@4.5.0" }),
      "yarn.lock": "__metadata:\n  version: 8\n",
      "apps/server/package.json": json({
        name: "@shop/server",
        type: "module",
        scripts: {
          build: "tsc --project tsconfig.json",
          start: "node --import tsx src/server.ts",
          migrate: "knex migrate:latest",
        },
        dependencies: { fastify: "5", knex: "3", pg: "8", tsx: "4" },
        devDependencies: { typescript: "5" },
      }),
      "apps/server/tsconfig.json": '{ "compilerOptions": { "outDir": "lib", "rootDir": "src" } }',
      "apps/server/src/config.ts":
        "export const config = {\n  port: Number(process.env.SERVER_PORT ?? 8080),\n  smtp: { port: Number(process.env.SMTP_PORT ?? 25) },\n  database: process.env.DATABASE_URL,\n};\n",
      "apps/server/src/server.ts":
        "import Fastify from 'fastify';\nimport { orders } from './routes/orders.js';\nimport health from './routes/health.js';\nconst app = Fastify();\nawait app.register(orders, { prefix: '/v1/orders' });\nawait app.register(health);\nawait app.listen({ port: config.port });\n",
      "apps/server/src/routes/orders.ts":
        "export const orders = async (app) => {\n  app.get('/', async () => list());\n  app.get('/recent', { schema }, async () => recent());\n  app.get('/mine', { preHandler: [app.authenticate] }, async () => mine());\n};\n",
      "apps/server/src/routes/health.ts":
        "export default async (app) => { app.get('/healthz', async () => 'ok') };\n",
    },
    build: "yarn install --immutable && yarn run build",
    start: "node lib/server.js",
    port: "SERVER_PORT",
    paths: ["/v1/orders", "/v1/orders/recent"],
    ready: "/healthz",
    setup: "yarn run migrate",
  },
  {
    name: "Django in a folder of its own beside a frontend, started by a shell script of its Dockerfile",
    below: "backend",
    files: {
      "README.md": "# Shop\n",
      "frontend/package.json": json({ scripts: { start: "vite" }, dependencies: { vue: "3" } }),
      "docker-compose.yml":
        "services:\n  backend:\n    build: ./backend\n    environment:\n      - DATABASE_URL=postgres://shop:shop@postgres:5432/shop\n  postgres:\n    image: postgis/postgis:16-3.4\n    environment: { POSTGRES_USER: shop, POSTGRES_PASSWORD: shop }\n",
      "backend/requirements.txt": "Django>=5\ngunicorn\ndj-database-url\n",
      "backend/manage.py": "#!/usr/bin/env python\n",
      "backend/Dockerfile": 'FROM python:3.12\nWORKDIR /srv\nCOPY . .\nENTRYPOINT ["/srv/entrypoint.sh"]\n',
      "backend/entrypoint.sh":
        "#!/bin/sh\nset -e\n# first the tables\npython manage.py migrate --noinput\nexec gunicorn shop.wsgi:application --bind 0.0.0.0:8000 --workers 3\n",
      "backend/shop/settings.py":
        'DATABASES = {"default": dj_database_url.parse(os.environ["DATABASE_URL"])}\n',
      "backend/shop/wsgi.py": "application = get_wsgi_application()\n",
      "backend/shop/urls.py":
        'from django.urls import include, path\nurlpatterns = [path("catalog/", include("catalog.urls")), path("health/", health)]\n',
      "backend/catalog/urls.py":
        'app_name = "catalog"\nurlpatterns = [\n    path("", ListView.as_view(), name="list"),\n    path("popular/", views.popular),\n    path("<slug:slug>/", views.detail),\n]\n',
    },
    build: "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt",
    start: ".venv/bin/gunicorn shop.wsgi:application --bind 127.0.0.1:{port} --workers 3",
    port: "told",
    paths: ["/catalog/", "/catalog/popular/"],
    ready: "/health/",
    setup: ".venv/bin/python manage.py migrate --noinput",
    images: ["postgis/postgis:16-3.4"],
    addresses: { DATABASE_URL: "postgres://shop:shop@localhost:5432/shop" },
  },
  {
    name: "Go with gorilla/mux and an environment struct",
    files: {
      "go.mod": "module example.com/inventory\n",
      Makefile: "run:\n\tgo run ./cmd/inventoryd\n",
      "cmd/inventoryd/main.go":
        'package main\n\ntype Config struct {\n\tListenPort int `env:"HTTP_PORT" envDefault:"8080"`\n\tRedisPort int `env:"REDIS_PORT"`\n}\n\nfunc main() {\n\tsrv := &http.Server{Handler: api.Router()}\n\tlog.Fatal(srv.ListenAndServe())\n}\n',
      "cmd/seed/main.go": "package main\n\nfunc main() {\n\tseed()\n}\n",
      "internal/api/router.go":
        'package api\n\nimport "github.com/gorilla/mux"\n\nfunc Router() http.Handler {\n\tr := mux.NewRouter()\n\tr.HandleFunc("/ready", ready).Methods("GET")\n\tv2 := r.PathPrefix("/v2").Subrouter()\n\tv2.HandleFunc("/items", create).Methods("POST")\n\tv2.HandleFunc("/items", list).Methods("GET")\n\tv2.HandleFunc("/items/{id}", one).Methods(http.MethodGet)\n\treturn r\n}\n',
    },
    build: "go build -o bin/service ./cmd/inventoryd",
    start: "bin/service",
    port: "HTTP_PORT",
    paths: ["/v2/items"],
    ready: "/ready",
  },
  {
    name: "actix-web with scopes, Kotlin beside nothing",
    files: {
      "Cargo.toml": '[package]\nname = "links"\n\n[dependencies]\nactix-web = "4"\nsqlx = "0.8"\n',
      "Cargo.lock": "",
      "src/main.rs":
        'mod routes;\n\n#[actix_web::main]\nasync fn main() -> std::io::Result<()> {\n    let port: u16 = std::env::var("PORT").ok().and_then(|p| p.parse().ok()).unwrap_or(8080);\n    HttpServer::new(|| App::new().service(routes::health).service(web::scope("/api").service(routes::links).service(routes::add)))\n        .bind(("0.0.0.0", port))?\n        .run()\n        .await\n}\n',
      "src/routes.rs":
        '#[get("/health")]\npub async fn health() -> impl Responder {}\n\n#[get("/links")]\npub async fn links() -> impl Responder {}\n\n#[post("/links")]\npub async fn add() -> impl Responder {}\n\n#[get("/links/{id}")]\npub async fn one() -> impl Responder {}\n',
    },
    build: "cargo build --release --locked --bin links",
    start: "target/release/links",
    port: "told",
    paths: ["/api/links"],
    ready: "/health",
  },
  {
    name: "Spring Boot in Kotlin by Gradle, with a context path",
    files: {
      "build.gradle.kts": 'plugins {\n  id("org.springframework.boot") version "3.4.0"\n  kotlin("jvm")\n}\n',
      gradlew: "#!/bin/sh\n",
      "src/main/resources/application.properties":
        "server.servlet.context-path=/shop\nspring.datasource.url=${DB_URL:jdbc:h2:mem:x}\n",
      "src/main/kotlin/app/ProductController.kt":
        'package app\n\n@RestController\n@RequestMapping("/products")\nclass ProductController {\n    @GetMapping\n    fun all(): List<Product> = repository.findAll()\n\n    @GetMapping("/cheap")\n    fun cheap(): List<Product> = repository.cheap()\n\n    @GetMapping("/{id}")\n    fun one(@PathVariable id: Long): Product = repository.findById(id)\n}\n',
    },
    build: "./gradlew -q bootJar",
    start: "java -jar $(ls build/libs/*.jar | grep -v plain) --server.port={port}",
    port: "told",
    paths: ["/shop/products", "/shop/products/cheap"],
  },
];
