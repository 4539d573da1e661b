//! Hostile settings: redirects, proxies, certificates and endpoints that would send a signed request elsewhere. Also
//! what remains of a secret in memory.

mod endpoints;
mod proxies;
mod redirects;
#[cfg(feature = "rustls")]
mod tls;
mod wiped;

use privacy_number::aliyun::{HttpMethod, QuerySubsId};
use privacy_number::top::SecretGroupQuery;
use privacy_number::{Error, Settings};

use crate::clients::{ACCESS_KEY_ID, SESSION, aliyun_builder, shop};

/// The kinds of signed requests.
#[derive(Debug, Clone, Copy, PartialEq)]
enum RequestKind {
    Top,
    AliyunPost,
    AliyunGet,
}

impl RequestKind {
    const ALL: [Self; 3] = [Self::Top, Self::AliyunPost, Self::AliyunGet];

    /// `host` is `http://127.0.0.1:1/`.
    async fn send(self, host: &str, settings: Settings) -> Result<(), Error> {
        if self == Self::Top {
            let shop = shop(format!("{host}router/rest"), settings);
            return shop.send(&SecretGroupQuery::builder().oaid("oaid-a").build()).await.map(drop);
        }
        let method = if self == Self::AliyunGet { HttpMethod::Get } else { HttpMethod::Post };
        let client = aliyun_builder(host).method(method).settings(settings).build().unwrap();
        client.send(&QuerySubsId::builder().pool_key("FC123456").phone_no_x("17000000000").build()).await.map(drop)
    }

    /// A successful response.
    fn success(self) -> &'static str {
        match self {
            Self::Top => r#"{"top_secret_group_query_response":{"success":true,"call_mobile":{"string":[]}}}"#,
            _ => r#"{"Code":"OK","Message":"OK","RequestId":"r-1","SubsId":"1"}"#,
        }
    }
}

/// Whether a request has anything that only the configured host may receive.
fn is_signed(request: &str) -> bool {
    ["sign=", "Signature", SESSION, ACCESS_KEY_ID, "oaid-a", "17000000000"].iter().any(|part| request.contains(part))
}
