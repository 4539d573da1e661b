//! Calls over a binding: their status, messages, recordings and texts; and whether a number is in service at all.

use privacy_number::aliyun::{
    ConfirmSendSms, ConfirmSendSmsResponse, DescribePhoneNumberStatus, DescribePhoneNumberStatusResponse,
    GetSecretAsrDetail, GetSecretAsrDetailResponse, GetTotalPublicUrl, GetTotalPublicUrlResponse, ProductType,
    QueryCallStatus, QueryCallStatusResponse, QueryRecordFileDownloadUrl, QueryRecordFileDownloadUrlResponse,
};

use crate::conformance::sample::{Sample, Texts, answer_fields, call_time, each};

impl Sample for QueryCallStatus {
    fn requests() -> Vec<Self> {
        vec![Self::builder().pool_key("FC123456").subs_id("1000000000001").call_no("15000000000").build()]
    }

    fn texts(answer: &QueryCallStatusResponse, path: &str) -> Option<Vec<String>> {
        let status = &answer.secret_call_status;
        answer_fields!(answer, path,
            "SecretCallStatusDTO.Status" => status.status,
            "SecretCallStatusDTO.CalledNo" => status.called_no,
            "SecretCallStatusDTO.Extension" => status.extension,
        )
    }
}

impl Sample for ConfirmSendSms {
    fn requests() -> Vec<Self> {
        vec![Self::builder().pool_key("FC123456").secret_no("17000000000").call_id("abcdef1234").build()]
    }

    fn texts(answer: &ConfirmSendSmsResponse, path: &str) -> Option<Vec<String>> {
        answer_fields!(answer, path, "Data" => answer.data)
    }
}

impl Sample for QueryRecordFileDownloadUrl {
    fn requests() -> Vec<Self> {
        let query = Self::builder().pool_key("FC123456").product_type(ProductType::Axn170);
        vec![query.call_id("abcdef1234").call_time(call_time()).build()]
    }

    fn texts(answer: &QueryRecordFileDownloadUrlResponse, path: &str) -> Option<Vec<String>> {
        answer_fields!(answer, path, "DownloadUrl" => answer.download_url)
    }
}

impl Sample for GetTotalPublicUrl {
    fn requests() -> Vec<Self> {
        let query = Self::builder().check_subs(true).pool_key("FC123456").call_id("abcdef1234");
        vec![query.call_time(call_time()).build()]
    }

    fn texts(answer: &GetTotalPublicUrlResponse, path: &str) -> Option<Vec<String>> {
        answer_fields!(answer, path,
            "Data.RingPublicUrl" => answer.data.ring_public_url,
            "Data.PhonePublicUrl" => answer.data.phone_public_url,
        )
    }
}

impl Sample for GetSecretAsrDetail {
    fn requests() -> Vec<Self> {
        vec![Self::builder().call_id("abcdef1234").call_time(call_time()).pool_key("FC123456").build()]
    }

    fn texts(answer: &GetSecretAsrDetailResponse, path: &str) -> Option<Vec<String>> {
        let data = &answer.data;
        answer_fields!(answer, path,
            "Data.RequestId" => data.request_id,
            "Data.BusinessId" => data.business_id,
            "Data.BusinessKey" => data.business_key,
            "Data.Code" => data.code,
            "Data.Msg" => data.msg,
            "Data.BizDuration" => data.biz_duration,
            "Data.Type" => data.r#type,
            "Data.Sentences[].EndTime" => each(&data.sentences, |sentence| &sentence.end_time),
            "Data.Sentences[].SilenceDuration" => each(&data.sentences, |sentence| &sentence.silence_duration),
            "Data.Sentences[].BeginTime" => each(&data.sentences, |sentence| &sentence.begin_time),
            "Data.Sentences[].Text" => each(&data.sentences, |sentence| &sentence.text),
            "Data.Sentences[].ChannelId" => each(&data.sentences, |sentence| &sentence.channel_id),
            "Data.Sentences[].SpeechRate" => each(&data.sentences, |sentence| &sentence.speech_rate),
            "Data.Sentences[].EmotionValue" => each(&data.sentences, |sentence| &sentence.emotion_value),
        )
    }
}

impl Sample for DescribePhoneNumberStatus {
    fn requests() -> Vec<Self> {
        vec![Self::builder().phone_number("15112345678").build()]
    }

    fn texts(answer: &DescribePhoneNumberStatusResponse, path: &str) -> Option<Vec<String>> {
        let status = &answer.phone_status;
        answer_fields!(answer, path,
            "PhoneStatus.Carrier" => status.carrier,
            "PhoneStatus.SerialId" => status.serial_id,
            "PhoneStatus.Status" => status.status,
        )
    }
}
