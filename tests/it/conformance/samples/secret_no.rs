use privacy_number::aliyun::{
    BuySecretNo, BuySecretNoResponse, LockSecretNo, LockSecretNoResponse, QuerySecretNoDetail,
    QuerySecretNoDetailResponse, QuerySecretNoRemain, QuerySecretNoRemainResponse, ReleaseSecretNo,
    ReleaseSecretNoResponse, SpecId, UnlockSecretNo, UnlockSecretNoResponse,
};

use crate::conformance::sample::{Sample, Texts, answer_fields, each};

impl Sample for QuerySecretNoRemain {
    fn requests() -> Vec<Self> {
        vec![Self::builder().city("杭州").spec_id(SpecId::Carrier).secret_no("130").build()]
    }

    fn texts(answer: &QuerySecretNoRemainResponse, path: &str) -> Option<Vec<String>> {
        let remain = &answer.secret_remain;
        answer_fields!(answer, path,
            "SecretRemainDTO.Amount" => remain.amount,
            "SecretRemainDTO.City" => remain.city,
            "SecretRemainDTO.RemainDTOList.remainDTO[].Amount" => each(&remain.remain_list, |city| &city.amount),
            "SecretRemainDTO.RemainDTOList.remainDTO[].City" => each(&remain.remain_list, |city| &city.city),
        )
    }
}

impl Sample for BuySecretNo {
    fn requests() -> Vec<Self> {
        let buy = Self::builder().city("杭州").pool_key("FC123456").spec_id(SpecId::VirtualOperator);
        vec![buy.secret_no("170").display_pool(true).build()]
    }

    fn texts(answer: &BuySecretNoResponse, path: &str) -> Option<Vec<String>> {
        answer_fields!(answer, path, "SecretBuyInfoDTO.SecretNo" => answer.secret_buy_info.secret_no)
    }
}

impl Sample for ReleaseSecretNo {
    fn requests() -> Vec<Self> {
        vec![Self::builder().pool_key("FC123456").secret_no("17000000000").build()]
    }

    fn texts(answer: &ReleaseSecretNoResponse, path: &str) -> Option<Vec<String>> {
        answer_fields!(answer, path)
    }
}

impl Sample for LockSecretNo {
    fn requests() -> Vec<Self> {
        vec![Self::builder().pool_key("FC123456").secret_no("17000000000").build()]
    }

    fn texts(answer: &LockSecretNoResponse, path: &str) -> Option<Vec<String>> {
        answer_fields!(answer, path)
    }
}

impl Sample for UnlockSecretNo {
    fn requests() -> Vec<Self> {
        vec![Self::builder().pool_key("FC123456").secret_no("17000000000").build()]
    }

    fn texts(answer: &UnlockSecretNoResponse, path: &str) -> Option<Vec<String>> {
        answer_fields!(answer, path)
    }
}

impl Sample for QuerySecretNoDetail {
    fn requests() -> Vec<Self> {
        vec![Self::builder().secret_no("17000000000").pool_key("FC123456").build()]
    }

    fn texts(answer: &QuerySecretNoDetailResponse, path: &str) -> Option<Vec<String>> {
        let info = &answer.secret_no_info;
        answer_fields!(answer, path,
            "SecretNoInfoDTO.PurchaseTime" => info.purchase_time,
            "SecretNoInfoDTO.Vendor" => info.vendor,
            "SecretNoInfoDTO.Province" => info.province,
            "SecretNoInfoDTO.City" => info.city,
            "SecretNoInfoDTO.SecretStatus" => info.secret_status,
            "SecretNoInfoDTO.CertifyStatus" => info.certify_status,
        )
    }
}
