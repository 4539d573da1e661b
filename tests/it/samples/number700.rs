use privacy_number::aliyun::{
    AsrModel, Axb700Audio, Axb700CallRestrict, BindAxb700, BindAxb700Response, BindGxb700, BindGxb700Response,
    CallRestrict700, Gxb700Audio, Gxb700CallRestrict, RecType, SecretBind700, SubsUpdate700, UnbindSubs700,
    UnbindSubs700Response, UpdateSubs700, UpdateSubs700Response,
};

use super::binding::keys_at_the_end;
use super::group::ready_group;
use crate::samples::{Clients, Sample, Values, answer_fields, expiration};

const ID: &str = "1000000000000000001";

fn axb_audio() -> Axb700Audio {
    let audio = Axb700Audio::builder().a_call_x_a_pre("185").a_call_x_a_in("186").a_call_x_b_in("187");
    audio.b_call_x_b_pre("188").b_call_x_a_in("189").b_call_x_b_in("190").build()
}

fn gxb_audio() -> Gxb700Audio {
    let audio = Gxb700Audio::builder().g_call_x_g_pre("185").g_call_x_g_in("186").g_call_x_b_in("187");
    audio.b_call_x_b_pre("188").b_call_x_g_in("189").b_call_x_b_in("190").build()
}

/// A binding that the emulator knows.
async fn ready_axb(clients: &Clients) -> SecretBind700 {
    let bind = BindAxb700::builder().pool_key("FC123456").tel_a("15000000000").tel_b("15000000001");
    clients.send(&bind.order_id("00000001").expiration(expiration()).build()).await.unwrap().data
}

impl Sample for BindAxb700 {
    /// One for each identifier of an order, of which a bind has only one.
    fn requests(values: &Values) -> Vec<Self> {
        let full = Self::builder()
            .pool_key("FC123456")
            .tel_a(values.phone_a("15000000001"))
            .tel_b(values.phone_b("15000000002"))
            .tel_x(values.range_700("700000000000000"))
            .expiration(expiration())
            .order_id("00000001")
            .out_id(values.remark("out-0001"))
            .out_order_id("outorder-0001")
            .need_record(true)
            .rec_type(RecType::Mp3)
            .need_asr(false)
            .asr_model_id("asr-model-0001")
            .call_restrict(Axb700CallRestrict::A)
            .call_timeout(10)
            .dtmf_config(keys_at_the_end())
            .audio(axb_audio())
            .build();
        let mut with_industrial_id = full.clone();
        (with_industrial_id.order_id, with_industrial_id.industrial_id) = (None, Some("700.100.1/00000001".into()));
        vec![full, with_industrial_id]
    }
}

impl Sample for BindGxb700 {
    /// One for each identifier of an order, of which a bind has only one.
    fn requests(values: &Values) -> Vec<Self> {
        let full = Self::builder()
            .pool_key("FC123456")
            .group_id("2000000000001")
            .default_a(values.phone_a("15000000004"))
            .tel_b(values.phone_b("15000000002"))
            .tel_x(values.range_700("700000000000000"))
            .expiration(expiration())
            .order_id("00000001")
            .out_id(values.remark("out-0001"))
            .out_order_id("outorder-0001")
            .need_record(true)
            .rec_type(RecType::Wav)
            .need_asr(false)
            .asr_model_id(AsrModel::Mandarin)
            .call_restrict(Gxb700CallRestrict::G)
            .call_timeout(10)
            .dtmf_config(keys_at_the_end())
            .audio(gxb_audio())
            .build();
        let mut with_industrial_id = full.clone();
        (with_industrial_id.order_id, with_industrial_id.industrial_id) = (None, Some("700.100.1/00000001".into()));
        vec![full, with_industrial_id]
    }

    async fn ready(clients: &Clients) -> Self {
        let bind = Self::builder().pool_key("FC123456").tel_b("15000000002").group_id(ready_group(clients).await);
        bind.order_id("00000001").expiration(expiration()).build()
    }
}

impl Sample for UpdateSubs700 {
    /// One for each kind of change, which takes its own parameter.
    fn requests(values: &Values) -> Vec<Self> {
        let update = |change| {
            let update = Self::builder().pool_key("FC123456").subs_id(ID).tel_x(values.range_700("700000000000000"));
            update.order_id("00000001").industrial_id("700.100.1/00000001").update(change).build()
        };
        vec![
            update(SubsUpdate700::TelA(values.phone_a("15000000001").into())),
            update(SubsUpdate700::TelB(values.phone_b("15000000002").into())),
            update(SubsUpdate700::Expiration(expiration().into())),
            update(SubsUpdate700::GroupId("2000000000001".into())),
            update(SubsUpdate700::DefaultA(values.phone_a("15000000004").into())),
            update(SubsUpdate700::CallRestrict(CallRestrict700::A)),
            update(SubsUpdate700::OutId(values.remark("out-0001").into())),
            update(SubsUpdate700::NeedRecord(true)),
            update(SubsUpdate700::Asr { need_asr: false, model_id: Some("asr-model-0001".into()) }),
            update(SubsUpdate700::Audio(axb_audio().into())),
            update(SubsUpdate700::Audio(gxb_audio().into())),
        ]
    }

    async fn ready(clients: &Clients) -> Self {
        let bound = ready_axb(clients).await;
        let update = Self::builder().pool_key("FC123456").subs_id(bound.subs_id).tel_x(bound.secret_no);
        update.order_id("00000001").update(SubsUpdate700::TelB("15000000003".into())).build()
    }
}

impl Sample for UnbindSubs700 {
    fn requests(values: &Values) -> Vec<Self> {
        let unbind = Self::builder().pool_key("FC123456").subs_id(ID).tel_x(values.range_700("700000000000000"));
        vec![unbind.order_id("00000001").industrial_id("700.100.1/00000001").build()]
    }

    async fn ready(clients: &Clients) -> Self {
        let bound = ready_axb(clients).await;
        let unbind = Self::builder().pool_key("FC123456").subs_id(bound.subs_id).tel_x(bound.secret_no);
        unbind.order_id("00000001").build()
    }

    const REFUSED_WHEN_GONE: Option<&'static str> = Some("isv.SUBS_NOT_EXIST");
    const GONE_IS_SUCCESS: bool = true;
}

answer_fields! {
    BindAxb700Response { code, message, request_id, success, access_denied_detail, data }
    BindGxb700Response { code, message, request_id, success, access_denied_detail, data }
    SecretBind700 { secret_no, subs_id }
    UpdateSubs700Response { code, message, request_id, success, access_denied_detail }
    UnbindSubs700Response { code, message, request_id, success, access_denied_detail }
}
