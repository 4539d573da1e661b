//! Reading bindings of the fixed-line platform.

use serde::Serialize;

use super::binding::{AxbFixedLineBinding, AxnExtensionFixedLineBinding, AxnFixedLineBinding};
use super::request::fixed_line_request;
use crate::aliyun::check::{check_not_empty, check_optional_virtual, check_phone, check_virtual};
use crate::aliyun::response::newer_response;
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};

/// Defines a request that reads bindings, with its response. All three have the same parameters, except for what
/// selects the bindings.
macro_rules! query_request {
    ($(#[$meta:meta])* $request:ident -> $response:ident, by: $query:ident, data: $binding:ident) => {
        fixed_line_request! {
            $(#[$meta])*
            $request -> $response, Safe, data_success_codes: &[],
            into: [],
            {
                /// What selects the bindings: `QueryType` and the parameters that go with it.
                #[serde(flatten)]
                pub query_type: $query,
            }
        }

        impl $request {
            fn check_own_parameters(&self) -> Result<(), InvalidRequest> {
                self.query_type.check()
            }
        }

        newer_response! {
            /// The bindings that were found.
            $response {
                /// The bindings; empty if there is none. An object alone, as the documents show it for AXB, is a list
                /// of one.
                #[serde(default, deserialize_with = "crate::answer::lenient::list")]
                data: Vec<$binding>,
            }
        }
    };
}

query_request! {
    /// Reads an AXB binding of the fixed-line platform, by its id or by its numbers: `QueryAxbBindFixedLine`.
    ///
    /// Safe (inferred). No limit of calls per second is documented. Not charged.
    ///
    /// # Errors
    /// No codes are documented. Refused before sending: an empty id, numbers that are no [`PhoneNumber`].
    ///
    /// Source: official SDK 3.4.0.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use privacy_number::aliyun::{AxbFixedLineQuery, QueryAxbBindFixedLine};
    ///
    /// # use privacy_number::aliyun::{BindAxbFixedLine, FixedLineExpiration};
    /// # let pool = [("杭州", "057100000001")];
    /// # let emulator = privacy_number::emulator::Emulator::builder().pool("FC571", pool).start().await?;
    /// # let client = emulator.aliyun()?;
    /// # let bind = BindAxbFixedLine::builder().app_id("FC571").tel_a("15000000000").tel_b("15000000001");
    /// # let bound = client.send(&bind.expiration(FixedLineExpiration::Never).anucode("1,2,3").build()).await?.data;
    /// let by_numbers = AxbFixedLineQuery::Numbers { tel_x: bound.tel_x, phone: "15000000001".into() };
    /// let query = QueryAxbBindFixedLine::builder().app_id("FC571").query_type(by_numbers).build();
    /// let found = client.send(&query).await?.data;
    /// assert!(found.iter().all(|binding| binding.subid == bound.subid));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "查询固话AXB绑定")]
    QueryAxbBindFixedLine -> QueryAxbBindFixedLineResponse, by: AxbFixedLineQuery, data: AxbFixedLineBinding
}

query_request! {
    /// Reads AXN bindings of the fixed-line platform, by id, by A or by X: `QueryAxnBindFixedLine`.
    ///
    /// Safe (inferred). No limit of calls per second is documented. Not charged.
    ///
    /// # Errors
    /// No codes are documented. Refused before sending: an empty id, numbers that are no [`PhoneNumber`].
    ///
    /// Source: official SDK 3.4.0.
    #[doc(alias = "查询固话AXN绑定")]
    QueryAxnBindFixedLine -> QueryAxnBindFixedLineResponse, by: AxnFixedLineQuery, data: AxnFixedLineBinding
}

query_request! {
    /// Reads AXN extension bindings of the fixed-line platform, by id or by A: `QueryAxnExtensionBindFixedLine`.
    ///
    /// Safe (inferred). No limit of calls per second is documented. Not charged.
    ///
    /// # Errors
    /// No codes are documented. Refused before sending: an empty id, numbers that are no [`PhoneNumber`].
    ///
    /// Source: official SDK 3.4.0.
    #[doc(alias = "查询固话AXN分机绑定")]
    QueryAxnExtensionBindFixedLine -> QueryAxnExtensionBindFixedLineResponse, by: AxnExtensionFixedLineQuery,
    data: AxnExtensionFixedLineBinding
}

/// What selects a fixed-line AXB binding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "QueryType", rename_all_fields = "PascalCase")]
#[non_exhaustive]
pub enum AxbFixedLineQuery {
    /// `0`: its id.
    #[serde(rename = "0")]
    SubId {
        /// The binding's id.
        sub_id: String,
    },
    /// `1`: its X and one of its parties.
    #[serde(rename = "1")]
    Numbers {
        /// X.
        tel_x: VirtualNumber,
        /// A's number or B's.
        phone: PhoneNumber,
    },
}

impl AxbFixedLineQuery {
    fn check(&self) -> Result<(), InvalidRequest> {
        match self {
            Self::SubId { sub_id } => check_not_empty("sub_id", sub_id),
            Self::Numbers { tel_x, phone } => {
                check_virtual("tel_x", tel_x)?;
                check_phone("phone", phone)
            }
        }
    }
}

/// What selects fixed-line AXN bindings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "QueryType", rename_all_fields = "PascalCase")]
#[non_exhaustive]
pub enum AxnFixedLineQuery {
    /// `0`: the binding's id.
    #[serde(rename = "0")]
    SubId {
        /// The binding's id.
        sub_id: String,
    },
    /// `1`: A.
    #[serde(rename = "1")]
    Phone {
        /// A's number.
        phone: PhoneNumber,
        /// X: give it if you know it. Uncertain: the official SDK selects by A alone, the official metadata by X and A.
        tel_x: Option<VirtualNumber>,
    },
    /// `2`: X. Uncertain: in the official SDK only, and that X goes into `TelX` is inferred.
    #[serde(rename = "2")]
    TelX {
        /// X.
        tel_x: VirtualNumber,
    },
}

impl AxnFixedLineQuery {
    fn check(&self) -> Result<(), InvalidRequest> {
        match self {
            Self::SubId { sub_id } => check_not_empty("sub_id", sub_id),
            Self::Phone { phone, tel_x } => {
                check_phone("phone", phone)?;
                check_optional_virtual("tel_x", tel_x.as_ref())
            }
            Self::TelX { tel_x } => check_virtual("tel_x", tel_x),
        }
    }
}

/// What selects fixed-line AXN extension bindings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "QueryType", rename_all_fields = "PascalCase")]
#[non_exhaustive]
pub enum AxnExtensionFixedLineQuery {
    /// `0`: the binding's id.
    #[serde(rename = "0")]
    SubId {
        /// The binding's id.
        sub_id: String,
    },
    /// `1`: A.
    #[serde(rename = "1")]
    TelA {
        /// A's number.
        tel_a: PhoneNumber,
    },
}

impl AxnExtensionFixedLineQuery {
    fn check(&self) -> Result<(), InvalidRequest> {
        match self {
            Self::SubId { sub_id } => check_not_empty("sub_id", sub_id),
            Self::TelA { tel_a } => check_phone("tel_a", tel_a),
        }
    }
}
