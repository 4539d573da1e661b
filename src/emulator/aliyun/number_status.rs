//! The status of a mobile number: `DescribePhoneNumberStatus` of the Phone Number Service.

use http::StatusCode;
use serde_json::Value;

use super::action::{Action, Product};
use super::call::{Call, Refusal};
use crate::emulator::answer::{Members, members};
use crate::emulator::generated::digits;

pub(super) const ACTIONS: &[Action] =
    &[Action::new("DescribePhoneNumberStatus", describe).with_product(Product::Dytnsapi)];

/// The carrier of a number.
#[derive(Clone, Copy)]
pub(super) enum Carrier {
    Mobile,
    Unicom,
    Telecom,
}

/// The last four digits of the number decide its status.
fn describe(call: &mut Call<'_>) -> Result<Members, Refusal> {
    let number = call.required("PhoneNumber")?;
    if number.len() != 11 || !number.starts_with('1') || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        let message = "The specified mobile phone number is invalid.";
        return Err(Refusal::gateway(StatusCode::BAD_REQUEST, "InvalidParameter", message));
    }
    let status = match number.split_at_checked(7).unwrap_or_default().1 {
        "0001" => "SHUTDOWN",
        "0002" => "NOT_EXIST",
        "0003" => "POWER_OFF",
        "0004" => "SUSPECTED_POWER_OFF",
        "0005" => "FUNCTIONAL_SHUTDOWN",
        "0006" => "BUSY",
        "0007" => "UNKNOWN",
        "0008" => return Err(Refusal::business("OperatorLimit", "the operator does not answer")),
        "0009" => return Err(Refusal::business("isp.UNKNOWN", "unknown error")),
        _ => "NORMAL",
    };
    let status = members([
        ("Status", Value::from(status)),
        ("Carrier", Value::from(Carrier::from_number(number).name())),
        ("SerialId", Value::from(format!("1{}", digits(number, 12)))),
    ]);
    Ok(members([("PhoneStatus", Value::Object(status))]))
}

impl Carrier {
    /// The carrier that the number's prefix was first assigned to.
    pub(super) fn from_number(number: &str) -> Self {
        match number.split_at_checked(3).unwrap_or_default().0 {
            "130" | "131" | "132" | "155" | "156" | "166" | "171" | "175" | "176" | "185" | "186" => Self::Unicom,
            "133" | "153" | "173" | "177" | "180" | "181" | "189" | "199" => Self::Telecom,
            _ => Self::Mobile,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Mobile => "中国移动",
            Self::Unicom => "中国联通",
            Self::Telecom => "中国电信",
        }
    }

    /// The number of the carrier in the details of X numbers.
    pub(super) fn vendor(self) -> u8 {
        match self {
            Self::Mobile => 1,
            Self::Unicom => 2,
            Self::Telecom => 3,
        }
    }
}
