use privacy_number::aliyun::{
    CallRestrict, ProductType, QuerySubsId, QuerySubsIdResponse, QuerySubscriptionDetail,
    QuerySubscriptionDetailResponse, RingConfig, SecretBindDetail, SubscriptionUpdate, UnbindSubscription,
    UnbindSubscriptionResponse, UpdateSubscription, UpdateSubscriptionResponse,
};

use super::binding::{axb_rings, axg_rings, axn_rings, ready_axb};
use crate::samples::{Clients, Sample, Values, answer_fields, expiration};

impl Sample for UpdateSubscription {
    /// One for each kind of change, which takes its own parameter.
    fn requests(values: &Values) -> Vec<Self> {
        let update = |change, rings: RingConfig| {
            let update =
                Self::builder().pool_key("FC123456").subs_id("1000000000001").phone_no_x(values.phone_x("17000000000"));
            update.product_type(ProductType::AxnExtensionReuse).update(change).ring_config(rings).build()
        };
        vec![
            update(SubscriptionUpdate::PhoneNoA(values.phone_a("15000000002").into()), axb_rings().into()),
            update(SubscriptionUpdate::PhoneNoB(values.phone_b("15000000003").into()), axn_rings().into()),
            update(SubscriptionUpdate::GroupId("2000000000001".into()), axg_rings().into()),
            update(SubscriptionUpdate::Expiration(expiration().into()), axb_rings().into()),
            update(SubscriptionUpdate::CallRestrict(CallRestrict::Clear), axb_rings().into()),
            update(SubscriptionUpdate::CallDisplayType(1), axb_rings().into()),
            update(SubscriptionUpdate::OutId(values.remark("out-1").into()), axb_rings().into()),
            update(SubscriptionUpdate::IsRecordingEnabled(false), axb_rings().into()),
            update(SubscriptionUpdate::Asr { status: true, model_id: Some("model-1".into()) }, axb_rings().into()),
        ]
    }

    async fn ready(clients: &Clients) -> Self {
        let bound = ready_axb(clients).await;
        let update = Self::builder().pool_key("FC123456").subs_id(bound.subs_id).phone_no_x(bound.secret_no);
        update.update(SubscriptionUpdate::PhoneNoB("15000000003".into())).build()
    }
}

impl Sample for UnbindSubscription {
    fn requests(values: &Values) -> Vec<Self> {
        let unbind = Self::builder().pool_key("FC123456").product_type(ProductType::Axb170);
        vec![unbind.subs_id("1000000000001").secret_no(values.extension("17000000000")).build()]
    }

    async fn ready(clients: &Clients) -> Self {
        let bound = ready_axb(clients).await;
        Self::builder().pool_key("FC123456").subs_id(bound.subs_id).secret_no(bound.secret_no).build()
    }

    const REFUSED_WHEN_GONE: Option<&'static str> = Some("isv.SUBS_NOT_EXIST");
    const GONE_IS_SUCCESS: bool = true;
}

impl Sample for QuerySubscriptionDetail {
    fn requests(values: &Values) -> Vec<Self> {
        let query = Self::builder().pool_key("FC123456").product_type(ProductType::Axn95);
        vec![query.subs_id("1000000000001").phone_no_x(values.phone_x("17000000000")).build()]
    }

    async fn ready(clients: &Clients) -> Self {
        let bound = ready_axb(clients).await;
        Self::builder().pool_key("FC123456").subs_id(bound.subs_id).phone_no_x(bound.secret_no).build()
    }
}

impl Sample for QuerySubsId {
    fn requests(values: &Values) -> Vec<Self> {
        vec![Self::builder().phone_no_x(values.phone_x("17000000000")).pool_key("FC123456").build()]
    }
}

answer_fields! {
    UpdateSubscriptionResponse { code, message, request_id }
    UnbindSubscriptionResponse { code, message, request_id, charge_id }
    QuerySubscriptionDetailResponse { code, message, request_id, secret_bind_detail: "SecretBindDetailDTO" }
    SecretBindDetail {
        status, extension, phone_no_a, phone_no_b, phone_no_x, group_id, need_record, asr_status, asr_model_id,
        gmt_create, expire_date, subs_id, call_restrict
    }
    QuerySubsIdResponse { code, message, request_id, subs_ids: "SubsId" }
}
