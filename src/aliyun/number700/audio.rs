//! Ring tones of bindings of 700 numbers, by the kind of binding.

use bon::Builder;
use serde::Serialize;

/// Defines the ring tones of one kind of binding: a field for each slot, with its name on the wire.
macro_rules! audio {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident = $wire:literal,)* }) => {
        $(#[$meta])*
        ///
        /// Each slot holds the code of a tone, which is in the console. A slot that is not set rings as the pool does.
        #[doc(alias = "彩铃")]
        #[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Builder)]
        #[builder(on(String, into))]
        // For the types of the builder: within a macro of this crate the lint sees them as written by hand.
        #[allow(missing_debug_implementations)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$field_meta])* #[serde(rename = $wire, skip_serializing_if = "Option::is_none")] pub $field: Option<String>,)*
        }
    };
}

audio! {
    /// Ring tones of an AXB binding of a 700 number: who calls X, who hears the tone, before or after the call is
    /// answered.
    Axb700Audio {
        /// A calls X: what A hears before the call is answered.
        a_call_x_a_pre = "ACallX_Apre",
        /// A calls X: what A hears after the call is answered.
        a_call_x_a_in = "ACallX_Ain",
        /// A calls X: what B hears after the call is answered.
        a_call_x_b_in = "ACallX_Bin",
        /// B calls X: what B hears before the call is answered.
        b_call_x_b_pre = "BCallX_Bpre",
        /// B calls X: what A hears after the call is answered.
        b_call_x_a_in = "BCallX_Ain",
        /// B calls X: what B hears after the call is answered.
        b_call_x_b_in = "BCallX_Bin",
    }
}

audio! {
    /// Ring tones of a GXB binding of a 700 number: who calls X, who hears the tone, before or after the call is
    /// answered.
    Gxb700Audio {
        /// A number of the group calls X: what it hears before the call is answered.
        g_call_x_g_pre = "GCallX_Gpre",
        /// A number of the group calls X: what it hears after the call is answered.
        g_call_x_g_in = "GCallX_Gin",
        /// A number of the group calls X: what B hears after the call is answered.
        g_call_x_b_in = "GCallX_Bin",
        /// B calls X: what B hears before the call is answered.
        b_call_x_b_pre = "BCallX_Bpre",
        /// B calls X: what the group's side hears after the call is answered.
        b_call_x_g_in = "BCallX_Gin",
        /// B calls X: what B hears after the call is answered.
        b_call_x_b_in = "BCallX_Bin",
    }
}

/// Ring tones of a binding of a 700 number, of either kind. They replace the `RingConfig` of the older operations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Audio700 {
    /// For an AXB binding.
    Axb(Axb700Audio),
    /// For a GXB binding.
    Gxb(Gxb700Audio),
}

impl From<Axb700Audio> for Audio700 {
    fn from(audio: Axb700Audio) -> Self {
        Self::Axb(audio)
    }
}

impl From<Gxb700Audio> for Audio700 {
    fn from(audio: Gxb700Audio) -> Self {
        Self::Gxb(audio)
    }
}
