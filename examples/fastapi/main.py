import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy import create_engine, exists, make_url, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

# Hosts give DATABASE_URL as postgres:// or postgresql://, which names no driver.
url = make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql+psycopg")
engine = create_engine(url, pool_size=5, max_overflow=0)


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"

    user_id: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(unique=True)


class UserOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    user_id: str
    username: str
    email: str


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    with Session(engine) as session:
        if not session.scalar(select(exists().select_from(User))):
            raise RuntimeError('the table "user" is empty: run psql "$DATABASE_URL" -f users.sql')
    yield
    engine.dispose()


def open_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


app = FastAPI(lifespan=lifespan)


@app.get("/", response_model=list[UserOut])
def list_users(session: Annotated[Session, Depends(open_session)]):
    return session.scalars(select(User).order_by(User.user_id).limit(100)).all()
