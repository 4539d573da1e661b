use privacy_number::top::{
    AuthToken, AuthTokenCreate, AuthTokenCreateResponse, AuthTokenRefresh, AuthTokenRefreshResponse,
};

use crate::samples::{Clients, Sample, Values, answer_fields};

/// A code that the emulator knows.
const CODE: &str = "auth-code-1";

impl Sample for AuthTokenCreate {
    fn requests(values: &Values) -> Vec<Self> {
        vec![Self::builder().code(values.once_token(CODE)).uuid("123e4567-e89b-12d3-a456-426614174000").build()]
    }
}

impl Sample for AuthTokenRefresh {
    fn requests(values: &Values) -> Vec<Self> {
        vec![Self::new(values.once_token("refresh-token-1"))]
    }

    async fn ready(clients: &Clients) -> Self {
        let created = clients.send(&AuthTokenCreate::new(CODE)).await.unwrap();
        Self::new(created.token_result.refresh_token.unwrap())
    }
}

answer_fields! {
    AuthTokenCreateResponse { token_result, request_id }
    AuthTokenRefreshResponse { token_result, request_id }
    AuthToken {
        access_token, refresh_token, token_type, expires_in, re_expires_in, r1_expires_in, r2_expires_in,
        w1_expires_in, w2_expires_in, expire_time, refresh_token_valid_time, taobao_user_id, taobao_user_nick,
        taobao_open_uid, sub_taobao_user_id, sub_taobao_user_nick
    }
}
