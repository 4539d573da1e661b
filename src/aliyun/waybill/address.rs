//! Addresses, parties and goods of a pick-up.

use bon::Builder;
use serde::{Serialize, Serializer};

use crate::aliyun::check::{check_not_empty, check_phone, within};
use crate::invalid::InvalidRequest;
use crate::number::PhoneNumber;
use crate::redact::Private;

/// The address of a sender or a consignee.
///
/// ```
/// use privacy_number::aliyun::Address;
///
/// let address = Address::builder()
///     .province_name("陕西省")
///     .city_name("西安")
///     .area_name("未央区")
///     .town_name("XX街道")
///     .address_detail("XX小区XX号")
///     .build();
/// # let _ = address;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(Private, into))]
#[non_exhaustive]
pub struct Address {
    /// The province (省).
    pub province_name: Private,
    /// The city (市).
    pub city_name: Private,
    /// The district (区).
    pub area_name: Private,
    /// The street or town (街道).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub town_name: Option<Private>,
    /// The rest (详细地址).
    pub address_detail: Private,
}

impl Address {
    pub(super) fn check(&self, field: &'static str) -> Result<(), InvalidRequest> {
        let required = [
            ("province_name", &self.province_name),
            ("city_name", &self.city_name),
            ("area_name", &self.area_name),
            ("address_detail", &self.address_detail),
        ];
        required.into_iter().try_for_each(|(name, text)| within(field, check_not_empty(name, text.expose())))
    }
}

/// An address as far as it is known, for a pre-query. A whole [`Address`] converts into it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(Private, into))]
#[non_exhaustive]
pub struct AddressInfo {
    /// The province (省).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province_name: Option<Private>,
    /// The city (市).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city_name: Option<Private>,
    /// The district (区).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_name: Option<Private>,
    /// The street or town (街道).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub town_name: Option<Private>,
    /// The rest (详细地址).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_detail: Option<Private>,
}

impl From<Address> for AddressInfo {
    fn from(address: Address) -> Self {
        Self {
            province_name: Some(address.province_name),
            city_name: Some(address.city_name),
            area_name: Some(address.area_name),
            town_name: address.town_name,
            address_detail: Some(address.address_detail),
        }
    }
}

/// A sender or a consignee, for a pre-query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(Private, into), on(PhoneNumber, into))]
#[non_exhaustive]
pub struct ContactInfo {
    /// The name.
    pub name: Private,
    /// The mobile number.
    pub mobile: PhoneNumber,
    /// The address.
    #[builder(into)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_info: Option<AddressInfo>,
}

impl ContactInfo {
    pub(super) fn check(&self, field: &'static str) -> Result<(), InvalidRequest> {
        within(field, check_not_empty("name", self.name.expose()))?;
        within(field, check_phone("mobile", &self.mobile))
    }
}

/// A kind of goods in a parcel.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(Private, into))]
#[non_exhaustive]
pub struct GoodsInfo {
    /// The name of the goods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Private>,
    /// The weight, in grams.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    pub weight: Option<u32>,
    /// The number of pieces.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    pub quantity: Option<u32>,
}

/// The platform wants these numbers as text within the JSON.
fn as_text<S: Serializer>(number: &Option<u32>, serializer: S) -> Result<S::Ok, S::Error> {
    match number {
        Some(number) => serializer.collect_str(number),
        None => serializer.serialize_none(),
    }
}
