//! Numbers and ids that the emulator generates: the same on every run and on every machine.

/// A 64-bit hash of a text (FNV-1a).
pub(crate) fn hash(text: &str) -> u64 {
    seeded_hash(0, text)
}

/// A hash that also depends on the seed.
pub(crate) fn seeded_hash(seed: u64, text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// A string of `count` digits that depends on the text alone.
pub(crate) fn digits(text: &str, count: usize) -> String {
    seeded_digits(0, text, count)
}

/// A string of `count` digits that depends on the text and the seed.
pub(crate) fn seeded_digits(seed: u64, text: &str, count: usize) -> String {
    let modulus = 10_u64.saturating_pow(u32::try_from(count).unwrap_or(u32::MAX));
    let number = seeded_hash(seed, text).checked_rem(modulus).unwrap_or_default();
    format!("{number:0count$}")
}
