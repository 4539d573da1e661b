//! Calls over a binding: their status, messages, recordings and texts; and whether a number is in service at all.

use privacy_number::aliyun::{
    AsrSentence, ConfirmSendSms, ConfirmSendSmsResponse, DescribePhoneNumberStatus, DescribePhoneNumberStatusResponse,
    GetSecretAsrDetail, GetSecretAsrDetailResponse, GetTotalPublicUrl, GetTotalPublicUrlResponse, PhoneStatus,
    ProductType, QueryCallStatus, QueryCallStatusResponse, QueryRecordFileDownloadUrl,
    QueryRecordFileDownloadUrlResponse, SecretAsrDetail, SecretCallStatus, TotalPublicUrl,
};

use super::binding::ready_axb;
use crate::samples::{Clients, Sample, Values, answer_fields, call_time};

impl Sample for QueryCallStatus {
    fn requests(values: &Values) -> Vec<Self> {
        vec![
            Self::builder().pool_key("FC123456").subs_id("1000000000001").call_no(values.caller("15000000000")).build(),
        ]
    }

    async fn ready(clients: &Clients) -> Self {
        Self::builder().pool_key("FC123456").subs_id(ready_axb(clients).await.subs_id).build()
    }
}

impl Sample for ConfirmSendSms {
    fn requests(values: &Values) -> Vec<Self> {
        vec![
            Self::builder().pool_key("FC123456").secret_no(values.phone_x("17000000000")).call_id("abcdef1234").build(),
        ]
    }

    async fn ready(_: &Clients) -> Self {
        Self::builder().pool_key("FC123456").secret_no("17000000000").call_id("message-1").build()
    }
}

impl Sample for QueryRecordFileDownloadUrl {
    fn requests(_: &Values) -> Vec<Self> {
        let query = Self::builder().pool_key("FC123456").product_type(ProductType::Axn170);
        vec![query.call_id("abcdef1234").call_time(call_time()).build()]
    }
}

impl Sample for GetTotalPublicUrl {
    fn requests(_: &Values) -> Vec<Self> {
        let query = Self::builder().check_subs(true).pool_key("FC123456").call_id("abcdef1234");
        vec![query.call_time(call_time()).build()]
    }
}

impl Sample for GetSecretAsrDetail {
    fn requests(_: &Values) -> Vec<Self> {
        vec![Self::builder().call_id("abcdef1234").call_time(call_time()).pool_key("FC123456").build()]
    }
}

impl Sample for DescribePhoneNumberStatus {
    fn requests(values: &Values) -> Vec<Self> {
        vec![Self::builder().phone_number(values.phone_a("15112345678")).build()]
    }
}

answer_fields! {
    QueryCallStatusResponse { code, message, request_id, secret_call_status: "SecretCallStatusDTO" }
    SecretCallStatus { status, called_no, extension }
    ConfirmSendSmsResponse { code, message, request_id, data }
    QueryRecordFileDownloadUrlResponse { code, message, request_id, download_url }
    GetTotalPublicUrlResponse { code, message, request_id, data }
    TotalPublicUrl { ring_public_url, phone_public_url }
    GetSecretAsrDetailResponse { code, message, request_id, data }
    SecretAsrDetail { request_id, business_id, business_key, code, msg, biz_duration, r#type, sentences }
    AsrSentence { end_time, silence_duration, begin_time, text, channel_id, speech_rate, emotion_value }
    DescribePhoneNumberStatusResponse { code, message, request_id, phone_status }
    PhoneStatus { carrier, serial_id, status }
}
