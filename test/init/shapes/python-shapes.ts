import type { Shape } from "./shape.js";

/** Python services as public repositories have them. */
export const PYTHON_SHAPES: readonly Shape[] = [
  {
    name: "Flask with a factory, blueprints and a Procfile",
    files: {
      Procfile: "web: gunicorn autoapp:app -b 0.0.0.0:$PORT -w 3\nrelease: flask db upgrade\n",
      "requirements.txt": "-r requirements/prod.txt\n",
      "requirements/prod.txt": "Flask==3.0\ngunicorn\nFlask-Migrate\n",
      "autoapp.py": "from conduit.app import create_app\n\napp = create_app(ProdConfig)\n",
      "conduit/__init__.py": "",
      "conduit/app.py":
        "from conduit import articles, user\n\ndef create_app(config):\n    app = Flask(__name__)\n    app.register_blueprint(articles.views.blueprint)\n    app.register_blueprint(user.blueprint, url_prefix='/api')\n    return app\n",
      "conduit/articles/__init__.py": "from . import views\n",
      "conduit/articles/views.py":
        "from flask import Blueprint\n\nblueprint = Blueprint('articles', __name__, url_prefix='/api')\n\n@blueprint.route('/articles', methods=('GET',))\n@jwt_optional\ndef list():\n    pass\n\n@blueprint.route('/articles', methods=('POST',))\n@jwt_required\ndef make():\n    pass\n",
      "conduit/user.py":
        "blueprint = Blueprint('user', __name__)\n\n@blueprint.route('/tags')\ndef tags():\n    pass\n",
    },
    build: "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt",
    start: ".venv/bin/gunicorn autoapp:app -b 0.0.0.0:$PORT -w 3",
    port: "told",
    paths: ["/api/articles", "/api/tags"],
  },
  {
    name: "Flask whose server stands in an extra of the project",
    files: {
      "pyproject.toml":
        '[project]\nname = "bin"\ndependencies = ["flask >= 2.2"]\n[project.optional-dependencies]\ntest = ["pytest"]\nmainapp = ["gunicorn", "gevent"]\n',
      "bin/__init__.py": "",
      "bin/core.py":
        "from flask import Flask\n\napp = Flask(__name__)\n\n@app.route('/html')\ndef html():\n    pass\n",
    },
    build: "python3 -m venv .venv && .venv/bin/pip install '.[mainapp]'",
    start: ".venv/bin/gunicorn --bind 127.0.0.1:{port} 'bin.core:app'",
    port: "told",
    paths: ["/html"],
  },
  {
    name: "FastAPI in a uv workspace, routers below a setting's prefix",
    folder: "backend",
    files: {
      "pyproject.toml": '[tool.uv.workspace]\nmembers = ["backend"]\n',
      "uv.lock": "",
      ".env.example": "POSTGRES_SERVER=localhost\n",
      "docker-compose.yml":
        "services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_USER: ${POSTGRES_USER:-postgres}\n      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD?Variable not set}\n  backend:\n    build: backend\n",
      "backend/pyproject.toml":
        '[project]\nname = "app"\ndependencies = ["fastapi[standard]>=0.114", "sqlmodel", "alembic"]\n',
      "backend/alembic.ini": "",
      "backend/Dockerfile":
        'FROM python:3.12\nWORKDIR /app/\nCMD ["fastapi", "run", "--workers", "4", "app/main.py"]\n',
      "backend/app/__init__.py": "",
      "backend/app/core/config.py":
        'class Settings(BaseSettings):\n    API_V1_STR: str = "/api/v1"\n    SMTP_PORT: int = 587\n',
      "backend/app/main.py":
        "from fastapi import FastAPI\nfrom app.api.main import api_router\nfrom app.core.config import settings\n\napp = FastAPI()\napp.include_router(api_router, prefix=settings.API_V1_STR)\n",
      "backend/app/api/main.py":
        "from fastapi import APIRouter\nfrom app.api.routes import items, utils\n\napi_router = APIRouter()\napi_router.include_router(items.router)\napi_router.include_router(utils.router)\n",
      "backend/app/api/routes/items.py":
        'router = APIRouter(prefix="/items", tags=["items"])\n\n@router.get("/", response_model=Items)\ndef read_items(\n    session: SessionDep, current_user: CurrentUser, skip: int = 0\n) -> Any:\n    pass\n\n@router.get("/public")\ndef public(session: SessionDep):\n    pass\n',
      "backend/app/api/routes/utils.py":
        'router = APIRouter(prefix="/utils")\n\n@router.get("/health-check/")\nasync def health_check() -> bool:\n    return True\n',
    },
    build: "uv sync --frozen",
    start: "../.venv/bin/fastapi run --workers 4 app/main.py --port {port}",
    port: "told",
    paths: ["/api/v1/items/public"],
    ready: "/api/v1/utils/health-check/",
    setup: "../.venv/bin/alembic upgrade head",
    images: ["postgres:17"],
  },
  {
    name: "Django with Pipenv, gunicorn and the REST framework",
    files: {
      Pipfile: '[packages]\ndjango = "*"\ndjangorestframework = "*"\ngunicorn = "*"\n',
      "Pipfile.lock": "{}",
      "manage.py": "#!/usr/bin/env python\n",
      "shop/settings.py": "SECRET_KEY = 'x'\n",
      "shop/wsgi.py": "application = get_wsgi_application()\n",
      "shop/urls.py":
        'urlpatterns = [\n    path("admin/", admin.site.urls),\n    path("api/", include("catalog.urls")),\n    path("about/", views.about),\n]\n',
      "catalog/urls.py":
        'router = DefaultRouter()\nrouter.register(r"products", ProductViewSet)\nurlpatterns = [\n    path("v1/", include(router.urls)),\n    path("products/<int:pk>/", views.one),\n]\n',
    },
    build: "PIPENV_VENV_IN_PROJECT=1 pipenv sync",
    start: ".venv/bin/gunicorn --bind 127.0.0.1:{port} 'shop.wsgi:application'",
    port: "told",
    paths: ["/api/v1/products/", "/about/"],
  },
  {
    name: "FastAPI with Poetry, started by a Dockerfile without a port, migrations before it",
    files: {
      "pyproject.toml":
        '[tool.poetry.dependencies]\npython = "^3.12"\nfastapi = "*"\nuvicorn = { extras = ["standard"], version = "*" }\n',
      "poetry.lock": "",
      Dockerfile:
        "FROM python:3.12-slim\nWORKDIR /code\nCOPY . /code\nCMD poetry run alembic upgrade head && poetry run uvicorn --host=0.0.0.0 app.main:app\n",
      "app/core/config.py": "import os\nDATABASE_URL = os.getenv('DATABASE_URL')\n",
      "app/main.py":
        "from fastapi import FastAPI\nfrom .routers import todos\n\napp = FastAPI()\napp.include_router(todos.router, prefix='/todos')\n",
      "app/routers/todos.py": "router = APIRouter()\n\n@router.get('')\nasync def all():\n    return []\n",
      ".github/workflows/test.yml":
        "jobs:\n  test:\n    services:\n      postgres:\n        image: postgres:16\n        env: { POSTGRES_PASSWORD: secret, POSTGRES_DB: todos }\n        ports: ['5432:5432']\n",
    },
    build: "POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --no-interaction --no-root",
    start: ".venv/bin/uvicorn --host=0.0.0.0 app.main:app --port {port}",
    port: "told",
    paths: ["/todos"],
    setup: ".venv/bin/alembic upgrade head",
    images: ["postgres:16"],
    addresses: { DATABASE_URL: "postgres://postgres:secret@localhost:5432/todos" },
  },
];
