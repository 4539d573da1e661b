//! Shops, their sessions, and the callers that they report for all their orders.

use std::collections::{HashMap, VecDeque};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::kept::{KEPT_LONG, push_bounded};

/// How many callers a shop can report for all its orders.
const CALLERS_PER_SHOP: usize = 40;

/// Identifies a shop.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub(crate) struct ShopId(usize);

/// A seller's shop.
#[derive(Serialize, Deserialize)]
pub(crate) struct Shop {
    pub(crate) name: String,
    /// The latest session.
    pub(crate) session: String,
    pub(crate) session_expired: bool,
    callers: Vec<String>,
    /// The tids of its orders, in the order in which they were added.
    pub(crate) tids: Vec<String>,
}

/// How the gateway sees a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum SessionState {
    Valid(ShopId),
    /// The shop had this session before.
    Expired(ShopId),
    Unknown,
}

/// The reason why a shop cannot be added or changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ShopError {
    /// There is no shop with this name.
    UnknownShop,
    /// There is already a shop with this name.
    NameTaken,
    /// Another shop has or had this session.
    SessionTaken,
    /// The name or the session is empty.
    Empty,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Shops {
    shops: Vec<Shop>,
    /// Includes former sessions.
    by_session: HashMap<String, ShopId>,
    sessions_by_age: VecDeque<String>,
}

impl Shops {
    /// Adds a shop. A shop with the same name gets the session, and these callers in addition to its own.
    pub(crate) fn add_or_extend(&mut self, name: &str, session: &str, callers: &[String]) -> ShopId {
        let id = self.id(name).unwrap_or_else(|| {
            self.shops.push(Shop {
                name: name.to_owned(),
                session: String::new(),
                session_expired: true,
                callers: Vec::new(),
                tids: Vec::new(),
            });
            ShopId(self.shops.len().saturating_sub(1))
        });
        self.add_callers(id, callers);
        self.set_session(id, session);
        id
    }

    /// Adds callers that the shop reports for orders that are added from now on.
    pub(crate) fn add_callers(&mut self, id: ShopId, callers: &[String]) {
        if let Some(shop) = self.shops.get_mut(id.0) {
            let room = CALLERS_PER_SHOP.saturating_sub(shop.callers.len());
            let new: Vec<String> = callers.iter().filter(|caller| !shop.callers.contains(caller)).cloned().collect();
            shop.callers.extend(new.into_iter().take(room));
        }
    }

    /// Checks that the name and the session are free.
    pub(crate) fn check_new(&self, name: &str, session: &str) -> Result<(), ShopError> {
        if name.is_empty() || session.is_empty() {
            Err(ShopError::Empty)
        } else if self.id(name).is_some() {
            Err(ShopError::NameTaken)
        } else if self.by_session.contains_key(session) {
            Err(ShopError::SessionTaken)
        } else {
            Ok(())
        }
    }

    /// Gives the shop a new session. The former session has expired.
    pub(crate) fn rotate_session(&mut self, name: &str, session: &str) -> Result<(), ShopError> {
        let id = self.id(name).ok_or(ShopError::UnknownShop)?;
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
        let id = self.id(name).ok_or(ShopError::UnknownShop)?;
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

    pub(crate) fn id(&self, name: &str) -> Option<ShopId> {
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

    pub(super) fn add_tid(&mut self, id: ShopId, tid: &str) {
        if let Some(shop) = self.shops.get_mut(id.0) {
            shop.tids.push(tid.to_owned());
        }
    }

    fn set_session(&mut self, id: ShopId, session: &str) {
        if let Some(shop) = self.shops.get_mut(id.0) {
            session.clone_into(&mut shop.session);
            shop.session_expired = false;
            if self.by_session.insert(session.to_owned(), id).is_none() {
                self.remember_session(session);
            }
        }
    }

    /// Forgets the oldest session, unless a shop still has it.
    fn remember_session(&mut self, session: &str) {
        let Some(oldest) = push_bounded(&mut self.sessions_by_age, session.to_owned(), KEPT_LONG) else { return };
        if self.shops.iter().any(|shop| shop.session == oldest) {
            self.sessions_by_age.push_back(oldest);
        } else {
            self.by_session.remove(&oldest);
        }
    }
}

impl ShopId {
    /// The id of the seller on the platform.
    pub(crate) fn user_id(self) -> u64 {
        u64::try_from(self.0).unwrap_or_default().saturating_add(2_200_000_000_001)
    }
}

impl SessionState {
    /// The shop that has or had the session.
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
            Self::UnknownShop => "there is no shop with this name",
            Self::NameTaken => "there is already a shop with this name",
            Self::SessionTaken => "another shop has or had this session",
            Self::Empty => "the name and the session must not be empty",
        })
    }
}

impl std::error::Error for ShopError {}
