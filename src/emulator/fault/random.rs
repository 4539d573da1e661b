//! The random choice of the requests that a fault applies to.

/// Applies a fault to some requests only.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sampling {
    pub(super) probability: f64,
    pub(super) seed: u64,
}

/// A small random number generator (SplitMix64). `fastrand` does not guarantee the same numbers
/// in all its versions.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(sampling: Option<Sampling>) -> Self {
        Self(sampling.map_or(0, |sampling| sampling.seed))
    }

    /// Always true without a sampling.
    pub(super) fn selects(&mut self, sampling: Option<Sampling>) -> bool {
        sampling.is_none_or(|sampling| self.next_fraction() < sampling.probability)
    }

    /// At least 0 and less than 1.
    fn next_fraction(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let bits = u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or_default();
        f64::from(bits) / 4_294_967_296.0
    }
}
