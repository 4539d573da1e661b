use std::time::Duration;

use super::exports::*;
use crate::aliyun::tests::{at, param, read, refused_field};
use crate::operation::Operation;

fn axb() -> BindAxbFixedLine {
    let bind = BindAxbFixedLine::builder().app_id("APP0001").tel_a("15000000001").tel_b("15000000002");
    bind.expiration(Duration::from_secs(7200)).anucode("1,2,3").build()
}

fn extension(tel_xext: &str) -> BindAxnExtensionFixedLine {
    let tel_x = FixedLineExtensionX::Given { tel_x: "057100000000".into(), tel_xext: tel_xext.into() };
    let bind = BindAxnExtensionFixedLine::builder().app_id("APP0001").tel_a("15000000001").tel_x(tel_x);
    bind.expiration(FixedLineExpiration::Never).anucode("1,2,1").build()
}

fn refused(operation: &impl Operation) -> String {
    refused_field(operation, at("2026-01-06 10:00:00"))
}

fn accepted(operation: &impl Operation) -> bool {
    operation.validate(at("2026-01-06 10:00:00").into()).is_ok()
}

#[test]
fn times_are_digits_of_china_time() {
    let time = chrono::DateTime::parse_from_rfc3339("2026-01-05T16:00:01.002Z").unwrap();
    let bind = BindAxbFixedLine { ts: time, subts: time, ..axb() };
    assert_eq!(param(&bind, "Ts").as_deref(), Some("20260106000001002"));
    assert_eq!(param(&bind, "Subts").as_deref(), Some("20260106000001"));
}

#[test]
fn a_request_keeps_its_order_id_and_two_requests_have_different_ones() {
    let first = axb();
    assert_eq!(param(&first, "OrderId"), param(&first.clone(), "OrderId"));
    assert_ne!(param(&first, "OrderId"), param(&axb(), "OrderId"));
    let id = param(&first, "OrderId").unwrap();
    assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id}");
    assert_eq!(refused(&BindAxbFixedLine { order_id: String::new(), ..axb() }), "order_id");
}

