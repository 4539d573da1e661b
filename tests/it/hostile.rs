//! Malformed responses: too deep, too large, too many elements, invalid encodings. Each ends in an
//! error with the outcome of the call, soon, and in little memory.

mod bodies;
mod flood;
mod floods;
mod heads;
#[cfg(target_os = "linux")]
mod memory;

use std::time::{Duration, Instant};

use privacy_number::{Error, Outcome, Settings, aliyun, top};

use crate::clients::{self, once};
use crate::raw_server::{RawServer, Reply};

/// A gateway and its operation under test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gateway {
    Top,
    Aliyun,
}

impl Gateway {
    const BOTH: [Self; 2] = [Self::Top, Self::Aliyun];

    /// Sends the request to a server at `http://127.0.0.1:port/`. Returns the number of items in the response.
    async fn call(self, host: &str, settings: Settings) -> Result<usize, Error> {
        match self {
            Self::Top => {
                let query = top::ReceiverQuery::builder().oaid("oaid-2001").tid("2001").build();
                let shop = clients::shop(format!("{host}router/rest"), settings);
                shop.send(&top::OaidDecrypt::new([query])).await.map(|answer| answer.receivers.len())
            }
            Self::Aliyun => {
                let request = aliyun::QuerySubsId::builder().pool_key("FC123456").phone_no_x("17000000000").build();
                clients::aliyun(host, settings).send(&request).await.map(|answer| answer.subs_ids.len())
            }
        }
    }

    /// Sends the request, which must fail within ten seconds.
    async fn failure(self, host: &str, settings: Settings, what: &str) -> Error {
        let started = Instant::now();
        let error = self.call(host, settings).await.expect_err(what);
        let taken = started.elapsed();
        assert!(taken < Duration::from_secs(10), "{what} took {taken:?}");
        assert!(error.to_string().len() < 400, "{what}: {error}");
        error
    }

    /// JSON of an executed call with this member.
    fn json(self, member: &str) -> Vec<u8> {
        match self {
            Self::Top => format!(r#"{{"top_oaid_decrypt_response":{{{member}}}}}"#),
            Self::Aliyun => format!(r#"{{"Code":"OK",{member}}}"#),
        }
        .into_bytes()
    }

    /// XML of an executed call with this element and with a prologue before the root.
    fn xml(self, prologue: &str, element: &str) -> Vec<u8> {
        match self {
            Self::Top => format!("{prologue}<top_oaid_decrypt_response>{element}</top_oaid_decrypt_response>"),
            Self::Aliyun => {
                format!("{prologue}<QuerySubsIdResponse><Code>OK</Code>{element}</QuerySubsIdResponse>")
            }
        }
        .into_bytes()
    }

    /// A list member and a text member of the response.
    fn list_and_text(self) -> (&'static str, &'static str) {
        match self {
            Self::Top => ("receiver_list", "request_id"),
            Self::Aliyun => ("SubsId", "RequestId"),
        }
    }
}

/// Serves a body with HTTP 200 and returns the error.
async fn failure(gateway: Gateway, body: &[u8], what: &str) -> Error {
    let server = RawServer::start([Reply::ok(body)]).await;
    gateway.failure(&server.aliyun_endpoint(), once(), &format!("{what} from {gateway:?}")).await
}

/// Asserts that the body is not recognised as a response of the gateway, so the outcome is unknown.
async fn assert_unreadable(gateway: Gateway, body: &[u8], what: &str) {
    let error = failure(gateway, body, what).await;
    assert!(matches!(error, Error::Decode(_)), "{what} from {gateway:?}: {error}");
    assert_eq!((error.outcome(), error.http_status()), (Outcome::Unknown, Some(200)), "{what} from {gateway:?}");
}

/// Asserts that the body reports success and the rest cannot be decoded.
async fn assert_executed(gateway: Gateway, body: &[u8], what: &str, path: &str) {
    let Error::Decode(error) = failure(gateway, body, what).await else { panic!("{what} from {gateway:?}") };
    assert_eq!(error.path(), path, "{what} from {gateway:?}");
    assert_eq!(Error::Decode(error).outcome(), Outcome::Executed, "{what} from {gateway:?}");
}
