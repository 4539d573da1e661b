use privacy_number::aliyun::{MessageToken, QueryTokenForMnsQueue, QueryTokenForMnsQueueResponse};

use crate::samples::{Sample, Values, answer_fields};

impl Sample for QueryTokenForMnsQueue {
    fn requests(_: &Values) -> Vec<Self> {
        let query = Self::builder().message_type("SecretReport");
        vec![query.queue_name("Alicom-Queue-1000000000000001-SecretReport").build()]
    }
}

answer_fields! {
    QueryTokenForMnsQueueResponse { code, message, request_id, message_token: "MessageTokenDTO" }
    MessageToken { access_key_id, access_key_secret, security_token, create_time, expire_time }
}
