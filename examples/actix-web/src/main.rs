mod database;

use std::env;

use actix_web::error::ErrorInternalServerError;
use actix_web::web::{Data, Json};
use actix_web::{App, HttpServer, get};
use anyhow::Context;
use serde::Serialize;
use sqlx::{FromRow, PgPool};

const LIST_USERS: &str =
    r#"SELECT user_id, username, email FROM "user" ORDER BY user_id LIMIT 100"#;

#[derive(Serialize, FromRow)]
struct User {
    user_id: String,
    username: String,
    email: String,
}

#[get("/")]
async fn list_users(pool: Data<PgPool>) -> actix_web::Result<Json<Vec<User>>> {
    let users = sqlx::query_as(LIST_USERS).fetch_all(pool.as_ref()).await;
    users.map(Json).map_err(ErrorInternalServerError)
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let port: u16 = env::var("PORT")
        .map_or(Ok(8080), |port| port.parse())
        .context("PORT is not a port")?;
    let pool = Data::new(database::connect().await?);

    HttpServer::new(move || App::new().app_data(pool.clone()).service(list_users))
        .bind(("127.0.0.1", port))?
        .run()
        .await?;
    Ok(())
}