#[test]
fn an_expiration_is_seconds_and_zero_is_never() {
    let with = |expiration: FixedLineExpiration| BindAxbFixedLine { expiration, ..axb() };
    let sent = |expiration| param(&with(expiration), "Expiration").unwrap();
    assert_eq!(sent(Duration::from_secs(7200).into()), "7200");
    assert_eq!(sent(FixedLineExpiration::Never), "0");
    assert!(accepted(&with(FixedLineExpiration::Never)));
    for wrong in [
        Duration::ZERO.into(),
        Duration::from_millis(500).into(),
        Duration::from_millis(1500).into(),
        FixedLineExpiration::Other("2030-01-01".into()),
    ] {
        assert_eq!(refused(&with(wrong)), "expiration");
    }
    let query = |seconds: &str| {
        let text = format!(r#"{{"Code":"0","Data":{{"Subid":"1","TelX":"0571","Expiration":{seconds}}}}}"#);
        read::<QueryAxbBindFixedLineResponse>(&text).unwrap().data.swap_remove(0).expiration
    };
    assert_eq!(query("\"60\""), Some(Duration::from_secs(60).into()));
    assert_eq!(query("0"), Some(FixedLineExpiration::Never));
    assert_eq!(query("\"soon\""), Some(FixedLineExpiration::Other("soon".into())));
    assert_eq!(query("null"), None);
}

#[test]
fn the_mode_of_x_goes_with_its_own_parameters() {
    let sent = |tel_x: FixedLineX| {
        let bind = BindAxbFixedLine { tel_x, ..axb() };
        ["BindType", "TelX", "Areacode"].map(|name| param(&bind, name))
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(sent("057100000000".into()), [some("mode101"), some("057100000000"), None]);
    assert_eq!(sent(FixedLineX::default()), [some("mode102"), None, None]);
    for written in ["10", "010"] {
        assert_eq!(sent(FixedLineX::in_area(written)), [some("mode102"), None, some("10")]);
    }
    assert_eq!(refused(&BindAxbFixedLine { tel_x: "".into(), ..axb() }), "tel_x");
    for wrong in ["", "0", "00571", "1", "57100", "北京"] {
        assert_eq!(refused(&BindAxbFixedLine { tel_x: FixedLineX::in_area(wrong), ..axb() }), "areacode");
    }
}

#[test]
fn an_extension_is_four_digits_and_goes_with_its_x() {
    assert!(accepted(&extension("1001")));
    assert_eq!(param(&extension("1001"), "TelXext").as_deref(), Some("1001"));
    for wrong in ["", "101", "10001", "10a1"] {
        assert_eq!(refused(&extension(wrong)), "tel_xext");
    }
}

#[test]
fn only_one_party_changes_at_once() {
    let time = at("2026-01-06 10:00:00");
    let axb = UpdateAxbBindFixedLine::builder().app_id("APP0001").sub_id("1").subts(time).tel_a("15000000001");
    let mut axb = axb.build();
    assert!(accepted(&axb));
    axb.tel_b = Some("15000000002".into());
    assert_eq!(refused(&axb), "tel_b");
    let axn = UpdateAxnBindFixedLine::builder().app_id("APP0001").sub_id("1").subts(time).tel_b("15000000002");
    let mut axn = axn.build();
    assert!(accepted(&axn));
    axn.tel_a = Some("15000000001".into());
    assert_eq!(refused(&axn), "tel_b");
}

#[test]
fn announcement_codes_are_counted() {
    for (field, count) in [("anucode", 3), ("anucodecalled", 2), ("t_anucode_connect", 2)] {
        let with = |codes: &str| {
            let mut bind = axb();
            match field {
                "anucode" => bind.anucode = codes.into(),
                "anucodecalled" => bind.anucodecalled = Some(codes.into()),
                _ => bind.t_anucode_connect = Some(codes.into()),
            }
            bind
        };
        assert!(accepted(&with(&vec!["10001"; count].join(","))), "{field}");
        for wrong in [vec!["1"; count + 1].join(","), vec!["1"; count - 1].join(","), ",".repeat(count - 1)] {
            assert_eq!(refused(&with(&wrong)), field);
        }
    }
}

#[test]
fn a_remark_has_at_most_a_hundred_characters() {
    let with = |characters| BindAxbFixedLine { remark: Some("备".repeat(characters).into()), ..axb() };
    assert!(accepted(&with(100)));
    assert_eq!(refused(&with(101)), "remark");
}

#[test]
fn a_callback_to_b_needs_b() {
    let extra = || AxnFixedLineExtra::builder().callback(FixedLineCallback::TelB).build();
    let bind = BindAxnFixedLine::builder().app_id("APP0001").tel_a("15000000001").anucode("1,2,3");
    let bind = bind.expiration(FixedLineExpiration::Never).extra(extra());
    let mut bind = bind.build();
    assert_eq!(refused(&bind), "tel_b");
    bind.tel_b = Some("15000000002".into());
    assert!(accepted(&bind));
    let bind = BindAxnExtensionFixedLine { extraaxx: Some(extra()), ..extension("1001") };
    assert_eq!(refused(&bind), "extraaxx.callback");
}

#[test]
fn options_are_one_json_text() {
    let extra = AxbFixedLineExtra::builder().callrecording(FixedLineRecording::On).build();
    let bind = BindAxbFixedLine { extra: Some(extra), ..axb() };
    assert_eq!(param(&bind, "Extra").as_deref(), Some(r#"{"Callrecording":"1"}"#));
    let extra = AxnFixedLineExtra::builder().callback(FixedLineCallback::Off).callrecording(FixedLineRecording::On);
    let bind = BindAxnExtensionFixedLine { extraaxx: Some(extra.build()), ..extension("1001") };
    assert_eq!(param(&bind, "Extraaxx").as_deref(), Some(r#"{"Callback":"0","Callrecording":"1"}"#));
}

#[test]
fn a_query_finds_one_binding_many_or_none() {
    let binding = r#"{"Subid":"SUB1","TelX":"057100000000","Areacode":"010"}"#;
    let axb = |data: &str| {
        read::<QueryAxbBindFixedLineResponse>(&format!(r#"{{"Code":"0","Data":{data}}}"#)).unwrap().data.len()
    };
    let axn = |data: &str| {
        read::<QueryAxnBindFixedLineResponse>(&format!(r#"{{"Code":"0","Data":{data}}}"#)).unwrap().data.len()
    };
    for (data, count) in [
        (binding, 1),
        (&*format!("[{binding}]"), 1),
        (&*format!("[{binding},{binding}]"), 2),
        ("{}", 0),
        ("[]", 0),
        ("null", 0),
        (r#""""#, 0),
    ] {
        assert_eq!((axb(data), axn(data)), (count, count), "{data}");
    }
    let found = read::<QueryAxbBindFixedLineResponse>(&format!(r#"{{"Code":"0","Data":{binding}}}"#)).unwrap().data;
    assert_eq!(found[0].areacode, Some("10".into()));
}
