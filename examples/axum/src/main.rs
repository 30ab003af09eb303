mod database;

use std::env;

use anyhow::Context;
use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use serde::Serialize;
use sqlx::{FromRow, PgPool};
use tokio::net::TcpListener;

const LIST_USERS: &str =
    r#"SELECT user_id, username, email FROM "user" ORDER BY user_id LIMIT 100"#;

#[derive(Serialize, FromRow)]
struct User {
    user_id: String,
    username: String,
    email: String,
}

async fn list_users(State(pool): State<PgPool>) -> Result<Json<Vec<User>>, StatusCode> {
    let users = sqlx::query_as(LIST_USERS)
        .fetch_all(&pool)
        .await
        .map_err(failed)?;
    Ok(Json(users))
}

fn failed(error: sqlx::Error) -> StatusCode {
    eprintln!("cannot list users: {error}");
    StatusCode::INTERNAL_SERVER_ERROR
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let port: u16 = env::var("PORT")
        .map_or(Ok(3000), |port| port.parse())
        .context("PORT is not a port")?;
    let pool = database::connect().await?;

    let app = Router::new().route("/", get(list_users)).with_state(pool);
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
