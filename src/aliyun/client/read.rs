use std::sync::{Arc, LazyLock};

use bytes::Bytes;

use super::Client;
use crate::aliyun::protocol::PopCall;
use crate::aliyun::{Credentials, Product};
use crate::error::Error;
use crate::operation::Operation;
use crate::params::Params;
use crate::send::UnsignedCall;

/// Reading an answer needs no key.
static NO_KEY: LazyLock<Arc<Credentials>> = LazyLock::new(|| Arc::new(Credentials::new("", "")));

impl Client {
    /// Reads a response that another HTTP client received, or that was stored: the counterpart of
    /// [`prepare`](Self::prepare). Sends nothing. `status` is the HTTP status, `body` the whole body, decompressed,
    /// in JSON or XML.
    ///
    /// ```
    /// use privacy_number::aliyun::{Client, UnbindSubscription};
    ///
    /// let client = Client::builder().access_key("id", "secret").build()?;
    /// let unbind = UnbindSubscription::builder().subs_id("1").secret_no("17000000000").pool_key("FC1").build();
    /// let body = r#"{"Code": "OK", "Message": "OK", "RequestId": "9297B722"}"#;
    /// let answer = client.read(&unbind, 200, body)?;
    /// assert_eq!(answer.request_id.as_deref(), Some("9297B722"));
    /// # Ok::<(), privacy_number::Error>(())
    /// ```
    ///
    /// # Errors
    /// As a call with one attempt: [`Error::Service`] if the response is a refusal, [`Error::Decode`] if it did not
    /// come from the gateway or lacks a field. The headers are not read, so a requested wait is not known. A refused
    /// signature is not explained.
    pub fn read<O>(&self, operation: &O, status: u16, body: impl Into<Bytes>) -> Result<O::Output, Error>
    where
        O: Operation,
        O::Gateway: Product,
    {
        self.account.sender.read(operation, &self.call_without_key::<O>(&Params::new()), status, body.into())
    }

    /// A call of which only the answer is read.
    pub(super) fn call_without_key<'a, O>(&'a self, params: &'a Params) -> PopCall<'a>
    where
        O: Operation,
        O::Gateway: Product,
    {
        self.pop_action::<O>(params).signed_with(Arc::clone(&NO_KEY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::{DescribePhoneNumberStatus, UnbindSubscription};
    use crate::{Advice, Outcome};

    fn client() -> Client {
        Client::builder().access_key("id", "secret").build().unwrap()
    }

    fn unbind() -> UnbindSubscription {
        UnbindSubscription::builder().subs_id("1").secret_no("17000000000").pool_key("FC1").build()
    }

    #[test]
    fn json_and_xml_are_read_whatever_the_client_asks_for() {
        let json = r#"{"Code": "OK", "Message": "OK", "RequestId": "1"}"#;
        let xml = "<UnbindSubscriptionResponse><Code>OK</Code><Message>OK</Message><RequestId>1</RequestId>\
                   </UnbindSubscriptionResponse>";
        let answer = client().read(&unbind(), 200, json).unwrap();
        assert_eq!(answer.request_id.as_deref(), Some("1"));
        assert_eq!(client().read(&unbind(), 200, xml).unwrap(), answer);
    }

    #[test]
    fn a_refusal_is_the_error_it_is_in_a_call() {
        let body = r#"{"Code": "isv.FLOW_LIMIT", "Message": "too many", "RequestId": "1"}"#;
        let error = client().read(&unbind(), 200, body).unwrap_err();
        assert_eq!((error.code(), error.attempts()), (Some("isv.FLOW_LIMIT"), 1));
        assert!(error.is_throttled());
        assert!(matches!(client().read(&unbind(), 502, "<html></html>").unwrap_err(), Error::Decode(_)));
    }

    #[test]
    fn a_success_that_lacks_a_field_was_executed() {
        let query = DescribePhoneNumberStatus::builder().phone_number("15000001234").build();
        let error = client().read(&query, 200, r#"{"Code": "OK", "RequestId": "1"}"#).unwrap_err();
        assert_eq!((error.outcome(), error.advice()), (Outcome::Executed, Advice::Reconcile));
        assert_eq!(error.request_id(), Some("1"));
    }

    #[test]
    fn a_code_that_comes_twice_is_no_success_whether_or_not_the_type_names_it() {
        #[derive(serde::Serialize)]
        struct OwnOperation {}

        #[derive(Debug, serde::Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct OwnResponse {
            request_id: String,
        }

        impl Operation for OwnOperation {
            type Gateway = crate::aliyun::Dyplsapi;
            type Output = OwnResponse;
            const NAME: &'static str = "OwnOperation";
            const SAFETY: crate::Safety = crate::Safety::Safe;
        }

        let once = r#"{"Code": "OK", "RequestId": "1"}"#;
        let twice = r#"{"Code": "OK", "RequestId": "1", "Code": "isv.FORBIDDEN_ACTION"}"#;
        assert_eq!(client().read(&OwnOperation {}, 200, once).unwrap().request_id, "1");
        assert!(client().read(&OwnOperation {}, 200, twice).is_err());
        assert!(client().read(&unbind(), 200, twice).is_err());
    }
}
