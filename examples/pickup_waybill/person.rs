//! The sender or the receiver of a parcel, as one argument.

use privacy_number::PhoneNumber;
use privacy_number::aliyun::{Address, AddressInfo, ContactInfo};

pub(crate) const SENDER: &str = "王XX,15900000000,浙江省,杭州市,西湖区,XX小区XX号";
pub(crate) const RECEIVER: &str = "张XX,15800000000,浙江省,杭州市,西湖区,XX小区XX号";

#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) mobile: PhoneNumber,
    pub(crate) address: Address,
}

impl Person {
    /// Parses `name,mobile,province,city,district,street`.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let [name, mobile, province, city, area, detail] = *text.split([',', '，']).map(str::trim).collect::<Vec<_>>()
        else {
            return Err("must have six parts: name,mobile,province,city,district,street".to_owned());
        };
        let address = Address::builder().province_name(province).city_name(city).area_name(area).address_detail(detail);
        let mobile = PhoneNumber::normalise(mobile).map_err(|error| format!("the mobile number {error}"))?;
        Ok(Self { name: name.to_owned(), mobile, address: address.build() })
    }

    pub(crate) fn contact(&self) -> ContactInfo {
        let address = AddressInfo::from(self.address.clone());
        ContactInfo::builder().name(&*self.name).mobile(self.mobile.clone()).address_info(address).build()
    }
}
