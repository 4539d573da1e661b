use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use privacy_number::aliyun::{
    AxbFixedLineBinding, AxbFixedLineExtra, AxbFixedLineQuery, AxnExtensionFixedLineBinding,
    AxnExtensionFixedLineQuery, AxnFixedLineBinding, AxnFixedLineExtra, AxnFixedLineQuery, BindAxbFixedLine,
    BindAxbFixedLineResponse, BindAxnExtensionFixedLine, BindAxnExtensionFixedLineResponse, BindAxnFixedLine,
    BindAxnFixedLineResponse, DeleteAxbBindFixedLine, DeleteAxbBindFixedLineResponse, DeleteAxnBindFixedLine,
    DeleteAxnBindFixedLineResponse, DeleteAxnExtensionBindFixedLine, DeleteAxnExtensionBindFixedLineResponse,
    FixedLineBound, FixedLineCallback, FixedLineExtensionBound, FixedLineExtensionX, FixedLineRecording, FixedLineX,
    QueryAxbBindFixedLine, QueryAxbBindFixedLineResponse, QueryAxnBindFixedLine, QueryAxnBindFixedLineResponse,
    QueryAxnExtensionBindFixedLine, QueryAxnExtensionBindFixedLineResponse, UpdateAxbBindFixedLine,
    UpdateAxbBindFixedLineResponse, UpdateAxnBindFixedLine, UpdateAxnBindFixedLineResponse,
    UpdateAxnExtensionBindFixedLine, UpdateAxnExtensionBindFixedLineResponse,
};

use crate::samples::{Clients, Sample, Values, answer_fields, expiration};

const APP_ID: &str = "APP0001";
const ORDER_ID: &str = "order-0001";
const SUB_ID: &str = "SUB000000000001";
const HOURS: Duration = Duration::from_secs(7200);

fn subts() -> DateTime<Utc> {
    expiration()
}

fn ts() -> DateTime<Utc> {
    expiration() + TimeDelta::milliseconds(1)
}

fn axb_extra() -> AxbFixedLineExtra {
    AxbFixedLineExtra::builder().callrecording(FixedLineRecording::On).build()
}

fn axn_extra() -> AxnFixedLineExtra {
    AxnFixedLineExtra::builder().callback(FixedLineCallback::Off).callrecording(FixedLineRecording::On).build()
}

/// The terms that all requests that bind have, and those that change one.
macro_rules! terms {
    ($builder:expr, $values:expr) => {
        $builder
            .app_id(APP_ID)
            .order_id(ORDER_ID)
            .ts(ts())
            .subts(subts())
            .expiration(HOURS)
            .anucode("1,2,3")
            .anucodecalled("1,2")
            .t_anucode_connect("1,2")
            .remark($values.remark("remark-0001"))
    };
}

impl Sample for BindAxbFixedLine {
    fn requests(values: &Values) -> Vec<Self> {
        let bind = |tel_x: FixedLineX| {
            let bind = terms!(Self::builder(), values).tel_a(values.phone_a("15000000001"));
            bind.tel_b(values.phone_b("15000000002")).tel_x(tel_x).extra(axb_extra()).build()
        };
        vec![bind(values.phone_x("057100000000").as_str().into()), bind(FixedLineX::in_area("10"))]
    }
}

impl Sample for BindAxnFixedLine {
    fn requests(values: &Values) -> Vec<Self> {
        let bind = |tel_x: FixedLineX| {
            let bind = terms!(Self::builder(), values).tel_a(values.phone_a("15000000001"));
            bind.tel_b(values.phone_b("15000000002")).tel_x(tel_x).extra(axn_extra()).build()
        };
        vec![bind(values.phone_x("057100000000").as_str().into()), bind(FixedLineX::in_area("10"))]
    }
}

impl Sample for BindAxnExtensionFixedLine {
    fn requests(values: &Values) -> Vec<Self> {
        let bind = |tel_x: FixedLineExtensionX| {
            let bind = terms!(Self::builder(), values).tel_a(values.phone_a("15000000001"));
            bind.tel_x(tel_x).extraaxx(axn_extra()).build()
        };
        let given = FixedLineExtensionX::given(values.phone_x("057100000000"), "1001");
        vec![bind(given), bind(FixedLineExtensionX::in_area("10"))]
    }
}

macro_rules! ready_id {
    ($clients:expr, $bind:ty) => {
        $clients.send(&<$bind>::request()).await.unwrap().data.subid
    };
}

/// One for each party, which cannot change together.
macro_rules! update_one_party {
    ($($update:ty: $bind:ty, $extra:expr;)*) => {$(
        impl Sample for $update {
            fn requests(values: &Values) -> Vec<Self> {
                let update = || terms!(Self::builder(), values).sub_id(SUB_ID).extra($extra);
                let tel_a = update().tel_a(values.phone_a("15000000003")).build();
                vec![tel_a, update().tel_b(values.phone_b("15000000004")).build()]
            }

            async fn ready(clients: &Clients) -> Self {
                let sub_id = ready_id!(clients, $bind);
                let update = Self::builder().app_id(APP_ID).sub_id(sub_id).subts(subts());
                update.tel_b("15000000004").expiration(HOURS).build()
            }
        }
    )*};
}

