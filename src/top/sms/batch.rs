//! A batch of text messages with one template.

use std::collections::HashSet;

use bon::Builder;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, Serializer};

use super::check_sign_name;
use super::template_params::TemplateParams;
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;
use crate::top::Top;
use crate::top::oaid::check_oaid;
use crate::top::order_id::OrderId;

/// Sends text messages with one template to the receivers of up to 50 orders:
/// `taobao.jst.sms.message.direct.batchsend`.
///
/// [`Shop::send_sms_batches`](crate::top::Shop::send_sms_batches) sends any number.
///
/// Charged per message. The lists of the wire are built from the entries, so that their lengths cannot differ. The form
/// of the method that takes plain numbers is left out: this crate is for orders without them.
///
/// Once: after a lost response up to 50 messages may have been sent, and no method tells. `task_sign` only sends one
/// message to receivers whose OAIDs hide the same number; it is not documented to make a repeated call harmless.
///
/// As far as documented a batch is accepted or refused as a whole, and the answer has no result for each receiver.
///
/// Generated SDKs send no session; one is sent if the operation is sent through a [`Shop`](crate::top::Shop).
///
/// # Errors
/// A response without `module` is an error: do not send the batch again. Refused before sending: no entry or more than 50,
/// an order twice, an empty sign name or one in brackets, values or extension codes for some entries only.
///
/// Source: the metadata of TOP's API 52702. Its table of errors is not known: codes are classified by their prefix.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// use privacy_number::top::{SmsEntry, SmsMessageDirectBatchsend};
///
/// let entry = |tid: &str, oaid: &str| {
///     SmsEntry::builder().order_id(tid).oaid(oaid).sign_name("测试旗舰店").content([("msg", "您好")]).build()
/// };
/// let batch = SmsMessageDirectBatchsend::builder()
///     .sms_template_code("SMS_12345")
///     .entries([entry("2001", "oaid-2001"), entry("2002", "oaid-2002")])
///     .build();
/// assert!(!emulator.shop()?.send(&batch).await?.module.is_empty());
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "批量短信")]
#[derive(Debug, Clone, PartialEq, Eq, Builder)]
#[non_exhaustive]
pub struct SmsMessageDirectBatchsend {
    /// The approved template of all messages, `SMS_12345`.
    #[builder(into)]
    pub sms_template_code: String,
    /// 1 to 50 messages; any number for [`Shop::send_sms_batches`](crate::top::Shop::send_sms_batches). Equal entries are sent once.
    #[builder(with = |entries: impl IntoIterator<Item = SmsEntry>| without_duplicates(entries))]
    pub entries: Vec<SmsEntry>,
    /// Calls with the same text count as one sending: receivers whose OAIDs hide the same number get one message. How
    /// long TOP remembers it is not documented.
    #[builder(into)]
    pub task_sign: Option<String>,
    /// Additional members of the request, one JSON object. Their names are not documented.
    #[builder(into)]
    pub extra_data: Option<TemplateParams>,
}

impl SmsMessageDirectBatchsend {
    /// The maximum number of entries of one call.
    pub const MAX_ENTRIES: usize = 50;
}

fn without_duplicates(entries: impl IntoIterator<Item = SmsEntry>) -> Vec<SmsEntry> {
    let mut seen = HashSet::new();
    entries.into_iter().filter(|entry| seen.insert(entry.clone())).collect()
}

/// One message of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Builder)]
#[non_exhaustive]
pub struct SmsEntry {
    /// The order's current OAID, 1 to 128 characters.
    #[builder(into)]
    pub oaid: Private,
    /// The platform's order number.
    #[builder(into)]
    pub order_id: OrderId,
    /// The approved sign name, without the brackets 【】.
    #[builder(into)]
    pub sign_name: String,
    /// The values of the template's placeholders: for all entries of a batch, or for none.
    #[builder(into)]
    pub content: Option<TemplateParams>,
    /// The extension code for replies: for all entries of a batch, or for none.
    #[builder(into)]
    pub extend_num: Option<String>,
}

/// The parameters of the wire: lists of the same length.
#[derive(Serialize)]
struct Lists<'a> {
    sign_name: Vec<&'a str>,
    sms_template_code: &'a str,
    oaids: Vec<&'a Private>,
    order_ids: Vec<&'a OrderId>,
    #[serde(serialize_with = "serialize_contents", skip_serializing_if = "Vec::is_empty")]
    sms_content: Vec<&'a TemplateParams>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extend_num: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_sign: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extra_data: Option<&'a TemplateParams>,
}

fn serialize_contents<S: Serializer>(contents: &Vec<&TemplateParams>, serializer: S) -> Result<S::Ok, S::Error> {
    TemplateParams::serialize_objects(contents, serializer)
}

impl Serialize for SmsMessageDirectBatchsend {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entries = || self.entries.iter();
        let lists = Lists {
            sign_name: entries().map(|entry| entry.sign_name.as_str()).collect(),
            sms_template_code: &self.sms_template_code,
            oaids: entries().map(|entry| &entry.oaid).collect(),
            order_ids: entries().map(|entry| &entry.order_id).collect(),
            sms_content: entries().filter_map(|entry| entry.content.as_ref()).collect(),
            extend_num: entries().filter_map(|entry| entry.extend_num.as_deref()).collect(),
            task_sign: self.task_sign.as_deref(),
            extra_data: self.extra_data.as_ref(),
        };
        lists.serialize(serializer)
    }
}

impl Operation for SmsMessageDirectBatchsend {
    type Gateway = Top;
    type Output = SmsMessageDirectBatchsendResponse;
    const NAME: &'static str = "taobao.jst.sms.message.direct.batchsend";
    const SAFETY: Safety = Safety::Once;
    const CHARGED: bool = true;

    /// The messages. How many a long one is charged as is not documented.
    fn charged_units(&self) -> u32 {
        self.entries.len().try_into().unwrap_or(u32::MAX)
    }

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        InvalidRequest::unless_empty("sms_template_code", &self.sms_template_code)?;
        let Some(first) = self.entries.first().filter(|_| self.entries.len() <= Self::MAX_ENTRIES) else {
            return Err(InvalidRequest::new("entries", "must hold 1 to 50 messages"));
        };
        let mut orders = HashSet::new();
        for (index, entry) in self.entries.iter().enumerate() {
            let mut check = || {
                check_oaid("oaid", &entry.oaid)?;
                InvalidRequest::unless_empty("order_id", entry.order_id.as_str())?;
                check_sign_name("sign_name", &entry.sign_name)?;
                // A list of the wire that is shorter than the others gives receivers the texts of others.
                if entry.content.is_some() != first.content.is_some() {
                    return Err(InvalidRequest::new("content", "must be given for all entries or for none"));
                }
                if entry.extend_num.is_some() != first.extend_num.is_some() {
                    return Err(InvalidRequest::new("extend_num", "must be given for all entries or for none"));
                }
                if !orders.insert((&entry.oaid, &entry.order_id)) {
                    return Err(InvalidRequest::new("order_id", "must not be in the batch twice"));
                }
                Ok(())
            };
            check().map_err(|error| error.within(format_args!("entries[{index}]")))?;
        }
        Ok(())
    }
}

/// Confirms that a batch was accepted, not that its messages were delivered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SmsMessageDirectBatchsendResponse {
    /// The receipt code of the batch; its format is not documented.
    #[serde(deserialize_with = "lenient::required")]
    pub module: String,
    /// The gateway's id of the request.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub request_id: Option<String>,
}
