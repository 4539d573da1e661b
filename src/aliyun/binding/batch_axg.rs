//! AXG bindings, many in one call.

use bon::Builder;
use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize, Serializer};

use super::SecretBind;
use crate::aliyun::check::{
    check_expiration, check_not_empty, check_optional_phone, check_optional_virtual, check_phone, within,
};
use crate::aliyun::product::Dyplsapi;
use crate::aliyun::response::response;
use crate::aliyun::ring_config::AxgRingConfig;
use crate::aliyun::subscription::CallRestrict;
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;
use crate::time::serialize_china_text;

/// Binds several A numbers to G groups in one call: `BindBatchAxg`.
///
/// Each binding succeeds or fails by itself: look at [`AxgBindRow::result`] of every row. Once: a second run may bind a
/// second time. Documented limit (official metadata): 5000 calls per second. The bind is not charged. Calls over the
/// bindings, recording and speech recognition are charged by the minute. Known from the official SDK only.
///
/// # Errors
/// An error of the call as a whole, such as `isv.POOLKEY_NOT_EXISTS`, binds nothing. Refused before sending: no
/// binding, an expiration less than a minute from now, a number that is not a valid [`PhoneNumber`].
///
/// Source: the official API metadata of Dyplsapi; the reference has no chapter on it.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::{AxgBind, BindBatchAxg};
///
/// # let in_a_week = chrono::Utc::now() + chrono::TimeDelta::days(7);
/// # let group = privacy_number::aliyun::CreateAxgGroup::builder().pool_key(pool_key).numbers(["4001234567"]).build();
/// # let group_id = client.send(&group).await?.group_id;
/// let row = |number: &str| {
///     AxgBind::builder().phone_no_a(number).group_id(&group_id).expiration(in_a_week).build()
/// };
/// let batch = BindBatchAxg::builder().pool_key(pool_key).axg_bind_list([row("15000000000"), row("15000000001")]).build();
/// for row in client.send(&batch).await?.rows {
///     assert!(row.result().is_ok());
/// }
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "批量添加AXG号码的绑定关系")]
#[derive(Debug, Clone, PartialEq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into))]
#[non_exhaustive]
pub struct BindBatchAxg {
    /// The number pool's key, `FC123456`. The API page requires it; the official SDK marks it as optional, and what the
    /// platform does without it is not known.
    #[doc(alias = "号码池Key")]
    pub pool_key: String,
    /// The bindings to create, at least one. Sent as one JSON text.
    #[builder(with = |bindings: impl IntoIterator<Item = AxgBind>| bindings.into_iter().collect())]
    pub axg_bind_list: Vec<AxgBind>,
}

/// One binding of a batch: the fields of [`BindAxg`](super::BindAxg).
#[derive(Debug, Clone, PartialEq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(PhoneNumber, into), on(VirtualNumber, into), on(Private, into))]
#[non_exhaustive]
pub struct AxgBind {
    /// A: a mobile number, or a landline with its area code.
    pub phone_no_a: PhoneNumber,
    /// The G group; it must hold at least one number.
    pub group_id: String,
    /// B: the number that A reaches by calling X.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_no_b: Option<PhoneNumber>,
    /// A number X of the pool; if absent, the platform chooses one by `expect_city`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_no_x: Option<VirtualNumber>,
    /// The city of X, in Chinese (`北京`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expect_city: Option<String>,
    /// Whether calls are recorded. Charged by the minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_recording_enabled: Option<bool>,
    /// Your own text. Call receipts contain it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out_id: Option<Private>,
    /// When the binding expires; more than a minute from now. Sent as China time, to the second.
    #[builder(into)]
    #[serde(serialize_with = "serialize_china_text")]
    pub expiration: DateTime<FixedOffset>,
    /// Your own order number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out_order_id: Option<String>,
    /// The only effective value is 1: the called party sees X.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_display_type: Option<u32>,
    /// Ring tones. Sent as a JSON text within the JSON text.
    #[builder(into)]
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_json_text")]
    pub ring_config: Option<AxgRingConfig>,
    /// Whether calls are transcribed. Charged by the minute; off by default.
    #[serde(rename = "ASRStatus", skip_serializing_if = "Option::is_none")]
    pub asr_status: Option<bool>,
    /// The model that transcribes.
    #[serde(rename = "ASRModelId", skip_serializing_if = "Option::is_none")]
    pub asr_model_id: Option<String>,
    /// The call restriction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_restrict: Option<CallRestrict>,
}

