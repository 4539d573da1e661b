//! The receipts about X numbers that are bought and released: `NumberManagementReport`.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::emulator::china_time;
use crate::emulator::store::receipt::Receipt;

/// What happened to a number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberEvent {
    Created,
    Deleted,
}

/// The example of the push has other spellings than the tables, which also name `vendor`.
pub(crate) fn receipt(
    pool_key: &str,
    number: &str,
    city: &str,
    vendor: u8,
    event: NumberEvent,
    now: DateTime<Utc>,
) -> Receipt {
    let status = match event {
        NumberEvent::Created => 1,
        NumberEvent::Deleted => 2,
    };
    let time = china_time::format(now);
    Receipt {
        message_type: "NumberManagementReport".into(),
        time: now,
        call_id: None,
        pushed: json!({
            "secret_no": number,
            "city": city,
            "partner_key": pool_key,
            "operating_time": time,
            "status": status,
        }),
        queued: json!({
            "secretNo": number,
            "city": city,
            "partnerKey": pool_key,
            "operatingTime": time,
            "status": status,
            "vendor": vendor,
        }),
    }
}
