use std::collections::{HashSet, VecDeque};

use crate::top::tmc::MessageId;

/// How many ids are remembered.
const CAPACITY: usize = 10_000;

/// The ids of the latest messages that were handled.
#[derive(Default)]
pub(super) struct HandledIds {
    ids: HashSet<MessageId>,
    /// The same, oldest first.
    order: VecDeque<MessageId>,
}

impl HandledIds {
    pub(super) fn contains(&self, id: MessageId) -> bool {
        self.ids.contains(&id)
    }

    pub(super) fn insert(&mut self, id: MessageId) {
        if !self.ids.insert(id) {
            return;
        }
        self.order.push_back(id);
        if self.order.len() > CAPACITY
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_ids_are_remembered() {
        let mut handled = HandledIds::default();
        for id in 0..20_000_u64 {
            handled.insert(id.into());
            handled.insert(id.into());
            assert!(handled.ids.len() <= CAPACITY && handled.order.len() <= CAPACITY);
        }
        assert!(handled.contains(19_999.into()) && handled.contains(10_000.into()));
        assert!(!handled.contains(9_999.into()));
    }
}
