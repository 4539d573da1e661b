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

use super::aliyun::photo_upload;
use super::console;
use super::control;
use super::delivery::{Delivery, Reply};
use super::gateways::Gateways;
use super::long_poll;
use super::pending_request::PendingRequest;
use super::push;
use super::refusable_listener::RefusableListener;
use super::response_body::ResponseBody;

/// The maximum length of a request body in bytes. Requests to the gateways are much shorter.
const MAX_BODY_LENGTH: usize = 1024 * 1024;
/// The same for a photo. A longer one than the file store accepts is received, so that it can refuse it.
const MAX_UPLOAD_LENGTH: usize = 4 * 1024 * 1024;

/// The connection is reset instead of sending a response.
#[derive(Debug)]
struct Reset;

/// Handles requests until the client disconnects, a fault resets the connection, or the listener refuses connections.
pub(crate) async fn serve(stream: TcpStream, gateways: Arc<Gateways>, listener: Arc<RefusableListener>) {
    // Responses are small, so waiting for a full packet would only delay them.
    let _ = stream.set_nodelay(true);
    let mut refusals = listener.subscribe();
    let mut refusal = pin!(refusals.changed());
    let mut is_closing = false;
    let is_reset = AtomicBool::new(false);
    let service = service_fn(|request| handle(request, &gateways, &listener, &is_reset));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let end = std::future::poll_fn(|context| {
        if !is_closing && refusal.as_mut().poll(context).is_ready() {
            is_closing = true;
            Pin::new(&mut connection).graceful_shutdown();
        }
        Pin::new(&mut connection).poll(context)
    });
    let Err(error) = end.await else { return };
    if is_reset.load(Ordering::Relaxed) {
        // With this option, closing the socket sends a reset.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    } else {
        tracing::debug!(%error, "a connection to the emulator failed");
    }
}

async fn handle(
    request: Request<Incoming>,
    gateways: &Arc<Gateways>,
    listener: &Arc<RefusableListener>,
    is_reset: &AtomicBool,
) -> Result<Response<ResponseBody>, Reset> {
    let (head, body) = request.into_parts();
    let max = if head.uri.path() == photo_upload::PATH { MAX_UPLOAD_LENGTH } else { MAX_BODY_LENGTH };
    let Ok(body) = Limited::new(body, max).collect().await else {
        let mut response = Response::new(ResponseBody::new(Bytes::new(), Delivery::Whole));
        *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        return Ok(response);
    };
    let request = Request::from_parts(head, body.to_bytes());
    let Reply { response, delivery } = reply(&request, gateways).await;
    match delivery {
        Delivery::Delayed { delay } => tokio::time::sleep(delay).await,
        Delivery::ThenAcceptConnections => listener.accept_again(),
        Delivery::ThenRefuseConnections { duration } => listener.refuse_for(duration),
        Delivery::Torn { .. } => is_reset.store(true, Ordering::Relaxed),
        Delivery::Reset => {
            is_reset.store(true, Ordering::Relaxed);
            return Err(Reset);
        }
        Delivery::Events { after } => {
            let events = console::events(Arc::clone(gateways), after);
            return Ok(response.map(|_first| ResponseBody::Endless(Box::pin(events))));
        }
        Delivery::Whole | Delivery::Padded { .. } | Delivery::Dripped { .. } => {}
    }
    Ok(response.map(|body| ResponseBody::new(body, delivery)))
}

async fn reply(request: &Request<Bytes>, gateways: &Gateways) -> Reply {
    if let Some(limit) = control::waits_for_pushes(request, gateways) {
        // The answer says whether the time was enough.
        let _ = tokio::time::timeout(limit, push::settle(gateways)).await;
    }
    if let Some(reply) = control::respond(request, gateways) {
        return reply;
    }
    let mut pending = PendingRequest::new(request, gateways);
    let delay = pending.delay();
    if let Some(delay) = delay {
        tokio::time::sleep(delay).await;
    }
    if let Some(poll) = pending.long_poll() {
        long_poll::wait(&poll, gateways).await;
    }
    let reply = pending.execute();
    if delay.is_some() { Reply { delivery: Delivery::Whole, ..reply } } else { reply }
}

impl fmt::Display for Reset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a fault resets the connection")
    }
}

impl std::error::Error for Reset {}
