//! The kind of binding that former Alidayu customers name instead of a number pool.

use crate::wire_enum::wire_enum;

wire_enum! {
    /// The kind of binding, for former Alidayu (阿里大于) customers, who have no pool key.
    ProductType {
        /// AXB on 170 numbers.
        Axb170 = "AXB_170",
        /// AXN on 170 numbers.
        Axn170 = "AXN_170",
        /// AXN on 95 numbers.
        Axn95 = "AXN_95",
        /// AXN with extensions.
        AxnExtensionReuse = "AXN_EXTENSION_REUSE",
    }
}
