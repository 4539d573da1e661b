//! Courier pick-ups (上门寄件): querying slots and a price, ordering, cancelling.

mod address;
mod cancel;
mod create;
mod pre_query;
mod response;

pub use address::*;
pub use cancel::*;
pub use create::*;
pub use pre_query::*;

/// The public types of this family, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{
        Address, AddressInfo, AppointSlot, AppointTime, CancelPickUpWaybill, CancelPickUpWaybillResponse,
        CancelledWaybill, ContactInfo, CpTimeSelect, CreatePickUpWaybill, CreatePickUpWaybillPreQuery,
        CreatePickUpWaybillPreQueryResponse, CreatePickUpWaybillResponse, GoodsInfo, PickUp, PickUpPreQuery,
        PickUpWaybill, RealTime,
    };
}
