//! The report of a number with its photos, before they are uploaded.

use bon::Builder;
use chrono::{DateTime, Utc};

use super::create::{CreateFixedNoAReport, CreatePhoneNoAReport, CustType, DocumentType};
use super::photo::Photo;
use crate::aliyun::client::Client;
use crate::error::Error;
use crate::invalid::InvalidRequest;
use crate::number::PhoneNumber;
use crate::operation::Operation;
use crate::redact::Private;

/// The person behind an A number, with photos: [`Client::ensure_reported`].
#[derive(Debug, Clone, PartialEq, Eq, Builder)]
#[builder(on(Private, into), on(PhoneNumber, into))]
#[non_exhaustive]
pub struct NumberReport {
    /// The id of the white list of A numbers that belongs to the company's qualification. The console shows it.
    #[doc(alias = "A号码白名单组ID")]
    pub a_no_white_group_id: u64,
    /// A's number.
    pub phone_no_a: PhoneNumber,
    /// What the report of a fixed line has besides. `None` for a mobile number.
    pub fixed_line: Option<FixedLine>,
    /// The person's name.
    pub cust_name: Private,
    /// The kind of the identity document; a Chinese identity card by default.
    #[builder(into, default = DocumentType::ChineseIdCard)]
    pub document_type: DocumentType,
    /// The number of the identity document.
    #[doc(alias = "证件号码")]
    pub document_number: Private,
    /// The live portrait.
    #[doc(alias = "人像照片")]
    pub alive_photo: Photo,
    /// The portrait side of the document.
    pub back_photo: Option<Photo>,
    /// The national-emblem side of the document.
    pub front_photo: Option<Photo>,
    /// A remark of your own.
    pub remark: Option<Private>,
}

/// What only the report of a fixed line has.
#[derive(Debug, Clone, PartialEq, Eq, Builder)]
#[builder(on(String, into), on(PhoneNumber, into))]
#[non_exhaustive]
pub struct FixedLine {
    /// Who the person is to the company.
    #[builder(into)]
    pub cust_type: CustType,
    /// The person's phone number. Needed if the qualification holds mobile X numbers: without it the review fails.
    pub cust_phone_no: Option<PhoneNumber>,
    /// The number of the work order at the counter where the line was applied for.
    pub fixed_line_work_id: Option<String>,
}

/// The paths of uploaded photos.
#[derive(Clone)]
pub(super) struct PhotoPaths {
    pub(super) alive: Private,
    pub(super) back: Option<Private>,
    pub(super) front: Option<Private>,
}

impl NumberReport {
    /// Checks everything but the photos, which are checked already.
    pub(super) fn check(&self, now: DateTime<Utc>) -> Result<(), InvalidRequest> {
        let not_yet = || PhotoPaths { alive: Private::from("-"), back: None, front: None };
        match &self.fixed_line {
            None => self.of_mobile(not_yet()).validate(now),
            Some(line) => self.of_fixed_line(line, not_yet()).validate(now),
        }
    }

    pub(super) async fn submit(&self, client: &Client, photos: PhotoPaths) -> Result<(), Error> {
        match &self.fixed_line {
            None => client.send(&self.of_mobile(photos)).await.map(drop),
            Some(line) => client.send(&self.of_fixed_line(line, photos)).await.map(drop),
        }
    }

    fn of_mobile(&self, photos: PhotoPaths) -> CreatePhoneNoAReport {
        CreatePhoneNoAReport::builder()
            .a_no_white_group_id(self.a_no_white_group_id)
            .phone_no_a(self.phone_no_a.clone())
            .cust_name(self.cust_name.clone())
            .document_type(self.document_type.clone())
            .document_number(self.document_number.clone())
            .id_card_alive_photo(photos.alive)
            .maybe_id_card_back_photo(photos.back)
            .maybe_id_card_front_photo(photos.front)
            .maybe_remark(self.remark.clone())
            .build()
    }

    fn of_fixed_line(&self, line: &FixedLine, photos: PhotoPaths) -> CreateFixedNoAReport {
        CreateFixedNoAReport::builder()
            .a_no_white_group_id(self.a_no_white_group_id)
            .fixed_no_a(self.phone_no_a.clone())
            .cust_type(line.cust_type.clone())
            .maybe_cust_phone_no(line.cust_phone_no.clone())
            .maybe_fixed_line_work_id(line.fixed_line_work_id.clone())
            .cust_name(self.cust_name.clone())
            .document_type(self.document_type.clone())
            .document_number(self.document_number.clone())
            .id_card_alive_photo(photos.alive)
            .maybe_id_card_back_photo(photos.back)
            .maybe_id_card_front_photo(photos.front)
            .maybe_remark(self.remark.clone())
            .build()
    }
}
