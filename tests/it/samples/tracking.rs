use privacy_number::aliyun::{
    AddAxnTrackNo, AddAxnTrackNoResponse, BindAxn, PhoneNoAInfo, QueryPhoneNoAByTrackNo, QueryPhoneNoAByTrackNoResponse,
};

use crate::samples::{Clients, Sample, Values, answer_fields, expiration};

impl Sample for QueryPhoneNoAByTrackNo {
    fn requests(values: &Values) -> Vec<Self> {
        vec![
            Self::builder()
                .track_no("YT0000000001")
                .cabinet_no("25689000")
                .phone_no_x(values.phone_x("17000000000"))
                .build(),
        ]
    }
}

impl Sample for AddAxnTrackNo {
    fn requests(values: &Values) -> Vec<Self> {
        let add =
            Self::builder().pool_key("FC123456").phone_no_x(values.phone_x("17000000000")).track_no("YT0000000001");
        vec![add.subs_id("1000000000001").build()]
    }

    async fn ready(clients: &Clients) -> Self {
        let bind = BindAxn::builder().pool_key("FC123456").phone_no_a("15000000000").expiration(expiration());
        let bound = clients.send(&bind.build()).await.unwrap().secret_bind;
        let add = Self::builder().pool_key("FC123456").phone_no_x(bound.secret_no).subs_id(bound.subs_id);
        add.track_no("YT0000000001").build()
    }
}

answer_fields! {
    QueryPhoneNoAByTrackNoResponse { code, message, request_id, module }
    PhoneNoAInfo { extension, phone_no_x, phone_no_a }
    AddAxnTrackNoResponse { code, message, request_id }
}
