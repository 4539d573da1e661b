//! Sessions in the store: refreshed once over all machines, and never lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use futures_util::future::join_all;
use privacy_number::Secret;
use privacy_number::emulator::Emulator;
use privacy_number::stored_session::{StoredSession, StoredSessions};
use privacy_number::top::{NoSession, SecretGroupQuery, SessionProvider};

use crate::stores::databases::{SqliteFile, TestDatabase, on_each_database};

on_each_database!(a_refused_session_is_refreshed_once_over_all_machines,);

struct World<D> {
    database: D,
    refreshes: Arc<AtomicU32>,
}

impl World<SqliteFile> {
    fn new() -> Self {
        Self::of(SqliteFile::start().unwrap())
    }
}

impl<D: TestDatabase> World<D> {
    fn of(database: D) -> Self {
        Self { database, refreshes: Arc::default() }
    }

    /// The sessions as a process of its own has them. A refresh takes only the latest token, and gives this session.
    async fn machine(&self, new: &str) -> StoredSessions<D::Store> {
        let (refreshes, new) = (Arc::clone(&self.refreshes), new.to_owned());
        StoredSessions::new(self.database.open_encrypted().await, move |_, old| {
            let number = refreshes.fetch_add(1, Ordering::SeqCst);
            let new = new.clone();
            async move {
                tokio::time::sleep(Duration::from_millis(50)).await;
                if old.refresh_token != Some(Secret::from(format!("canary-token-{number}"))) {
                    return Err("this refresh token was used".into());
                }
                Ok(StoredSession::new(new).refresh_token(format!("canary-token-{}", number + 1)))
            }
        })
    }
}

fn expired() -> StoredSession {
    StoredSession::new("expired-session").refresh_token("canary-token-0")
}

async fn a_refused_session_is_refreshed_once_over_all_machines<D: TestDatabase>(database: D) {
    let (world, emulator) = (World::of(database), Emulator::start().await.unwrap());
    let session = emulator.session();
    let machines = [world.machine(&session).await, world.machine(&session).await, world.machine(&session).await];
    machines[0].put("seller-1", &expired()).await.unwrap();
    let client = emulator.top().unwrap();
    let calls = machines.iter().flat_map(|machine| {
        let shop = client.shops(machine.clone()).shop("seller-1");
        (0..5).map(move |_| {
            let shop = shop.clone();
            async move { shop.send(&SecretGroupQuery::builder().oaid("oaid-2001").build()).await }
        })
    });
    for result in join_all(calls).await {
        result.unwrap();
    }
    assert_eq!(world.refreshes.load(Ordering::SeqCst), 1);
    let stored = machines[1].get("seller-1").await.unwrap().unwrap();
    assert_eq!(stored.session.expose(), session);
    assert_eq!(stored.refresh_token.unwrap().expose(), "canary-token-1");
}

#[tokio::test]
async fn a_new_authorisation_on_another_machine_needs_no_refresh() {
    let world = World::new();
    let (here, there) = (world.machine("unused").await, world.machine("unused").await);
    here.put("seller-1", &expired()).await.unwrap();
    assert_eq!(there.session("seller-1").await.unwrap().expose(), "expired-session");
    here.put("seller-1", &StoredSession::new("authorised again")).await.unwrap();
    let refused = Secret::from("expired-session");
    assert_eq!(there.refresh("seller-1", &refused).await.unwrap().expose(), "authorised again");
    assert_eq!(there.session("seller-1").await.unwrap().expose(), "authorised again");
    assert_eq!(world.refreshes.load(Ordering::SeqCst), 0);
    assert!(here.remove("seller-1").await.unwrap());
    let error = here.session("seller-1").await.unwrap_err();
    assert!(error.downcast_ref::<NoSession>().is_some(), "{error}");
}

#[tokio::test]
async fn sessions_that_end_soon_are_refreshed_before_and_failures_are_counted() {
    let world = World::new();
    let sessions = world.machine("new").await;
    let soon = Utc::now() + TimeDelta::minutes(5);
    sessions.put("a", &expired().expires(soon)).await.unwrap();
    sessions.put("b", &expired().expires(soon + TimeDelta::days(9))).await.unwrap();
    assert_eq!(sessions.refresh_due(soon + TimeDelta::hours(1)).await.unwrap(), 1);
    assert_eq!(sessions.get("a").await.unwrap().unwrap().session.expose(), "new");
    // The token of this shop is not the latest one.
    sessions.refresh("b", &Secret::from("expired-session")).await.unwrap_err();
    let stats = sessions.stats().await.unwrap();
    assert_eq!((stats.active, stats.refused, stats.unsaved), (1, 1, 0));
    assert!(stats.refused_since.unwrap() <= Utc::now());
}

#[tokio::test]
async fn a_refresh_token_that_the_store_did_not_take_stays_and_is_written_later() {
    let world = World::new();
    let store = world.database.open_encrypted().await;
    let pool = store.inner().pool().clone();
    // The database refuses to change sessions from the moment of the refresh.
    let table = world.database.table("sessions");
    let deny = format!("CREATE TRIGGER deny BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END");
    let sessions = StoredSessions::new(store, {
        let pool = pool.clone();
        move |_, _| {
            let (pool, deny) = (pool.clone(), deny.clone());
            async move {
                sqlx::query(&deny).execute(&pool).await?;
                Ok(StoredSession::new("new").refresh_token("canary-token-1"))
            }
        }
    });
    sessions.put("a", &expired()).await.unwrap();
    let new = sessions.refresh("a", &Secret::from("expired-session")).await.unwrap();
    assert_eq!((new.expose(), sessions.stats().await.unwrap().unsaved), ("new", 1));
    assert_eq!(sessions.get("a").await.unwrap().unwrap(), expired(), "the old one is not forgotten");
    assert_eq!(sessions.session("a").await.unwrap().expose(), "new");
    sqlx::query("DROP TRIGGER deny").execute(&pool).await.unwrap();
    assert_eq!(sessions.session("a").await.unwrap().expose(), "new");
    let stored = sessions.get("a").await.unwrap().unwrap();
    assert_eq!(stored, StoredSession::new("new").refresh_token("canary-token-1"));
    assert_eq!(sessions.stats().await.unwrap().unsaved, 0);
}
