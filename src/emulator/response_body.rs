//! The body of a response, sent as its delivery requires.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::delivery::Delivery;

const WHITE_SPACE: &[u8] = &[b' '; 16 * 1024];
/// Long enough to send the bytes before the connection is reset.
const DELAY_BEFORE_RESET: Duration = Duration::from_millis(20);

/// A body that is sent at once, in pieces, or incompletely.
pub(crate) enum ResponseBody {
    Whole(Option<Bytes>),
    Paced(Box<PacedBody>),
    /// Until the client leaves.
    Endless(BoxStream<'static, Bytes>),
}

pub(crate) struct PacedBody {
    rest: Bytes,
    /// How many bytes are sent at once.
    piece: usize,
    pause: Duration,
    /// The number of bytes of white space after the body.
    padding: u64,
    /// The number of bytes that are declared and not sent. A reset follows.
    missing: Option<u64>,
    pausing: Option<Pin<Box<Sleep>>>,
}

/// The body ends before its declared length.
#[derive(Debug)]
pub(crate) struct TornBody;

impl ResponseBody {
    pub(crate) fn new(mut body: Bytes, delivery: Delivery) -> Self {
        let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
        let paced = |rest: Bytes| PacedBody {
            piece: rest.len(),
            rest,
            pause: DELAY_BEFORE_RESET,
            padding: 0,
            missing: None,
            pausing: None,
        };
        let paced = match delivery {
            Delivery::Torn { bytes } => {
                body.truncate(bytes);
                let missing = length.saturating_sub(u64::try_from(bytes).unwrap_or(u64::MAX));
                PacedBody { missing: Some(missing), ..paced(body) }
            }
            Delivery::Padded { length: padded } => {
                PacedBody { padding: padded.saturating_sub(length), pause: Duration::ZERO, ..paced(body) }
            }
            Delivery::Dripped { pause } => PacedBody { piece: 1, pause, ..paced(body) },
            _ => return Self::Whole(Some(body).filter(|body| !body.is_empty())),
        };
        Self::Paced(Box::new(paced))
    }
}

impl PacedBody {
    fn poll_bytes(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, TornBody>>> {
        if let Some(pausing) = &mut self.pausing {
            std::task::ready!(pausing.as_mut().poll(context));
            self.pausing = None;
        }
        if !self.rest.is_empty() {
            let bytes = self.rest.split_to(self.piece.min(self.rest.len()));
            if !self.pause.is_zero() {
                self.pausing = Some(Box::pin(sleep(self.pause)));
            }
            return Poll::Ready(Some(Ok(bytes)));
        }
        if self.padding > 0 {
            let piece = WHITE_SPACE.len().min(usize::try_from(self.padding).unwrap_or(usize::MAX));
            self.padding = self.padding.saturating_sub(u64::try_from(piece).unwrap_or(u64::MAX));
            let white_space = Bytes::from_static(WHITE_SPACE.get(..piece).unwrap_or_default());
            return Poll::Ready(Some(Ok(white_space)));
        }
        Poll::Ready(self.missing.take().map(|_| Err(TornBody)))
    }

    fn length(&self) -> u64 {
        let rest = u64::try_from(self.rest.len()).unwrap_or(u64::MAX);
        rest.saturating_add(self.padding).saturating_add(self.missing.unwrap_or_default())
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = TornBody;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, TornBody>>> {
        match self.get_mut() {
            Self::Whole(body) => Poll::Ready(body.take().map(|body| Ok(Frame::data(body)))),
            Self::Paced(paced) => paced.poll_bytes(context).map_ok(Frame::data),
            Self::Endless(stream) => {
                stream.as_mut().poll_next(context).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(match self {
            Self::Whole(body) => body.as_ref().map_or(0, |body| u64::try_from(body.len()).unwrap_or(u64::MAX)),
            Self::Paced(paced) => paced.length(),
            Self::Endless(_) => return SizeHint::new(),
        })
    }
}

impl fmt::Display for TornBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a fault ends the body before its declared length")
    }
}

impl std::error::Error for TornBody {}