fn as_json_text<T: Serialize, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let text = serde_json::to_string(value).map_err(|_| serde::ser::Error::custom("cannot be written as JSON"))?;
    serializer.serialize_str(&text)
}

impl AxgBind {
    fn validate(&self, now: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_phone("phone_no_a", &self.phone_no_a)?;
        check_not_empty("group_id", &self.group_id)?;
        check_optional_phone("phone_no_b", self.phone_no_b.as_ref())?;
        check_optional_virtual("phone_no_x", self.phone_no_x.as_ref())?;
        check_expiration(self.expiration, now)
    }
}

impl Operation for BindBatchAxg {
    type Gateway = Dyplsapi;
    type Output = BindBatchAxgResponse;
    const NAME: &'static str = "BindBatchAxg";
    const SAFETY: Safety = Safety::Once;
    const QPS: Option<u32> = Some(5000);

    fn validate(&self, now: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("pool_key", &self.pool_key)?;
        if self.axg_bind_list.is_empty() {
            return Err(InvalidRequest::new("axg_bind_list", "must hold at least one binding"));
        }
        let mut bindings = self.axg_bind_list.iter().enumerate();
        bindings.try_for_each(|(index, bind)| within(format_args!("axg_bind_list[{index}]"), bind.validate(now)))
    }
}

response! {
    /// The result of each binding. `code` means only that the batch was accepted.
    BindBatchAxgResponse {
        /// One row for each binding.
        #[serde(rename = "SecretBindList", deserialize_with = "lenient::list")]
        rows: Vec<AxgBindRow>,
    }
}

/// The result of one binding of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "WireRow")]
#[non_exhaustive]
pub struct AxgBindRow {
    /// `OK`, or why this binding failed.
    pub code: String,
    /// The gateway's message.
    pub message: Option<Private>,
    /// A's number.
    pub phone_no_a: Option<PhoneNumber>,
    /// The G group.
    pub group_id: Option<String>,
    /// The binding. Without meaning, and with empty fields as a rule, unless `code` is `OK`: read it through
    /// [`result`](Self::result).
    pub secret_bind: SecretBind,
}

impl AxgBindRow {
    /// The binding, or the code that says why there is none.
    ///
    /// # Errors
    /// The row's code, if it is not `OK`.
    pub fn result(&self) -> Result<&SecretBind, &str> {
        if self.code == "OK" { Ok(&self.secret_bind) } else { Err(&self.code) }
    }
}

impl lenient::ListItem for AxgBindRow {
    const WRAPPER: &'static str = "SecretBind";
}

/// The wire form of a row. The required members depend on its code.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WireRow {
    #[serde(deserialize_with = "lenient::text")]
    code: String,
    #[serde(default, deserialize_with = "lenient::optional")]
    message: Option<Private>,
    #[serde(default, deserialize_with = "lenient::optional")]
    phone_no_a: Option<PhoneNumber>,
    #[serde(default, deserialize_with = "lenient::optional")]
    group_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::optional")]
    extension: Option<Private>,
    #[serde(default, deserialize_with = "lenient::optional")]
    secret_no: Option<VirtualNumber>,
    #[serde(default, deserialize_with = "lenient::optional")]
    subs_id: Option<String>,
}

