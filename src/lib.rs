//! privacy-number
