//! The body of an answer, as it goes out.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::delivery::Delivery;

const WHITE_SPACE: &[u8] = &[b' '; 16 * 1024];
/// Long enough for what was written to leave before the connection is reset.
const BEFORE_RESET: Duration = Duration::from_millis(20);

/// A body that goes out at once, in pieces, or not to its end.
pub(crate) enum PacedBody {
    Whole(Option<Bytes>),
    Paced(Box<Paced>),
}

pub(crate) struct Paced {
    rest: Bytes,
    /// How many bytes go out at once.
    piece: usize,
    pause: Duration,
    /// White space that follows.
    padding: u64,
    /// Whether a reset follows, and how many bytes will have been missing.
    missing: Option<u64>,
    pausing: Option<Pin<Box<Sleep>>>,
}

/// The body ends before its end.
#[derive(Debug)]
pub(crate) struct Torn;

impl PacedBody {
    pub(crate) fn new(mut body: Bytes, delivery: Delivery) -> Self {
        let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
        let paced = |rest: Bytes| Paced {
            piece: rest.len(),
            rest,
            pause: BEFORE_RESET,
            padding: 0,
            missing: None,
            pausing: None,
        };
        let paced = match delivery {
            Delivery::Torn { bytes } => {
                body.truncate(bytes);
                let missing = length.saturating_sub(u64::try_from(bytes).unwrap_or(u64::MAX));
                Paced { missing: Some(missing), ..paced(body) }
            }
            Delivery::Padded { length: padded } => {
                Paced { padding: padded.saturating_sub(length), pause: Duration::ZERO, ..paced(body) }
            }
            Delivery::Dripped { pause } => Paced { piece: 1, pause, ..paced(body) },
            _ => return Self::Whole(Some(body).filter(|body| !body.is_empty())),
        };
        Self::Paced(Box::new(paced))
    }
}

impl Paced {
    fn poll_bytes(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Torn>>> {
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
        Poll::Ready(self.missing.take().map(|_| Err(Torn)))
    }

    fn length(&self) -> u64 {
        let rest = u64::try_from(self.rest.len()).unwrap_or(u64::MAX);
        rest.saturating_add(self.padding).saturating_add(self.missing.unwrap_or_default())
    }
}

impl Body for PacedBody {
    type Data = Bytes;
    type Error = Torn;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Torn>>> {
        match self.get_mut() {
            Self::Whole(body) => Poll::Ready(body.take().map(|body| Ok(Frame::data(body)))),
            Self::Paced(paced) => paced.poll_bytes(context).map_ok(Frame::data),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(match self {
            Self::Whole(body) => body.as_ref().map_or(0, |body| u64::try_from(body.len()).unwrap_or(u64::MAX)),
            Self::Paced(paced) => paced.length(),
        })
    }
}

impl fmt::Display for Torn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the answer is torn on purpose")
    }
}

impl std::error::Error for Torn {}