update_one_party! {
    UpdateAxbBindFixedLine: BindAxbFixedLine, axb_extra();
    UpdateAxnBindFixedLine: BindAxnFixedLine, axn_extra();
}

impl Sample for UpdateAxnExtensionBindFixedLine {
    fn requests(values: &Values) -> Vec<Self> {
        let update = terms!(Self::builder(), values).sub_id(SUB_ID).extraaxx(axn_extra());
        vec![update.tel_a(values.phone_a("15000000003")).build()]
    }

    async fn ready(clients: &Clients) -> Self {
        let sub_id = ready_id!(clients, BindAxnExtensionFixedLine);
        Self::builder().app_id(APP_ID).sub_id(sub_id).subts(subts()).tel_a("15000000003").build()
    }
}

macro_rules! delete {
    ($($delete:ty: $bind:ty;)*) => {$(
        impl Sample for $delete {
            fn requests(_: &Values) -> Vec<Self> {
                vec![Self::builder().app_id(APP_ID).order_id(ORDER_ID).ts(ts()).sub_id(SUB_ID).build()]
            }

            async fn ready(clients: &Clients) -> Self {
                Self::builder().app_id(APP_ID).sub_id(ready_id!(clients, $bind)).build()
            }

            const REFUSED_WHEN_GONE: Option<&'static str> = Some("isv.SUBS_NOT_EXIST");
        }
    )*};
}

delete! {
    DeleteAxbBindFixedLine: BindAxbFixedLine;
    DeleteAxnBindFixedLine: BindAxnFixedLine;
    DeleteAxnExtensionBindFixedLine: BindAxnExtensionFixedLine;
}

macro_rules! query {
    ($($query:ty: $bind:ty, $by:ident, |$values:ident| [$($other:expr),*];)*) => {$(
        impl Sample for $query {
            fn requests($values: &Values) -> Vec<Self> {
                let queries = [$by::SubId { sub_id: SUB_ID.into() }, $($other),*];
                let query = |by| Self::builder().app_id(APP_ID).order_id(ORDER_ID).ts(ts()).query_type(by).build();
                queries.map(query).into()
            }

            async fn ready(clients: &Clients) -> Self {
                let by = $by::SubId { sub_id: ready_id!(clients, $bind) };
                Self::builder().app_id(APP_ID).query_type(by).build()
            }
        }
    )*};
}

query! {
    QueryAxbBindFixedLine: BindAxbFixedLine, AxbFixedLineQuery, |values| [AxbFixedLineQuery::Numbers {
        tel_x: values.phone_x("057100000000").into(),
        phone: values.phone_a("15000000001").into(),
    }];
    QueryAxnBindFixedLine: BindAxnFixedLine, AxnFixedLineQuery, |values| [
        AxnFixedLineQuery::Phone { phone: values.phone_a("15000000001").into(), tel_x: None },
        AxnFixedLineQuery::Phone {
            phone: values.phone_a("15000000001").into(),
            tel_x: Some(values.phone_x("057100000000").into()),
        },
        AxnFixedLineQuery::TelX { tel_x: values.phone_x("057100000000").into() }
    ];
    QueryAxnExtensionBindFixedLine: BindAxnExtensionFixedLine, AxnExtensionFixedLineQuery, |values| [
        AxnExtensionFixedLineQuery::TelA { tel_a: values.phone_a("15000000001").into() }
    ];
}

answer_fields! {
    BindAxbFixedLineResponse { code, message, request_id, success, access_denied_detail, data }
    BindAxnFixedLineResponse { code, message, request_id, success, access_denied_detail, data }
    BindAxnExtensionFixedLineResponse { code, message, request_id, success, access_denied_detail, data }
    FixedLineBound { subid, tel_x }
    FixedLineExtensionBound { subid, tel_x, tel_xext }
    UpdateAxbBindFixedLineResponse { code, message, request_id, success, access_denied_detail, data }
    UpdateAxnBindFixedLineResponse { code, message, request_id, success, access_denied_detail, data }
    UpdateAxnExtensionBindFixedLineResponse { code, message, request_id, success, access_denied_detail, data }
    DeleteAxbBindFixedLineResponse { code, message, request_id, success, access_denied_detail, data }
    DeleteAxnBindFixedLineResponse { code, message, request_id, success, access_denied_detail, data }
    DeleteAxnExtensionBindFixedLineResponse { code, message, request_id, success, access_denied_detail, data }
    QueryAxbBindFixedLineResponse { code, message, request_id, success, access_denied_detail, data }
    QueryAxnBindFixedLineResponse { code, message, request_id, success, access_denied_detail, data }
    QueryAxnExtensionBindFixedLineResponse { code, message, request_id, success, access_denied_detail, data }
    AxbFixedLineBinding {
        subid, tel_a, tel_b, tel_x, areacode, expiration, subts, anucode, anucodecalled, t_anucode_connect, remark,
        extra
    }
    AxnFixedLineBinding {
        subid, tel_a, tel_b, tel_x, areacode, expiration, subts, anucode, anucodecalled, t_anucode_connect, remark,
        extra
    }
    AxnExtensionFixedLineBinding {
        subid, tel_a, tel_x, tel_xext, areacode, expiration, subts, anucode, anucodecalled, t_anucode_connect, remark,
        extraaxx
    }
    AxbFixedLineExtra { callrecording }
    AxnFixedLineExtra { callback, callrecording }
}
