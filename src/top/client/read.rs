use bytes::Bytes;

use super::Client;
use crate::error::Error;
use crate::operation::Operation;
use crate::params::Params;
use crate::top::Top;

impl Client {
    /// Reads a response that another HTTP client received, or that was stored: the counterpart of
    /// [`prepare`](Self::prepare). Sends nothing. `status` is the HTTP status. `body` is the whole body, decompressed,
    /// in JSON or XML.
    ///
    /// ```
    /// use privacy_number::top::{Client, OaidDecrypt, ReceiverQuery};
    ///
    /// let client = Client::builder().app("12345678", "secret").build()?;
    /// let decrypt = OaidDecrypt::new([ReceiverQuery::builder().oaid("oaid-a").tid("2001").build()]);
    /// let body = r#"{"top_oaid_decrypt_response": {"receiver_list": {"receiver": [{"tid": "2001"}]}}}"#;
    /// let answer = client.read(&decrypt, 200, body)?;
    /// assert_eq!(answer.receivers[0].tid.as_deref(), Some("2001"));
    /// # Ok::<(), privacy_number::Error>(())
    /// ```
    ///
    /// # Errors
    /// As a call with one attempt: [`Error::Service`] if the response is a refusal, [`Error::Decode`] if it did
    /// not come from the gateway or lacks a field. The headers are not read, so a `Retry-After` is not known. A refused
    /// signature is not explained.
    pub fn read<O: Operation<Gateway = Top>>(
        &self,
        operation: &O,
        status: u16,
        body: impl Into<Bytes>,
    ) -> Result<O::Output, Error> {
        self.app.sender.read(operation, &self.top_call::<O>(&Params::new()), status, body.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Advice;
    use crate::top::{OaidDecrypt, ReceiverQuery, SecretGroupQuery};

    fn client() -> Client {
        Client::builder().app("12345678", "secret").build().unwrap()
    }

    fn decrypt() -> OaidDecrypt {
        OaidDecrypt::new([ReceiverQuery::builder().oaid("oaid-a").tid("2001").build()])
    }

    #[test]
    fn json_and_xml_are_read_whatever_the_client_asks_for() {
        let json = r#"{"top_oaid_decrypt_response": {"receiver_list": {"receiver": [{"tid": "2001"}]}}}"#;
        let xml = "<top_oaid_decrypt_response><receiver_list><receiver><tid>2001</tid></receiver></receiver_list>\
                   </top_oaid_decrypt_response>";
        let answer = client().read(&decrypt(), 200, json).unwrap();
        assert_eq!(answer.receivers[0].tid.as_deref(), Some("2001"));
        assert_eq!(client().read(&decrypt(), 200, xml).unwrap(), answer);
    }

    #[test]
    fn a_refusal_is_the_error_it_is_in_a_call() {
        let body = r#"{"error_response": {"code": 27, "msg": "Invalid session", "sub_code": "invalid-sessionkey"}}"#;
        let error = client().read(&decrypt(), 200, body).unwrap_err();
        assert_eq!((error.advice(), error.attempts()), (Advice::RefreshSession, 1));
        let other = r#"{"secret_group_query_response": {}}"#;
        assert!(matches!(client().read(&decrypt(), 200, other).unwrap_err(), Error::Decode(_)));
    }

    #[test]
    fn an_operations_own_rule_of_success_holds() {
        let query = SecretGroupQuery::builder().oaid("oaid-a").build();
        let body = r#"{"top_secret_group_query_response": {"success": false, "error_code": "isv.oaid-invalid"}}"#;
        assert_eq!(client().read(&query, 200, body).unwrap_err().code(), Some("isv.oaid-invalid"));
    }
}
