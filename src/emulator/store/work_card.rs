//! Work cards of the service centre and the virtual numbers bound to them.

use super::digits_of_seed;

/// Counts the bindings of all work cards, so that each has its own number.
#[derive(Default)]
pub(crate) struct WorkCards {
    bound: u64,
    pub(super) seed: u64,
}

impl WorkCards {
    pub(crate) fn bound(&self) -> u64 {
        self.bound
    }

    /// Binds a virtual number. A repeated call binds another one: the documents do not promise the same.
    pub(crate) fn bind(&mut self, work_card: i64) -> String {
        self.bound = self.bound.saturating_add(1);
        format!("1770000{}", digits_of_seed(self.seed, &format!("{work_card}/{}", self.bound), 4))
    }
}
