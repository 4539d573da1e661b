use privacy_number::top::{
    ClientReceiverQuery, OaidClientDecrypt, OaidDecrypt, OperateType, ReceiverQuery, Scene, SecretGroupQuery,
    SecretGroupUpdate, WireShape, WorkcardRequestSource, WorkcardVirtualphoneBind,
};

use super::Calls;
use crate::canary::sentinels::Sentinels;

pub(super) fn calls(s: &Sentinels) -> Calls {
    let query = ReceiverQuery::builder().oaid(&*s.oaid).tid("2001").scene(Scene::StoreShipping).secret_no_days(15);
    let on_the_client = ClientReceiverQuery::builder().oaid(&*s.oaid).tid("2001").scene(Scene::AfterSales);
    let update = |shape| {
        let update = SecretGroupUpdate::builder().oaid(&*s.oaid).operate_type(OperateType::Add).wire_shape(shape);
        update.mobile_list([&*s.caller, &*s.landline]).build()
    };
    let read = |shape| SecretGroupQuery::builder().oaid(&*s.oaid).wire_shape(shape).build();
    let source = WorkcardRequestSource::builder().real_tp_nick(&*s.other_name).service_store_code("FWS1122").build();
    vec![
        Box::new(OaidDecrypt::new([query.build()])),
        Box::new(OaidClientDecrypt::new(&*s.once_token, on_the_client.secret_no_days(15).build())),
        Box::new(update(WireShape::Wrapped)),
        Box::new(update(WireShape::Flat)),
        Box::new(read(WireShape::Wrapped)),
        Box::new(read(WireShape::Flat)),
        Box::new(WorkcardVirtualphoneBind::new(1, source)),
    ]
}
