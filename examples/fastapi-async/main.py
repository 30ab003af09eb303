import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI, Request
from pydantic import BaseModel


class User(BaseModel):
    user_id: str
    username: str
    email: str


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=5, max_size=5) as pool:
        if not await pool.fetchval('SELECT EXISTS (SELECT FROM "user")'):
            raise RuntimeError('the table "user" is empty: run psql "$DATABASE_URL" -f users.sql')
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/")
async def list_users(request: Request) -> list[User]:
    rows = await request.app.state.pool.fetch(
        'SELECT user_id, username, email FROM "user" ORDER BY user_id LIMIT 100'
    )
    return [User(**row) for row in rows]
