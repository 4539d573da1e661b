//! The requests and answers that everything is measured with: one binding of 20 signed parameters, one decryption of 20
//! orders. All values are invented, in realistic sizes.
#![allow(dead_code, unused_imports)] // no program uses all of it

mod answers;
mod signed;

use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};
use privacy_number::aliyun::{self, AxbRingConfig, BindAxb, DtmfConfig};
use privacy_number::top::{OaidDecrypt, ReceiverQuery, Scene};

pub(crate) use answers::{
    PlainBind, PlainDecryption, PlainDecryptionXml, bind_json, bind_xml, decrypt_json, decrypt_xml,
};

pub(crate) use signed::{acs3_client, acs3_form, acs3_headers, aliyun_client, pop_params, shop, stamp, top_params};

pub(crate) const KEY: &str = "LTAI5tExampleExample00";
pub(crate) const SECRET: &str = "30CharactersOfAnAccessSecret00";
pub(crate) const APP_KEY: &str = "12345678";
pub(crate) const APP_SECRET: &str = "32CharactersOfAnApplicationKey00";
pub(crate) const SESSION: &str = "6100e2345678901234567890123456789012345678901234567890123";

/// Eleven parameters, to which the client adds nine.
pub(crate) fn bind_axb() -> BindAxb {
    // The same for all binds of a process, so that two requests can be compared.
    static EXPIRATION: LazyLock<DateTime<Utc>> = LazyLock::new(|| Utc::now() + TimeDelta::days(7));

    let tones = AxbRingConfig::builder().axb_ring_a("10000001").axb_ring_b("10000002").build();
    let keys = DtmfConfig::builder().end_call_ivr_phone_no("A").waiting_dtmf_time(30).max_loop(2).valid_key("1,2");
    BindAxb::builder()
        .pool_key("FC100000012345678")
        .phone_no_a("15000000000")
        .phone_no_b("15000000001")
        .expiration(*EXPIRATION)
        .expect_city("杭州")
        .is_recording_enabled(true)
        .out_id("售后回访-杭州仓-2026110700001")
        .out_order_id("3796207345637527441")
        .call_restrict(aliyun::CallRestrict::A)
        .ring_config(tones)
        .dtmf_config(keys.build())
        .build()
}

/// 20 orders with every field of a query.
pub(crate) fn decrypt() -> OaidDecrypt {
    OaidDecrypt::new((0..20).map(|order| {
        ReceiverQuery::builder().oaid(oaid(order)).tid(tid(order)).scene(Scene::AfterSales).secret_no_days(15).build()
    }))
}

/// As long as real ones, with the characters of Base64 that an encoding has to escape.
fn oaid(order: u64) -> String {
    format!("1bhibPTekQ9V+ico6/BCj5nKqTzGu2YxVw8sEo{order:04}RmLfHd7+aJc3/NvBgX0tQyUIp9kZ1r=")
}

fn tid(order: u64) -> String {
    format!("{}", 3_796_207_345_637_527_441_u64 + order * 1_000_003)
}
