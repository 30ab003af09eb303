mod database;

use rocket::figment::providers::Env;
use rocket::response::Debug;
use rocket::serde::{Serialize, json::Json};
use rocket::{State, get, routes};
use sqlx::{FromRow, PgPool};

const LIST_USERS: &str =
    r#"SELECT user_id, username, email FROM "user" ORDER BY user_id LIMIT 100"#;

#[derive(Serialize, FromRow)]
#[serde(crate = "rocket::serde")]
struct User {
    user_id: String,
    username: String,
    email: String,
}

#[get("/")]
async fn list_users(pool: &State<PgPool>) -> Result<Json<Vec<User>>, Debug<sqlx::Error>> {
    let users = sqlx::query_as(LIST_USERS).fetch_all(pool.inner()).await?;
    Ok(Json(users))
}

#[rocket::main]
async fn main() -> anyhow::Result<()> {
    let pool = database::connect().await?;

    // Rocket's own defaults, and PORT beside its ROCKET_PORT.
    let figment = rocket::Config::figment().merge(Env::raw().only(&["port"]));
    rocket::custom(figment)
        .manage(pool)
        .mount("/", routes![list_users])
        .launch()
        .await?;
    Ok(())
}
