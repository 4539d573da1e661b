use super::*;
use crate::aliyun::binding::DtmfConfig;
use crate::aliyun::tests::{at, param, read, refused_field};
use crate::operation::Operation;

const X: &str = "700000000000001";
const ID: &str = "1000000000000000001";

fn axb() -> BindAxb700 {
    let bind = BindAxb700::builder().pool_key("FC123456").tel_a("15000000000").tel_b("15000000001").tel_x(X);
    bind.order_id("00000001").expiration(at("2026-01-07 10:00:00")).build()
}

fn gxb() -> BindGxb700 {
    let bind = BindGxb700::builder().pool_key("FC123456").tel_b("15000000001").group_id("2000000000001");
    bind.order_id("00000001").expiration(at("2026-01-07 10:00:00")).build()
}

fn update(change: SubsUpdate700) -> UpdateSubs700 {
    let update = UpdateSubs700::builder().pool_key("FC123456").subs_id(ID).tel_x(X).order_id("00000001");
    update.update(change).build()
}

fn unbind() -> UnbindSubs700 {
    UnbindSubs700::builder().pool_key("FC123456").subs_id(ID).tel_x(X).order_id("00000001").build()
}

#[test]
fn an_id_beyond_the_exact_range_of_a_double_keeps_all_its_digits() {
    for id in ["1000000000000000001", r#""1000000000000000001""#] {
        let json = format!(r#"{{"Code":200,"Success":true,"Data":{{"SecretNo":"{X}","SubsId":{id}}}}}"#);
        let bound = read::<BindAxb700Response>(&json).unwrap();
        assert_eq!((bound.data.subs_id.as_str(), bound.data.secret_no.expose()), (ID, X));
        assert_eq!((bound.code.as_str(), bound.success), ("200", Some(true)));
    }
    assert_eq!(param(&unbind(), "SubsId").as_deref(), Some(ID));
    assert_eq!(param(&update(SubsUpdate700::NeedRecord(true)), "SubsId").as_deref(), Some(ID));
}

#[test]
fn a_bind_without_its_binding_is_no_success() {
    assert!(read::<BindGxb700Response>(r#"{"Code":"OK","Success":true}"#).is_err());
    assert!(read::<BindGxb700Response>(r#"{"Code":"OK","Success":true,"Data":{}}"#).is_err());
}

#[test]
fn settings_go_out_as_the_documents_name_them() {
    let mut bind = axb();
    bind.audio = Some(Axb700Audio::builder().a_call_x_a_pre("185").b_call_x_b_in("186").build());
    bind.dtmf_config = Some(DtmfConfig::builder().max_loop(3).build());
    bind.asr_model_id = Some(AsrModel::Cantonese);
    bind.call_restrict = Some(Axb700CallRestrict::A);
    bind.rec_type = Some(RecType::Wav);
    let sent = |name| param(&bind, name).unwrap();
    assert_eq!(sent("Audio"), r#"{"ACallX_Apre":"185","BCallX_Bin":"186"}"#);
    assert_eq!(sent("DtmfConfig"), r#"{"maxLoop":3}"#);
    assert_eq!(sent("AsrModelId"), "9b4afe3d224e4fa3bf963697113e2f77");
    assert_eq!((sent("CallRestrict").as_str(), sent("RecType").as_str()), ("CONTROL_AX_DISABLE", "wav"));
    assert_eq!(sent("Expiration"), "2026-01-07 10:00:00");
    assert_eq!((param(&bind, "IndustrialId"), param(&bind, "NeedAsr")), (None, None));
}

#[test]
fn each_change_goes_out_with_its_operate_type_and_nothing_else() {
    let number = || "15000000009".into();
    let gxb_tones = Gxb700Audio::builder().g_call_x_g_pre("185").build();
    for (change, operate_type, name, value) in [
        (SubsUpdate700::TelA(number()), "updateNoA", "TelA", "15000000009"),
        (SubsUpdate700::TelB(number()), "updateNoB", "TelB", "15000000009"),
        (SubsUpdate700::DefaultA(number()), "updateNoDefaultA", "DefaultA", "15000000009"),
        (SubsUpdate700::Expiration(at("2026-01-08 10:00:00")), "updateExpire", "Expiration", "2026-01-08 10:00:00"),
        (SubsUpdate700::GroupId("7".into()), "updateGroup", "GroupId", "7"),
        (
            SubsUpdate700::CallRestrict(Gxb700CallRestrict::G.into()),
            "updateCallRestrict",
            "CallRestrict",
            "CONTROL_GX_DISABLE",
        ),
        (SubsUpdate700::OutId("out".into()), "updateOutId", "OutId", "out"),
        (SubsUpdate700::NeedRecord(false), "updateIsRecordingEnabled", "NeedRecord", "false"),
        (SubsUpdate700::Asr { need_asr: true, model_id: None }, "updateAsr", "NeedAsr", "true"),
        (SubsUpdate700::Audio(gxb_tones.into()), "updateAudio", "Audio", r#"{"GCallX_Gpre":"185"}"#),
        (SubsUpdate700::Other { operate_type: "t".into(), parameter: "P".into(), value: "v".into() }, "t", "P", "v"),
    ] {
        let update = update(change);
        let params = crate::params::Params::from_struct(&update).unwrap();
        let sent: Vec<_> = params.iter().collect();
        let own = [("PoolKey", "FC123456"), ("SubsId", ID), ("TelX", X), ("OrderId", "00000001")];
        let expected: Vec<_> = own.into_iter().chain([("OperateType", operate_type), (name, value)]).collect();
        assert_eq!(sent, expected);
    }
    let asr = update(SubsUpdate700::Asr { need_asr: true, model_id: Some(AsrModel::Mandarin) });
    assert_eq!(param(&asr, "AsrModelId").as_deref(), Some("7ee372834d2f4cc7ac0d0ab2d0ae1aac"));
}

#[test]
fn a_bind_takes_exactly_one_identifier_of_its_order() {
    let now = at("2026-01-06 10:00:00");
    assert_eq!(axb().validate(now.into()), Ok(()));
    let with = |order_id: Option<&str>, industrial_id: Option<&str>| {
        let (mut axb, mut gxb) = (axb(), gxb());
        (axb.order_id, axb.industrial_id) = (order_id.map(Into::into), industrial_id.map(Into::into));
        (gxb.order_id, gxb.industrial_id) = (axb.order_id.clone(), axb.industrial_id.clone());
        let checked = [axb.validate(now.into()), gxb.validate(now.into())];
        checked.map(|result| result.err().map(|error| error.field().to_owned()))
    };
    let both = |field: Option<&str>| [field.map(str::to_owned), field.map(str::to_owned)];
    assert_eq!(with(None, Some("700.100.1/00000001")), both(None));
    assert_eq!(with(None, None), both(Some("order_id")));
    assert_eq!(with(Some("1"), Some("700.100.1/1")), both(Some("industrial_id")));
    assert_eq!(with(Some(""), None), both(Some("order_id")));
    for invisible in ["a b", "a\n", "\u{feff}a", "a\u{200b}b", "a\u{a0}b", "a\u{3000}b"] {
        assert_eq!(with(Some(invisible), None), both(Some("order_id")), "{invisible:?}");
        assert_eq!(with(None, Some(invisible)), both(Some("industrial_id")), "{invisible:?}");
    }
}

#[test]
fn an_existing_binding_needs_one_identifier_of_its_order_and_may_have_both() {
    let now = at("2026-01-06 10:00:00");
    let mut both = unbind();
    both.industrial_id = Some("700.100.1/1".into());
    assert_eq!(both.validate(now.into()), Ok(()));
    let mut neither = unbind();
    neither.order_id = None;
    assert_eq!(refused_field(&neither, now), "order_id");
    let mut neither = update(SubsUpdate700::NeedRecord(true));
    neither.order_id = None;
    assert_eq!(refused_field(&neither, now), "order_id");
}

#[test]
fn what_the_client_can_see_is_refused_and_the_field_is_named() {
    let now = at("2026-01-06 10:00:00");
    let refused = |change: fn(&mut BindAxb700)| {
        let mut bind = axb();
        change(&mut bind);
        refused_field(&bind, now)
    };
    assert_eq!(refused(|bind| bind.pool_key.clear()), "pool_key");
    assert_eq!(refused(|bind| bind.tel_a = "150-0000".into()), "tel_a");
    assert_eq!(refused(|bind| bind.tel_b = "".into()), "tel_b");
    assert_eq!(refused(|bind| bind.tel_x = Some("17000000001".into())), "tel_x");
    assert_eq!(refused(|bind| bind.tel_x = Some("700********0000".into())), "tel_x");
    assert_eq!(refused(|bind| bind.expiration = at("2026-01-06 10:01:00")), "expiration");
    assert_eq!(refused(|bind| bind.call_timeout = Some(4)), "call_timeout");
    assert_eq!(refused(|bind| bind.call_timeout = Some(21)), "call_timeout");
    let mut without_group = gxb();
    without_group.group_id = None;
    assert_eq!(without_group.validate(now.into()), Ok(()));
    let mut empty_group = gxb();
    empty_group.group_id = Some(String::new());
    assert_eq!(refused_field(&empty_group, now), "group_id");
    let mut foreign = gxb();
    foreign.default_a = Some("+8615000000000".into());
    assert_eq!(refused_field(&foreign, now), "default_a");
    for id in ["", "1000****", "9223372036854775808", "-1"] {
        let mut unbind = unbind();
        unbind.subs_id = id.to_owned();
        assert_eq!(refused_field(&unbind, now), "subs_id");
    }
    let earlier = SubsUpdate700::Expiration(now);
    assert_eq!(refused_field(&update(earlier), now), "expiration");
}

#[test]
fn no_number_and_no_text_of_the_users_own_is_shown() {
    let mut bind = gxb();
    (bind.default_a, bind.out_id) = (Some("15000000004".into()), Some("secret-note".into()));
    let shown = format!("{:?} {bind:?} {:?}", axb(), update(SubsUpdate700::TelA("15000000007".into())));
    for private in ["15000000000", "15000000001", "15000000004", "15000000007", X, "secret-note"] {
        assert!(!shown.contains(private), "{private}: {shown}");
    }
}
