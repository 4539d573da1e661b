use privacy_number::aliyun::{
    BuySecretNo, BuySecretNoResponse, CityRemain, LockSecretNo, LockSecretNoResponse, QuerySecretNoDetail,
    QuerySecretNoDetailResponse, QuerySecretNoRemain, QuerySecretNoRemainResponse, ReleaseSecretNo,
    ReleaseSecretNoResponse, SecretBuyInfo, SecretNoInfo, SecretRemain, SpecId, UnlockSecretNo, UnlockSecretNoResponse,
};

use crate::samples::{Sample, Values, answer_fields};

impl Sample for QuerySecretNoRemain {
    fn requests(values: &Values) -> Vec<Self> {
        vec![Self::builder().city("杭州").spec_id(SpecId::Carrier).secret_no(values.phone_x("130")).build()]
    }
}

impl Sample for BuySecretNo {
    fn requests(values: &Values) -> Vec<Self> {
        let buy = Self::builder().city("杭州").pool_key("FC123456").spec_id(SpecId::VirtualOperator);
        vec![buy.secret_no(values.phone_x("170")).display_pool(true).build()]
    }
}

impl Sample for ReleaseSecretNo {
    fn requests(values: &Values) -> Vec<Self> {
        vec![Self::builder().pool_key("FC123456").secret_no(values.phone_x("17000000000")).build()]
    }

    const REFUSED_WHEN_GONE: Option<&'static str> = Some("isv.NO_NOT_EXIST");
    const GONE_IS_SUCCESS: bool = true;
}

impl Sample for LockSecretNo {
    fn requests(values: &Values) -> Vec<Self> {
        vec![Self::builder().pool_key("FC123456").secret_no(values.phone_x("17000000000")).build()]
    }
}

impl Sample for UnlockSecretNo {
    fn requests(values: &Values) -> Vec<Self> {
        vec![Self::builder().pool_key("FC123456").secret_no(values.range_700("17000000000")).build()]
    }
}

impl Sample for QuerySecretNoDetail {
    fn requests(values: &Values) -> Vec<Self> {
        vec![Self::builder().secret_no(values.phone_x("17000000000")).pool_key("FC123456").build()]
    }
}

answer_fields! {
    QuerySecretNoRemainResponse { code, message, request_id, secret_remain: "SecretRemainDTO" }
    SecretRemain { amount, city, remain_list: "RemainDTOList.remainDTO" }
    CityRemain { amount, city }
    BuySecretNoResponse { code, message, request_id, secret_buy_info: "SecretBuyInfoDTO" }
    SecretBuyInfo { secret_no }
    ReleaseSecretNoResponse { code, message, request_id }
    LockSecretNoResponse { code, message, request_id }
    UnlockSecretNoResponse { code, message, request_id }
    QuerySecretNoDetailResponse { code, message, request_id, secret_no_info: "SecretNoInfoDTO" }
    SecretNoInfo { purchase_time, vendor, province, city, secret_status, certify_status }
}
