//! One connection to the server.

use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::admission::Admission;
use super::control;
use super::delivery::{Delivery, Reply};
use super::door::Door;
use super::gateways::Gateways;
use super::paced::PacedBody;

/// Longer bodies are refused: no call of either gateway comes near it.
const LONGEST_BODY: usize = 1024 * 1024;

/// The connection is to be reset in the place of an answer.
#[derive(Debug)]
struct Reset;

/// Serves calls until the caller hangs up, a fault breaks the connection, or the door is shut.
pub(crate) async fn serve(stream: TcpStream, gateways: Arc<Gateways>, door: Arc<Door>, mut shut: watch::Receiver<()>) {
    // Answers are small: waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let mut shut = pin!(shut.changed());
    let mut is_shut = false;
    let broken = AtomicBool::new(false);
    let service = service_fn(|request| handle(request, &gateways, &door, &broken));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let end = std::future::poll_fn(|context| {
        if !is_shut && shut.as_mut().poll(context).is_ready() {
            is_shut = true;
            Pin::new(&mut connection).graceful_shutdown();
        }
        Pin::new(&mut connection).poll(context)
    });
    let Err(error) = end.await else { return };
    if broken.load(Ordering::Relaxed) {
        // Closing it with this setting sends a reset.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    } else {
        tracing::debug!(%error, "a connection to the emulator broke");
    }
}

async fn handle(
    request: Request<Incoming>,
    gateways: &Gateways,
    door: &Arc<Door>,
    broken: &AtomicBool,
) -> Result<Response<PacedBody>, Reset> {
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, LONGEST_BODY).collect().await else {
        let mut response = Response::new(PacedBody::new(Bytes::new(), Delivery::Whole));
        *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        return Ok(response);
    };
    let request = Request::from_parts(head, body.to_bytes());
    let Reply { response, delivery } = reply(&request, gateways).await;
    match delivery {
        Delivery::Delayed { by } => tokio::time::sleep(by).await,
        Delivery::ThenAccept => door.open(),
        Delivery::ThenRefuse { lasting } => door.shut_for(lasting),
        Delivery::Torn { .. } => broken.store(true, Ordering::Relaxed),
        Delivery::Reset => {
            broken.store(true, Ordering::Relaxed);
            return Err(Reset);
        }
        Delivery::Whole | Delivery::Padded { .. } | Delivery::Dripped { .. } => {}
    }
    Ok(response.map(|body| PacedBody::new(body, delivery)))
}

async fn reply(request: &Request<Bytes>, gateways: &Gateways) -> Reply {
    if let Some(reply) = control::answer(request, gateways) {
        return reply;
    }
    let admission = Admission::of(request, gateways);
    let Some(pause) = admission.wait() else {
        return admission.carry_out();
    };
    tokio::time::sleep(pause).await;
    Reply { delivery: Delivery::Whole, ..admission.carry_out() }
}

impl fmt::Display for Reset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the connection is reset on purpose")
    }
}

impl std::error::Error for Reset {}
