//! privacy-number

#[cfg(feature = "emulator")]
pub mod emulator;
