//! What happens to numbers outside of calls.

use chrono::{DateTime, FixedOffset};

use super::super::secret_no::exports::Vendor;
use super::facts::{Facts, time_part};
use super::fields::message;
use super::key::KeySource;
use super::values::{AuditedNumberType, NumberChange, NumberHealth};
use crate::number::{PhoneNumber, VirtualNumber};
use crate::redact::Private;

message! {
    /// A number X is out of order, or in order again: `SecretExceptionPhoneReport` (异常号码状态推送). Over MNS only.
    ///
    /// Source: `SecretExceptionPhoneReport`.
    SecretExceptionPhoneReport {
        /// X.
        secret_no: Option<VirtualNumber> as trimmed,
        /// The pool's key.
        partner_key: Option<String> as text,
        /// Whether X works.
        no_status: Option<NumberHealth> as text,
        /// When this was noticed; milliseconds on the wire.
        timestamp: Option<DateTime<FixedOffset>> as time,
    }
}

impl Facts for SecretExceptionPhoneReport {
    fn pool_key(&self) -> Option<&str> {
        self.partner_key.as_deref()
    }

    fn key_source(&self) -> KeySource<'_> {
        KeySource::Content(vec![
            self.secret_no.as_ref().map(|number| number.expose().to_owned()),
            self.no_status.as_ref().map(ToString::to_string),
            time_part(self.timestamp),
        ])
    }
}

message! {
    /// A number X was created or deleted: `NumberManagementReport` (号码管理信息).
    ///
    /// The sample over HTTP is in snake case, the tables are in camel case, and one page writes `Vendor`; all are read.
    /// One sample of the page is not valid JSON.
    ///
    /// Source: `NumberManagementReport` over HTTP and over MNS.
    NumberManagementReport {
        /// X.
        secret_no: Option<VirtualNumber> as trimmed,
        /// The city that X belongs to.
        city: Option<String> as text,
        /// The pool's key.
        partner_key: Option<String> as text,
        /// When it happened.
        operating_time: Option<DateTime<FixedOffset>> as time,
        /// What happened.
        status: Option<NumberChange> as text,
        /// Whose network X is on.
        vendor: Option<Vendor> as text,
    }
}

impl Facts for NumberManagementReport {
    fn pool_key(&self) -> Option<&str> {
        self.partner_key.as_deref()
    }

    fn key_source(&self) -> KeySource<'_> {
        KeySource::Content(vec![
            self.secret_no.as_ref().map(|number| number.expose().to_owned()),
            self.status.as_ref().map(ToString::to_string),
            time_part(self.operating_time),
        ])
    }
}

message! {
    /// A number A that was reported for a whitelist failed the review: `SecretANumberAuditFailedReport`. Over MNS only.
    ///
    /// It has no time: a second failure of the same number for the same reason has the same key.
    ///
    /// Source: `SecretANumberAuditFailedReport`.
    #[doc(alias = "A号码报备")]
    SecretANumberAuditFailedReport {
        /// The account's id.
        uid: Option<String> as text,
        /// The customer's id.
        cust_id: Option<String> as text,
        /// The id of the whitelist group of A numbers.
        a_no_white_group_id: Option<String> as text,
        /// The code of the organisation that has the number.
        organization_code: Option<Private> as text,
        /// The name of the company that has the number.
        company_name: Option<Private> as text,
        /// The kind of number.
        number_type: Option<AuditedNumberType> as text,
        /// The number that failed.
        phone_number: Option<PhoneNumber> as trimmed,
        /// Why it failed.
        fail_message: Option<Private> as text,
    }
}

impl Facts for SecretANumberAuditFailedReport {
    fn key_source(&self) -> KeySource<'_> {
        KeySource::Content(vec![
            self.uid.clone(),
            self.a_no_white_group_id.clone(),
            self.phone_number.as_ref().map(|number| number.expose().to_owned()),
            self.fail_message.as_ref().map(|text| text.expose().to_owned()),
        ])
    }
}
