use std::{env, time::Duration};

use actix_web::rt::time::timeout;
use anyhow::{Context, ensure};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, Connection};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const POOL_SIZE: u32 = 5;

/// Opens the pool, once one connection has shown that there are users to list.
///
/// That connection is not the pool's: while PostgreSQL is down, a pool keeps trying and can then only report a timeout.
pub async fn connect() -> anyhow::Result<PgPool> {
    let url = env::var("DATABASE_URL").context("DATABASE_URL is not set")?;
    let options: PgConnectOptions = url
        .parse()
        .context("DATABASE_URL is not a PostgreSQL URL")?;

    let mut connection = timeout(CONNECT_TIMEOUT, options.connect())
        .await
        .context("PostgreSQL does not answer")?
        .context("cannot connect to PostgreSQL")?;
    let filled: bool = sqlx::query_scalar(r#"SELECT EXISTS (SELECT FROM "user")"#)
        .fetch_one(&mut connection)
        .await
        .context(r#"cannot read the table "user""#)?;
    ensure!(
        filled,
        r#"the table "user" is empty: run psql "$DATABASE_URL" -f users.sql"#
    );
    connection.close().await?;

    let pool = PgPoolOptions::new().max_connections(POOL_SIZE);
    Ok(pool.connect_with(options).await?)
}
