use privacy_number::aliyun::{
    AxbRingConfig, AxgBind, AxgBindRow, AxgRingConfig, AxnRingConfig, BindAxb, BindAxbResponse, BindAxg,
    BindAxgResponse, BindAxn, BindAxnExtension, BindAxnExtensionResponse, BindAxnResponse, BindBatchAxg,
    BindBatchAxgResponse, CallRestrict, DtmfConfig, ProductType, SecretBind,
};

use super::group::ready_group;
use crate::samples::{Clients, Sample, Values, answer_fields, expiration};

pub(super) fn axb_rings() -> AxbRingConfig {
    let rings = AxbRingConfig::builder().axb_ring_a("10000001").axb_ring_b("10000002");
    rings.axb_ring_a_pickup("10000003").axb_ring_b_pickup("10000004").build()
}

pub(super) fn axn_rings() -> AxnRingConfig {
    let rings = AxnRingConfig::builder().axn_ring_ab("10000001").axn_ring_a("10000002").axn_ring_n("10000003");
    rings.axn_ring_a_pickup("10000004").axn_ring_n_pickup("10000005").build()
}

pub(super) fn axg_rings() -> AxgRingConfig {
    AxgRingConfig::builder().axg_ring_ab("100000001").axg_ring_a("100000002").axg_ring_g("100000003").build()
}

/// A binding that the emulator knows.
pub(super) async fn ready_axb(clients: &Clients) -> SecretBind {
    let bind = BindAxb::builder().pool_key("FC123456").phone_no_a("15000000000").phone_no_b("15000000001");
    clients.send(&bind.expiration(expiration()).build()).await.unwrap().secret_bind
}

pub(super) fn keys_at_the_end() -> DtmfConfig {
    DtmfConfig::builder()
        .end_call_ivr_phone_no("A")
        .waiting_dtmf_time(10)
        .max_loop(3)
        .step1_file("a.wav")
        .step2_file("b.wav")
        .valid_key("1,2")
        .waiting_end_call(2)
        .build()
}

/// Sets what every bind has, to the same values. The type of a builder changes with each of its setters.
macro_rules! common_terms {
    ($builder:expr, $values:ident) => {
        $builder
            .phone_no_a($values.phone_a("15000000000"))
            .phone_no_b($values.phone_b("15000000001"))
            .phone_no_x($values.phone_x("17000000000"))
            .expiration(expiration())
            .out_order_id("order-1")
            .call_display_type(1)
            .asr_model_id("model-1")
    };
}

impl Sample for BindAxb {
    fn requests(values: &Values) -> Vec<Self> {
        vec![
            common_terms!(Self::builder().pool_key("FC123456"), values)
                .expect_city("北京")
                .is_recording_enabled(true)
                .out_id(values.remark("a *~+%&=é"))
                .call_restrict(CallRestrict::A)
                .ring_config(axb_rings())
                .asr_status(false)
                .call_timeout(10)
                .dtmf_config(keys_at_the_end())
                .build(),
        ]
    }
}

impl Sample for BindAxn {
    fn requests(values: &Values) -> Vec<Self> {
        vec![
            common_terms!(Self::builder().pool_key("FC123456"), values)
                .expect_city("上海")
                .is_recording_enabled(true)
                .no_type(ProductType::Axb170)
                .out_id(values.remark("out-1"))
                .ring_config(axn_rings())
                .asr_status(true)
                .call_timeout(10)
                .call_restrict(CallRestrict::A)
                .extend(values.remark("extend-1"))
                .build(),
        ]
    }
}

impl Sample for BindAxnExtension {
    fn requests(values: &Values) -> Vec<Self> {
        vec![
            common_terms!(Self::builder().pool_key("FC123456"), values)
                .extension("130")
                .expect_city("北京")
                .is_recording_enabled(false)
                .out_id(values.remark("out-1"))
                .ring_config(axn_rings())
                .asr_status(true)
                .call_restrict(CallRestrict::B)
                .extend(values.remark("extend-1"))
                .build(),
        ]
    }
}

impl Sample for BindAxg {
    fn requests(values: &Values) -> Vec<Self> {
        vec![
            common_terms!(Self::builder().pool_key("FC123456"), values)
                .group_id("2000000000001")
                .expect_city("北京")
                .is_recording_enabled(true)
                .out_id(values.remark("out-1"))
                .ring_config(axg_rings())
                .asr_status(false)
                .call_restrict(CallRestrict::A)
                .build(),
        ]
    }

    async fn ready(clients: &Clients) -> Self {
        let bind = Self::builder().pool_key("FC123456").phone_no_a("15000000000").group_id(ready_group(clients).await);
        bind.expiration(expiration()).build()
    }
}

impl Sample for BindBatchAxg {
    fn requests(values: &Values) -> Vec<Self> {
        let full = common_terms!(AxgBind::builder(), values)
            .group_id("2000000000001")
            .expect_city("北京")
            .is_recording_enabled(false)
            .out_id(values.remark("out-1"))
            .ring_config(axg_rings())
            .asr_status(true)
            .call_restrict(CallRestrict::A)
            .build();
        let least = AxgBind::builder()
            .phone_no_a(values.phone_a("15000000002"))
            .group_id("2000000000002")
            .expiration(expiration());
        vec![Self::builder().pool_key("FC123456").axg_bind_list([full, least.build()]).build()]
    }

    async fn ready(clients: &Clients) -> Self {
        let bind = AxgBind::builder().phone_no_a("15000000000").group_id(ready_group(clients).await);
        Self::builder().pool_key("FC123456").axg_bind_list([bind.expiration(expiration()).build()]).build()
    }
}

answer_fields! {
    BindAxbResponse { code, message, request_id, secret_bind: "SecretBindDTO" }
    BindAxnResponse { code, message, request_id, secret_bind: "SecretBindDTO" }
    BindAxnExtensionResponse { code, message, request_id, secret_bind: "SecretBindDTO" }
    BindAxgResponse { code, message, request_id, secret_bind: "SecretBindDTO" }
    SecretBind { extension, subs_id, secret_no }
    BindBatchAxgResponse { code, message, request_id, rows: "SecretBindList.SecretBind" }
    AxgBindRow { group_id, phone_no_a, code, message; ..secret_bind }
}
