use privacy_number::aliyun::{
    CallRestrict, ProductType, QuerySubsId, QuerySubsIdResponse, QuerySubscriptionDetail,
    QuerySubscriptionDetailResponse, RingConfig, SubscriptionUpdate, UnbindSubscription, UnbindSubscriptionResponse,
    UpdateSubscription, UpdateSubscriptionResponse,
};

use super::binding::{axb_rings, axg_rings, axn_rings};
use crate::conformance::sample::{Sample, Texts, answer_fields, expiration};

impl Sample for UpdateSubscription {
    /// One for each kind of change, which takes its own parameter.
    fn requests() -> Vec<Self> {
        let update = |change, rings: RingConfig| {
            let update = Self::builder().pool_key("FC123456").subs_id("1000000000001").phone_no_x("17000000000");
            update.product_type(ProductType::AxnExtensionReuse).update(change).ring_config(rings).build()
        };
        vec![
            update(SubscriptionUpdate::PhoneNoA("15000000002".into()), axb_rings().into()),
            update(SubscriptionUpdate::PhoneNoB("15000000003".into()), axn_rings().into()),
            update(SubscriptionUpdate::GroupId("2000000000001".into()), axg_rings().into()),
            update(SubscriptionUpdate::Expiration(expiration().into()), axb_rings().into()),
            update(SubscriptionUpdate::CallRestrict(CallRestrict::Clear), axb_rings().into()),
            update(SubscriptionUpdate::CallDisplayType(1), axb_rings().into()),
            update(SubscriptionUpdate::OutId("out-1".into()), axb_rings().into()),
            update(SubscriptionUpdate::IsRecordingEnabled(false), axb_rings().into()),
            update(SubscriptionUpdate::Asr { status: true, model_id: Some("model-1".into()) }, axb_rings().into()),
        ]
    }

    fn texts(answer: &UpdateSubscriptionResponse, path: &str) -> Option<Vec<String>> {
        answer_fields!(answer, path)
    }
}

impl Sample for UnbindSubscription {
    fn requests() -> Vec<Self> {
        let unbind = Self::builder().pool_key("FC123456").product_type(ProductType::Axb170);
        vec![unbind.subs_id("1000000000001").secret_no("17000000000").build()]
    }

    fn texts(answer: &UnbindSubscriptionResponse, path: &str) -> Option<Vec<String>> {
        answer_fields!(answer, path, "ChargeId" => answer.charge_id)
    }
}

impl Sample for QuerySubscriptionDetail {
    fn requests() -> Vec<Self> {
        let query = Self::builder().pool_key("FC123456").product_type(ProductType::Axn95);
        vec![query.subs_id("1000000000001").phone_no_x("17000000000").build()]
    }

    fn texts(answer: &QuerySubscriptionDetailResponse, path: &str) -> Option<Vec<String>> {
        let detail = &answer.secret_bind_detail;
        answer_fields!(answer, path,
            "SecretBindDetailDTO.Status" => detail.status,
            "SecretBindDetailDTO.Extension" => detail.extension,
            "SecretBindDetailDTO.PhoneNoA" => detail.phone_no_a,
            "SecretBindDetailDTO.PhoneNoB" => detail.phone_no_b,
            "SecretBindDetailDTO.PhoneNoX" => detail.phone_no_x,
            "SecretBindDetailDTO.GroupId" => detail.group_id,
            "SecretBindDetailDTO.NeedRecord" => detail.need_record,
            "SecretBindDetailDTO.ASRStatus" => detail.asr_status,
            "SecretBindDetailDTO.ASRModelId" => detail.asr_model_id,
            "SecretBindDetailDTO.GmtCreate" => detail.gmt_create,
            "SecretBindDetailDTO.ExpireDate" => detail.expire_date,
            "SecretBindDetailDTO.SubsId" => detail.subs_id,
            "SecretBindDetailDTO.CallRestrict" => detail.call_restrict,
        )
    }
}

impl Sample for QuerySubsId {
    fn requests() -> Vec<Self> {
        vec![Self::builder().phone_no_x("17000000000").pool_key("FC123456").build()]
    }

    fn texts(answer: &QuerySubsIdResponse, path: &str) -> Option<Vec<String>> {
        answer_fields!(answer, path, "SubsId" => answer.subs_ids)
    }
}
