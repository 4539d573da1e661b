//! Shops, their sessions and the callers that they report for all their orders.

use std::collections::HashMap;
use std::fmt;

/// How many callers a shop can report for all its orders.
const CALLERS_PER_SHOP: usize = 40;

/// Which shop.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct ShopId(usize);

/// A seller's shop.
pub(crate) struct Shop {
    pub(crate) name: String,
    /// The latest one.
    pub(crate) session: String,
    pub(crate) session_expired: bool,
    callers: Vec<String>,
    /// Its orders, in the order in which they were added.
    pub(crate) tids: Vec<String>,
}

/// What a session is to the gateway.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum SessionState {
    Valid(ShopId),
    /// It was the shop's, and is no more.
    Expired(ShopId),
    Unknown,
}

/// Why a shop cannot be added or changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ShopError {
    /// No shop has this name.
    UnknownShop,
    /// A shop of this name exists.
    NameTaken,
    /// The session is, or was, another shop's.
    SessionTaken,
    /// The name or the session is empty.
    Empty,
}

#[derive(Default)]
pub(crate) struct Shops {
    shops: Vec<Shop>,
    /// Former sessions too.
    by_session: HashMap<String, ShopId>,
}

impl Shops {
    /// Opens a shop. One of the same name gets these callers besides its own, and this session.
    pub(crate) fn open(&mut self, name: &str, session: &str, callers: &[String]) -> ShopId {
        let id = self.named(name).unwrap_or_else(|| {
            self.shops.push(Shop {
                name: name.to_owned(),
                session: String::new(),
                session_expired: true,
                callers: Vec::new(),
                tids: Vec::new(),
            });
            ShopId(self.shops.len().saturating_sub(1))
        });
        if let Some(shop) = self.shops.get_mut(id.0) {
            let room = CALLERS_PER_SHOP.saturating_sub(shop.callers.len());
            let new: Vec<String> = callers.iter().filter(|caller| !shop.callers.contains(caller)).cloned().collect();
            shop.callers.extend(new.into_iter().take(room));
        }
        self.set_session(id, session);
        id
    }

    /// Refuses what [`open`](Self::open) would mix up.
    pub(crate) fn check_new(&self, name: &str, session: &str) -> Result<(), ShopError> {
        if name.is_empty() || session.is_empty() {
            Err(ShopError::Empty)
        } else if self.named(name).is_some() {
            Err(ShopError::NameTaken)
        } else if self.by_session.contains_key(session) {
            Err(ShopError::SessionTaken)
        } else {
            Ok(())
        }
    }

    /// Gives the shop a new session. The former one has expired.
    pub(crate) fn rotate_session(&mut self, name: &str, session: &str) -> Result<(), ShopError> {
        let id = self.named(name).ok_or(ShopError::UnknownShop)?;
        if session.is_empty() {
            return Err(ShopError::Empty);
        }
        if self.by_session.get(session).is_some_and(|owner| *owner != id) {
            return Err(ShopError::SessionTaken);
        }
        self.set_session(id, session);
        Ok(())
    }

    pub(crate) fn expire_session(&mut self, name: &str) -> Result<(), ShopError> {
        let id = self.named(name).ok_or(ShopError::UnknownShop)?;
        let shop = self.shops.get_mut(id.0).ok_or(ShopError::UnknownShop)?;
        shop.session_expired = true;
        Ok(())
    }

    pub(crate) fn session_state(&self, session: &str) -> SessionState {
        let Some(id) = self.by_session.get(session).copied() else {
            return SessionState::Unknown;
        };
        let is_valid = |shop: &Shop| shop.session == session && !shop.session_expired;
        if self.get(id).is_some_and(is_valid) { SessionState::Valid(id) } else { SessionState::Expired(id) }
    }

    pub(crate) fn named(&self, name: &str) -> Option<ShopId> {
        self.shops.iter().position(|shop| shop.name == name).map(ShopId)
    }

    pub(crate) fn get(&self, id: ShopId) -> Option<&Shop> {
        self.shops.get(id.0)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (ShopId, &Shop)> {
        self.shops.iter().enumerate().map(|(index, shop)| (ShopId(index), shop))
    }

    pub(crate) fn callers(&self, id: ShopId) -> &[String] {
        self.get(id).map(|shop| shop.callers.as_slice()).unwrap_or_default()
    }

    pub(super) fn note_order(&mut self, id: ShopId, tid: &str) {
        if let Some(shop) = self.shops.get_mut(id.0) {
            shop.tids.push(tid.to_owned());
        }
    }

    fn set_session(&mut self, id: ShopId, session: &str) {
        if let Some(shop) = self.shops.get_mut(id.0) {
            session.clone_into(&mut shop.session);
            shop.session_expired = false;
            self.by_session.insert(session.to_owned(), id);
        }
    }
}

impl SessionState {
    /// Whose session it is or was.
    pub(crate) fn shop(self) -> Option<ShopId> {
        match self {
            Self::Valid(id) | Self::Expired(id) => Some(id),
            Self::Unknown => None,
        }
    }
}

impl fmt::Display for ShopError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::UnknownShop => "no shop has this name",
            Self::NameTaken => "a shop of this name exists",
            Self::SessionTaken => "the session is or was another shop's",
            Self::Empty => "a name and a session must not be empty",
        })
    }
}

impl std::error::Error for ShopError {}
