//! Virtual numbers that are bound to work cards.

use serde::{Deserialize, Serialize};

use crate::emulator::generated::seeded_digits;

/// Counts the bindings of all work cards. Each binding has its own number.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct WorkCards {
    bound: u64,
    pub(super) seed: u64,
}

impl WorkCards {
    pub(crate) fn bound(&self) -> u64 {
        self.bound
    }

    /// Binds a virtual number. A repeated call binds another number: the documents do not guarantee the same number.
    pub(crate) fn bind(&mut self, work_card: i64) -> String {
        self.bound = self.bound.saturating_add(1);
        format!("1770000{}", seeded_digits(self.seed, &format!("{work_card}/{}", self.bound), 4))
    }
}
