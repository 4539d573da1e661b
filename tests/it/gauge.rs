//! A gateway that answers after a pause, to count concurrent requests.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use crate::raw_server::{http, read_request};

pub(crate) type Form = BTreeMap<String, String>;

type Respond = dyn Fn(&Form) -> String + Send + Sync;

pub(crate) struct Gauge {
    address: SocketAddr,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    in_flight: AtomicUsize,
    most_at_once: AtomicUsize,
    received: AtomicUsize,
}

impl Gauge {
    /// Answers every form with HTTP 200 and this text, after a pause.
    pub(crate) async fn start(pause: Duration, respond: impl Fn(&Form) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let counts = Arc::new(Counts::default());
        let respond: Arc<Respond> = Arc::new(respond);
        let shared = Arc::clone(&counts);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve_connection(stream, pause, Arc::clone(&respond), Arc::clone(&shared)));
            }
        });
        Self { address, counts }
    }

    pub(crate) fn top_endpoint(&self) -> String {
        format!("http://{}/router/rest", self.address)
    }

    pub(crate) fn received(&self) -> usize {
        self.counts.received.load(Ordering::SeqCst)
    }

    pub(crate) fn most_at_once(&self) -> usize {
        self.counts.most_at_once.load(Ordering::SeqCst)
    }
}

async fn serve_connection(mut stream: TcpStream, pause: Duration, respond: Arc<Respond>, counts: Arc<Counts>) {
    while let Some(request) = read_request(&mut stream).await {
        counts.received.fetch_add(1, Ordering::SeqCst);
        let now = counts.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        counts.most_at_once.fetch_max(now, Ordering::SeqCst);
        tokio::time::sleep(pause).await;
        let form = crate::form::decode(request.split_once("\r\n\r\n").unwrap().1);
        // Before the response, since its reader may send the next request at once.
        counts.in_flight.fetch_sub(1, Ordering::SeqCst);
        if stream.write_all(&http("200 OK", &[], respond(&form).as_bytes())).await.is_err() {
            return;
        }
    }
}
