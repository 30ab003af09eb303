import type { Shape } from "./shape.js";

/** Services in Go, Rust, Java and Ruby as public repositories have them. */
export const OTHER_SHAPES: readonly Shape[] = [
  {
    name: "Go with echo, groups handed to functions",
    files: {
      "go.mod": "module example.com/conduit\n",
      "main.go":
        'package main\n\nfunc main() {\n\tr := router.New()\n\tv1 := r.Group("/api")\n\th.Register(v1)\n\tr.Logger.Fatal(r.Start("127.0.0.1:8585"))\n}\n',
      "handler/routes.go":
        'package handler\n\nimport "github.com/labstack/echo/v4"\n\nfunc (h *Handler) Register(v1 *echo.Group) {\n\tjwtMiddleware := middleware.JWT(utils.JWTSecret)\n\tuser := v1.Group("/user", jwtMiddleware)\n\tuser.GET("", h.CurrentUser)\n\ttags := v1.Group("/tags")\n\ttags.GET("", h.Tags)\n}\n',
      "handler/user_test.go": 'e.GET("/never", h)\n',
    },
    build: "go build -o bin/service .",
    start: "bin/service",
    port: 8585,
    paths: ["/api/tags"],
  },
  {
    name: "Go with gin in a go.work, which listens by Run()",
    folder: "services/books",
    files: {
      "go.work": "use ./services/books\n",
      "services/books/go.mod": "module example.com/books\n",
      "services/books/cmd/server/main.go":
        'package main\n\nimport "github.com/gin-gonic/gin"\n\nfunc main() {\n\tr := gin.Default()\n\tr.GET("/health", health)\n\tapi := r.Group("/api/v1")\n\t{\n\t\tapi.GET("/books", list)\n\t\tapi.GET("/books/:id", one)\n\t\tapi.POST("/books", create)\n\t}\n\tr.Run()\n}\n',
    },
    build: "go build -o bin/service ./cmd/server",
    start: "bin/service",
    port: "told",
    paths: ["/api/v1/books"],
    ready: "/health",
  },
  {
    name: "Go with chi, routes in blocks, the address as a flag",
    files: {
      "go.mod": "module example.com/articles\n",
      "main.go":
        'package main\n\nimport "github.com/go-chi/chi/v5"\n\nvar addr = flag.String("addr", ":3333", "where to listen")\n\nfunc main() {\n\tr := chi.NewRouter()\n\tr.Get("/", root)\n\tr.Route("/articles", func(r chi.Router) {\n\t\tr.With(paginate).Get("/", list)\n\t\tr.Get("/search", search)\n\t\tr.Route("/{id}", func(r chi.Router) {\n\t\t\tr.Get("/", one)\n\t\t})\n\t})\n\tr.Mount("/stats", statsRouter())\n\thttp.ListenAndServe(*addr, r)\n}\n\nfunc statsRouter() chi.Router {\n\tr := chi.NewRouter()\n\tr.Get("/daily", daily)\n\treturn r\n}\n',
    },
    build: "go build -o bin/service .",
    start: "bin/service -addr :{port}",
    port: "told",
    paths: ["/articles", "/articles/search", "/stats/daily"],
  },
  {
    name: "Rust with axum in a member of a Cargo workspace",
    folder: "crates/api",
    files: {
      "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n',
      "Cargo.lock": "",
      "crates/api/Cargo.toml":
        '[package]\nname = "shop-api"\n\n[dependencies]\naxum = { version = "0.8" }\nclap = { version = "4", features = ["derive", "env"] }\n',
      "crates/api/src/main.rs":
        'struct Config {\n    #[clap(long, env)]\n    database_url: String,\n    #[arg(long, env = "API_PORT")]\n    port: u16,\n}\n#[tokio::main]\nasync fn main() {\nlet app = Router::new().route("/ping", get(ping)).nest("/v1", v1::router());\n}\n',
      "crates/api/src/v1.rs":
        'pub fn router() -> Router {\n    Router::new()\n        .route("/orders", get(list).post(create))\n        .route("/orders/{id}", get(one))\n}\n',
      "crates/core/Cargo.toml": '[package]\nname = "core"\n',
    },
    build: "cargo build --release --locked --bin shop-api",
    start: "../../target/release/shop-api",
    port: "API_PORT",
    paths: ["/v1/orders"],
    ready: "/ping",
  },
  {
    name: "Spring Boot by Maven",
    files: {
      "pom.xml": "<parent><artifactId>spring-boot-starter-parent</artifactId></parent>\n",
      mvnw: "#!/bin/sh\n",
      "src/main/resources/application.properties": "server.port=8081\n",
      "src/main/java/app/OwnerController.java":
        'package app;\n\n@RestController\n@RequestMapping("/owners")\npublic class OwnerController {\n    @GetMapping\n    List<Owner> all() {}\n\n    @GetMapping("/{id}")\n    Owner one() {}\n\n    @GetMapping(value = "/top")\n    List<Owner> top() {}\n}\n',
      "src/test/java/app/Test.java": '@GetMapping("/never")\n',
    },
    build: "./mvnw -q -B -DskipTests package",
    start: "java -jar target/*.jar --server.port={port}",
    port: "told",
    paths: ["/owners", "/owners/top"],
  },
  {
    name: "Rails with a namespace",
    files: {
      Gemfile: 'gem "rails", "~> 8.0"\ngem "puma"\n',
      "Gemfile.lock": "",
      "config.ru": "run Rails.application\n",
      "db/schema.rb": "",
      "config/routes.rb":
        'Rails.application.routes.draw do\n  get "up" => "rails/health#show"\n  namespace :api do\n    resources :articles, only: [:index, :show] do\n      resources :comments\n    end\n    resources :users, except: [:index]\n  end\nend\n',
      "config/puma.rb": 'port ENV.fetch("PORT", 3000)\n',
    },
    build: "bundle config set --local path vendor/bundle && bundle install",
    start: "bundle exec puma -p {port}",
    port: "told",
    paths: ["/api/articles"],
    ready: "/up",
  },
];
