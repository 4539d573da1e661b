use std::time::Duration;

use privacy_number::aliyun::{
    Ability, BindAXBCall, BindAXBCallData, BindAXBCallResponse, BindXB, BindXBData, BindXBResponse, ConfigX,
    ConfigXResponse, CreateSmsSign, CreateSmsSignResponse, GetXConfig, GetXConfigResponse, GetXDefaultConfig,
    GetXDefaultConfigResponse, GnFlag, ListXTelephones, ListXTelephonesResponse, QuerySoundRecord,
    QuerySoundRecordResponse, ReachRule, SequenceCall, SequenceMode, SmsSign, SmsSignMode, SoundRecord, UnBindAXB,
    UnBindAXBResponse, UnBindXB, UnBindXBResponse, XConfig, XTelephone, XTelephones,
};

use crate::samples::{Clients, Sample, Values, answer_fields};

const POOL: &str = "FC123456";
/// A work number that the emulator knows.
const NUMBER: &str = "16500000000";
const REQ_ID: &str = "REQ00000000000000001";
const PARENT: u64 = 100_000_000_001;

/// A binding of X and B that the emulator knows.
async fn ready_auth_id(clients: &Clients) -> String {
    let bind = BindXB::builder().customer_pool_key(POOL).tel_x(NUMBER).tel_b("15000000002").build();
    clients.send(&bind).await.unwrap().data.auth_id
}

impl Sample for BindXB {
    fn requests(values: &Values) -> Vec<Self> {
        let bind = Self::builder().customer_pool_key(POOL).tel_x(values.phone_x(NUMBER));
        let bind = bind.tel_b(values.phone_b("15000000002")).user_data(values.remark("user-0001"));
        vec![bind.req_id(REQ_ID).caller_parent_id(PARENT).build()]
    }
}

impl Sample for UnBindXB {
    fn requests(values: &Values) -> Vec<Self> {
        let unbind = Self::builder().customer_pool_key(POOL).tel_x(values.phone_x(NUMBER)).auth_id("1000000001");
        vec![unbind.req_id(REQ_ID).caller_parent_id(PARENT).build()]
    }

    async fn ready(clients: &Clients) -> Self {
        let auth_id = ready_auth_id(clients).await;
        Self::builder().customer_pool_key(POOL).tel_x(NUMBER).auth_id(auth_id).build()
    }
}

impl Sample for BindAXBCall {
    fn requests(values: &Values) -> Vec<Self> {
        let bind = Self::builder().customer_pool_key(POOL).auth_id("1000000001").tel_a(values.phone_a("15000000001"));
        let bind = bind.expiration(Duration::from_secs(7200)).user_data(values.remark("user-0001"));
        vec![bind.req_id(REQ_ID).caller_parent_id(PARENT).build()]
    }

    async fn ready(clients: &Clients) -> Self {
        let bind = Self::builder().customer_pool_key(POOL).auth_id(ready_auth_id(clients).await);
        bind.tel_a("15000000001").expiration(Duration::from_secs(7200)).build()
    }
}

impl Sample for UnBindAXB {
    fn requests(_: &Values) -> Vec<Self> {
        let unbind = Self::builder().customer_pool_key(POOL).bind_id("2000000001");
        vec![unbind.req_id(REQ_ID).caller_parent_id(PARENT).build()]
    }

    async fn ready(clients: &Clients) -> Self {
        let bound = clients.send(&BindAXBCall::ready(clients).await).await.unwrap().data;
        Self::builder().customer_pool_key(POOL).bind_id(bound.bind_id).build()
    }
}

impl Sample for ConfigX {
    fn requests(values: &Values) -> Vec<Self> {
        let sequence_call = SequenceCall::builder()
            .sequence_called_no(values.phone_b("15000000005"))
            .sequence_call_no_play_code("01")
            .sequence_called_play_code("02");
        let config = || Self::builder().customer_pool_key(POOL).tel_x(values.phone_x(NUMBER)).req_id(REQ_ID);
        vec![
            config()
                .call_ability(true)
                .sms_ability(Ability::Disabled)
                .gn_flag(GnFlag::CustomerNumber)
                .sms_sign_mode(SmsSignMode::PassedThrough)
                .sequence_mode(SequenceMode::CalledFirst)
                .sequence_calls([sequence_call.build()])
                .caller_parent_id(PARENT)
                .build(),
            config().sequence_mode(SequenceMode::Off).build(),
        ]
    }
}

impl Sample for GetXConfig {
    fn requests(values: &Values) -> Vec<Self> {
        let get = Self::builder().customer_pool_key(POOL).tel_x(values.phone_x(NUMBER));
        vec![get.req_id(REQ_ID).caller_parent_id(PARENT).build()]
    }
}

impl Sample for GetXDefaultConfig {
    fn requests(values: &Values) -> Vec<Self> {
        let get = Self::builder().customer_pool_key(POOL).tel_x(values.phone_x(NUMBER));
        vec![get.req_id(REQ_ID).caller_parent_id(PARENT).build()]
    }
}

impl Sample for ListXTelephones {
    fn requests(_: &Values) -> Vec<Self> {
        let list = Self::builder().customer_pool_key(POOL).page_no(1).page_size(10);
        vec![list.req_id(REQ_ID).caller_parent_id(PARENT).build()]
    }
}

impl Sample for QuerySoundRecord {
    fn requests(_: &Values) -> Vec<Self> {
        let query = Self::builder().customer_pool_key(POOL).call_id("abcdef1234");
        vec![query.req_id(REQ_ID).caller_parent_id(PARENT).build()]
    }
}

impl Sample for CreateSmsSign {
    fn requests(values: &Values) -> Vec<Self> {
        let sign = Self::builder().customer_pool_key(POOL).calling_no(values.phone_b("15000000002"));
        let sign = sign.called_no(values.phone_a("15000000001"));
        vec![sign.req_id(REQ_ID).caller_parent_id(PARENT).build()]
    }
}

answer_fields! {
    BindXBResponse { code, message, request_id, success, access_denied_detail, data }
    BindXBData { auth_id, tel_x }
    UnBindXBResponse { code, message, request_id, success, access_denied_detail, data }
    BindAXBCallResponse { code, message, request_id, success, access_denied_detail, data }
    BindAXBCallData { bind_id }
    UnBindAXBResponse { code, message, request_id, success, access_denied_detail, data }
    ConfigXResponse { code, message, request_id, success, access_denied_detail, data }
    GetXConfigResponse { code, message, request_id, success, access_denied_detail, data }
    GetXDefaultConfigResponse { code, message, request_id, success, access_denied_detail, data }
    XConfig {
        call_ability, sms_ability, gn_flag, sms_sign_mode, reach_jsons: "ReachJson", sequence_calls: "SequenceCall",
        sequence_start_time, sequence_end_time
    }
    SequenceCall { sequence_called_no, sequence_call_no_play_code, sequence_called_play_code }
    ReachRule { rule_id, rule_name, rule_type, temp_id, call_dir, call_status, receive_dir }
    ListXTelephonesResponse { code, message, request_id, success, access_denied_detail, data }
    XTelephones { list, page_no, page_size, total }
    XTelephone {
        telephone, telephone_status, sms_status, auth_msg, customer_pool_key, customer_pool_name, buy_time, bind_time,
        unbind_time, release_time
    }
    QuerySoundRecordResponse { code, message, request_id, success, access_denied_detail, data }
    SoundRecord { file_url }
    CreateSmsSignResponse { code, message, request_id, success, access_denied_detail, data }
    SmsSign { called_no_sign }
}
