use privacy_number::aliyun::{
    AddAxnTrackNo, AddAxnTrackNoResponse, QueryPhoneNoAByTrackNo, QueryPhoneNoAByTrackNoResponse,
};

use crate::conformance::sample::{Sample, Texts, answer_fields, each};

impl Sample for QueryPhoneNoAByTrackNo {
    fn requests() -> Vec<Self> {
        vec![Self::builder().track_no("YT0000000001").cabinet_no("25689000").phone_no_x("17000000000").build()]
    }

    fn texts(answer: &QueryPhoneNoAByTrackNoResponse, path: &str) -> Option<Vec<String>> {
        answer_fields!(answer, path,
            "Module[].Extension" => each(&answer.module, |number| &number.extension),
            "Module[].PhoneNoX" => each(&answer.module, |number| &number.phone_no_x),
            "Module[].PhoneNoA" => each(&answer.module, |number| &number.phone_no_a),
        )
    }
}

impl Sample for AddAxnTrackNo {
    fn requests() -> Vec<Self> {
        let add = Self::builder().pool_key("FC123456").phone_no_x("17000000000").track_no("YT0000000001");
        vec![add.subs_id("1000000000001").build()]
    }

    fn texts(answer: &AddAxnTrackNoResponse, path: &str) -> Option<Vec<String>> {
        answer_fields!(answer, path)
    }
}