/// Worded like serde's own error, so that the path names the field.
#[derive(Debug, thiserror::Error)]
#[error("missing field `{0}`")]
struct MissingField(&'static str);

impl TryFrom<WireRow> for AxgBindRow {
    type Error = MissingField;

    fn try_from(row: WireRow) -> Result<Self, MissingField> {
        if row.code == "OK" {
            row.secret_no.as_ref().ok_or(MissingField("SecretNo"))?;
            row.subs_id.as_ref().ok_or(MissingField("SubsId"))?;
        }
        let secret_bind = SecretBind {
            extension: row.extension,
            secret_no: row.secret_no.unwrap_or_else(|| "".into()),
            subs_id: row.subs_id.unwrap_or_default(),
        };
        Ok(Self {
            code: row.code,
            message: row.message,
            phone_no_a: row.phone_no_a,
            group_id: row.group_id,
            secret_bind,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::{answer_of, at, param, read, refused_field};

    #[test]
    fn a_batch_that_was_taken_may_hold_a_failed_row() {
        let answer = answer_of::<BindBatchAxg>();
        assert_eq!(answer.code, "OK");
        let row = &answer.rows[0];
        assert_eq!(row.result(), Err("isv.INVALID_PARAMETERS"));
        assert_eq!(row.message.as_ref().unwrap().expose(), "ringConfig invalid");
        assert_eq!(row.phone_no_a.as_ref().unwrap().expose(), "139****0000");
        assert_eq!(row.group_id.as_deref(), Some("200001234****"));
        assert_eq!(row.secret_bind.subs_id, "1000012345******");
    }

    #[test]
    fn a_bound_row_gives_its_binding_and_a_failed_one_needs_none() {
        let answer = read::<BindBatchAxgResponse>(
            r#"{"Code":"OK","SecretBindList":{"SecretBind":[
                {"Code":"OK","SecretNo":17000000000,"SubsId":100000076879},
                {"Code":"isv.NO_AVAILABLE_NUMBER"}]}}"#,
        )
        .unwrap();
        assert_eq!(answer.rows[0].result().unwrap().subs_id, "100000076879");
        assert_eq!(answer.rows[1].result(), Err("isv.NO_AVAILABLE_NUMBER"));
    }

    #[test]
    fn a_bound_row_without_an_id_is_no_response() {
        let path = read::<BindBatchAxgResponse>(
            r#"{"Code":"OK","SecretBindList":{"SecretBind":[{"Code":"OK","SecretNo":"17000000000"}]}}"#,
        )
        .unwrap_err();
        assert!(path.ends_with("SubsId"), "{path}");
        assert_eq!(read::<BindBatchAxgResponse>(r#"{"Code":"OK"}"#).unwrap_err(), "SecretBindList");
    }

    #[test]
    fn the_list_is_one_json_text_and_its_ring_tones_are_another_inside() {
        let bind = AxgBind::builder()
            .phone_no_a("15000000000")
            .group_id("1234")
            .expiration(at("2026-01-07 10:00:00"))
            .is_recording_enabled(false)
            .ring_config(AxgRingConfig::builder().axg_ring_a("1000").build())
            .build();
        let batch = BindBatchAxg::builder().pool_key("FC123456").axg_bind_list([bind]).build();
        assert_eq!(
            param(&batch, "AxgBindList").unwrap(),
            r#"[{"PhoneNoA":"15000000000","GroupId":"1234","IsRecordingEnabled":false,"Expiration":"2026-01-07 10:00:00","RingConfig":"{\"AXGRing_A\":\"1000\"}"}]"#
        );
    }

    #[test]
    fn a_bad_row_is_named_by_its_index() {
        let now = at("2026-01-06 10:00:00");
        let batch = |numbers: &[&str]| {
            let bind = |a: &&str| {
                AxgBind::builder().phone_no_a(*a).group_id("1234").expiration(at("2026-01-07 10:00:00")).build()
            };
            BindBatchAxg::builder().pool_key("FC123456").axg_bind_list(numbers.iter().map(bind)).build()
        };
        assert_eq!(refused_field(&batch(&[]), now), "axg_bind_list");
        assert_eq!(refused_field(&batch(&["15000000000", "bad"]), now), "axg_bind_list[1].phone_no_a");
    }
}
