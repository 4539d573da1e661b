use privacy_number::top::{
    SendMessageByOaidRequest, SmsEntry, SmsMessageDirectBatchsend, SmsMessageDirectBatchsendResponse,
    SmsOaidMessageSend, SmsOaidMessageSendResponse, TemplateParams, TemplateParamsShape,
};

use crate::samples::{Sample, Values, answer_fields};

impl Sample for SmsOaidMessageSend {
    /// One with each shape of the values.
    fn requests(values: &Values) -> Vec<Self> {
        let message = |shape| {
            let params = TemplateParams::from([("content", values.remark("您好!"))]).shape(shape);
            let message = SendMessageByOaidRequest::builder().oaid(values.oaid("oaid-a")).order_id("1234567890");
            let message = message.sms_free_sign_name("聚石塔测试签名").template_code("SMS_12345").params(params);
            let message = message.extend_code("12345").extend_name("name-1").extend(values.remark("order-1"));
            Self::new(message.additional_info(true).build())
        };
        vec![message(TemplateParamsShape::Object), message(TemplateParamsShape::Text)]
    }
}

impl Sample for SmsMessageDirectBatchsend {
    fn requests(values: &Values) -> Vec<Self> {
        let entry = |tid: &str, oaid: &str| {
            let entry = SmsEntry::builder().oaid(values.oaid(oaid)).order_id(tid).sign_name("测试签名");
            entry.content([("msg", values.remark("您好"))]).extend_num("123").build()
        };
        let batch = Self::builder().sms_template_code("SMS_12345").task_sign("task-20260106-01");
        let batch = batch.entries([entry("1234567890", "oaid-a"), entry("1234567891", "oaid-b")]);
        vec![batch.extra_data([("k", values.remark("v"))]).build()]
    }
}

answer_fields! {
    SmsOaidMessageSendResponse { module, req_id, request_id }
    SmsMessageDirectBatchsendResponse { module, request_id }
}
