//! Settings of a binding of a 700 number that take one of a few values.

use crate::wire_enum::wire_enum;

wire_enum! {
    /// Who may not call over an AXB binding of a 700 number.
    Axb700CallRestrict {
        /// A cannot call X.
        A = "CONTROL_AX_DISABLE",
        /// B cannot call X.
        B = "CONTROL_BX_DISABLE",
    }
}

wire_enum! {
    /// Who may not call over a GXB binding of a 700 number.
    ///
    /// The values are those of the help page. Every sample, the help page's own too, has `CONTROL_AX_DISABLE`, which is
    /// not among them; it can be sent as `Other`.
    Gxb700CallRestrict {
        /// B cannot call X.
        B = "CONTROL_BX_DISABLE",
        /// The group cannot call X.
        G = "CONTROL_GX_DISABLE",
    }
}

wire_enum! {
    /// Who may not call over a binding of a 700 number, of either kind.
    ///
    /// No document says how to lift a restriction. The older operation takes `CONTROL_CLEAR_DISABLE`; whether this one
    /// does is unknown.
    CallRestrict700 {
        /// A cannot call X. Of an AXB binding.
        A = "CONTROL_AX_DISABLE",
        /// B cannot call X.
        B = "CONTROL_BX_DISABLE",
        /// The group cannot call X. Of a GXB binding.
        G = "CONTROL_GX_DISABLE",
    }
}

wire_enum! {
    /// The type of a recording's file.
    RecType {
        /// MP3.
        Mp3 = "mp3",
        /// WAV.
        Wav = "wav",
    }
}

wire_enum! {
    /// The model that transcribes a call.
    AsrModel {
        /// The telephone model for Mandarin.
        Mandarin = "7ee372834d2f4cc7ac0d0ab2d0ae1aac",
        /// The telephone model for Cantonese.
        Cantonese = "9b4afe3d224e4fa3bf963697113e2f77",
        /// The telephone model for regional accents.
        RegionalAccents = "3655a6cb94764145a1f9a38a3c3b3b4b",
    }
}

macro_rules! also_of_either_kind {
    ($($kind:ty),*) => {$(
        impl From<$kind> for CallRestrict700 {
            fn from(restrict: $kind) -> Self {
                restrict.as_str().into()
            }
        }
    )*};
}

also_of_either_kind!(Axb700CallRestrict, Gxb700CallRestrict);
