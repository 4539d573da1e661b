//! The parameters that every action has.

/// Whether a parameter belongs to the request and not to the action. Attempts of one call can differ in it.
pub(crate) fn is_system_parameter(name: &str) -> bool {
    matches!(
        name,
        "AccessKeyId"
            | "Format"
            | "SecurityToken"
            | "Signature"
            | "SignatureMethod"
            | "SignatureNonce"
            | "SignatureType"
            | "SignatureVersion"
            | "Timestamp"
            | "Version"
    )
}
