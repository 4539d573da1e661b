use privacy_number::aliyun::{
    AxbRingConfig, AxgBind, AxgRingConfig, AxnRingConfig, BindAxb, BindAxbResponse, BindAxg, BindAxgResponse, BindAxn,
    BindAxnExtension, BindAxnExtensionResponse, BindAxnResponse, BindBatchAxg, BindBatchAxgResponse, CallRestrict,
    DtmfConfig, ProductType,
};

use crate::conformance::sample::{Sample, Texts, answer_fields, each, expiration};

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

fn keys_at_the_end() -> DtmfConfig {
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

impl Sample for BindAxb {
    fn requests() -> Vec<Self> {
        vec![
            Self::builder()
                .pool_key("FC123456")
                .phone_no_a("15000000000")
                .phone_no_b("15000000001")
                .phone_no_x("17000000000")
                .expiration(expiration())
                .expect_city("北京")
                .is_recording_enabled(true)
                .out_id("a *~+%&=é")
                .out_order_id("order-1")
                .call_restrict(CallRestrict::A)
                .call_display_type(1)
                .ring_config(axb_rings())
                .asr_status(false)
                .asr_model_id("model-1")
                .call_timeout(10)
                .dtmf_config(keys_at_the_end())
                .build(),
        ]
    }

    fn texts(answer: &BindAxbResponse, path: &str) -> Option<Vec<String>> {
        let bound = &answer.secret_bind;
        answer_fields!(answer, path,
            "SecretBindDTO.Extension" => bound.extension,
            "SecretBindDTO.SubsId" => bound.subs_id,
            "SecretBindDTO.SecretNo" => bound.secret_no,
        )
    }
}

impl Sample for BindAxn {
    fn requests() -> Vec<Self> {
        vec![
            Self::builder()
                .pool_key("FC123456")
                .phone_no_a("15000000000")
                .phone_no_b("15000000001")
                .phone_no_x("17000000000")
                .expiration(expiration())
                .expect_city("上海")
                .is_recording_enabled(true)
                .no_type(ProductType::Axb170)
                .out_id("out-1")
                .out_order_id("order-1")
                .call_display_type(1)
                .ring_config(axn_rings())
                .asr_status(true)
                .asr_model_id("model-1")
                .call_timeout(10)
                .call_restrict(CallRestrict::A)
                .extend("extend-1")
                .build(),
        ]
    }

    fn texts(answer: &BindAxnResponse, path: &str) -> Option<Vec<String>> {
        let bound = &answer.secret_bind;
        answer_fields!(answer, path,
            "SecretBindDTO.Extension" => bound.extension,
            "SecretBindDTO.SubsId" => bound.subs_id,
            "SecretBindDTO.SecretNo" => bound.secret_no,
        )
    }
}

impl Sample for BindAxnExtension {
    fn requests() -> Vec<Self> {
        vec![
            Self::builder()
                .pool_key("FC123456")
                .phone_no_a("15000000000")
                .extension("130")
                .phone_no_b("15000000001")
                .phone_no_x("17000000000")
                .expiration(expiration())
                .expect_city("北京")
                .is_recording_enabled(false)
                .out_id("out-1")
                .out_order_id("order-1")
                .call_display_type(1)
                .ring_config(axn_rings())
                .asr_status(true)
                .asr_model_id("model-1")
                .call_restrict(CallRestrict::B)
                .extend("extend-1")
                .build(),
        ]
    }

    fn texts(answer: &BindAxnExtensionResponse, path: &str) -> Option<Vec<String>> {
        let bound = &answer.secret_bind;
        answer_fields!(answer, path,
            "SecretBindDTO.Extension" => bound.extension,
            "SecretBindDTO.SubsId" => bound.subs_id,
            "SecretBindDTO.SecretNo" => bound.secret_no,
        )
    }
}

impl Sample for BindAxg {
    fn requests() -> Vec<Self> {
        vec![
            Self::builder()
                .pool_key("FC123456")
                .phone_no_a("15000000000")
                .group_id("2000000000001")
                .phone_no_b("15000000001")
                .phone_no_x("17000000000")
                .expiration(expiration())
                .expect_city("北京")
                .is_recording_enabled(true)
                .out_id("out-1")
                .out_order_id("order-1")
                .call_display_type(1)
                .ring_config(axg_rings())
                .asr_status(false)
                .asr_model_id("model-1")
                .call_restrict(CallRestrict::A)
                .build(),
        ]
    }

    fn texts(answer: &BindAxgResponse, path: &str) -> Option<Vec<String>> {
        let bound = &answer.secret_bind;
        answer_fields!(answer, path,
            "SecretBindDTO.Extension" => bound.extension,
            "SecretBindDTO.SubsId" => bound.subs_id,
            "SecretBindDTO.SecretNo" => bound.secret_no,
        )
    }
}

impl Sample for BindBatchAxg {
    fn requests() -> Vec<Self> {
        let full = AxgBind::builder()
            .phone_no_a("15000000000")
            .group_id("2000000000001")
            .phone_no_b("15000000001")
            .phone_no_x("17000000000")
            .expect_city("北京")
            .is_recording_enabled(false)
            .out_id("out-1")
            .expiration(expiration())
            .out_order_id("order-1")
            .call_display_type(1)
            .ring_config(axg_rings())
            .asr_status(true)
            .asr_model_id("model-1")
            .call_restrict(CallRestrict::A)
            .build();
        let least = AxgBind::builder().phone_no_a("15000000002").group_id("2000000000002").expiration(expiration());
        vec![Self::builder().pool_key("FC123456").axg_bind_list([full, least.build()]).build()]
    }

    fn texts(answer: &BindBatchAxgResponse, path: &str) -> Option<Vec<String>> {
        let rows = &answer.rows;
        answer_fields!(answer, path,
            "SecretBindList.SecretBind[].SecretNo" => each(rows, |row| &row.secret_bind.secret_no),
            "SecretBindList.SecretBind[].SubsId" => each(rows, |row| &row.secret_bind.subs_id),
            "SecretBindList.SecretBind[].Extension" => each(rows, |row| &row.secret_bind.extension),
            "SecretBindList.SecretBind[].GroupId" => each(rows, |row| &row.group_id),
            "SecretBindList.SecretBind[].PhoneNoA" => each(rows, |row| &row.phone_no_a),
            "SecretBindList.SecretBind[].Code" => each(rows, |row| &row.code),
            "SecretBindList.SecretBind[].Message" => each(rows, |row| &row.message),
        )
    }
}
