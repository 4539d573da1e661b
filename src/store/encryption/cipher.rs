use std::fmt;

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Aead, Generate, KeyInit, Nonce, Payload};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::store::StoreError;

/// The bytes of a key.
pub(super) const KEY_LENGTH: usize = 32;

/// The first byte of what is encrypted in this way.
const FORMAT: u8 = 1;

const ID_LENGTH: usize = 8;

const NONCE_LENGTH: usize = 12;

/// The name of a key: the beginning of its hash.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct KeyId([u8; ID_LENGTH]);

impl KeyId {
    pub(in crate::store) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The ids in a text of several.
    pub(in crate::store) fn all_in(bytes: &[u8]) -> impl Iterator<Item = Self> {
        bytes.as_chunks::<ID_LENGTH>().0.iter().copied().map(Self)
    }

    pub(in crate::store) fn wrong_key(self) -> StoreError {
        StoreError::WrongKey(format!("the encryption key with the id {self:?} is missing").into())
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// AES-256-GCM with one key. What it makes: the format, the id of the key, the nonce, the encrypted content, the tag.
pub(in crate::store) struct Cipher {
    id: KeyId,
    aes: Aes256Gcm,
}

impl Cipher {
    pub(super) fn new(key: &[u8; KEY_LENGTH]) -> Self {
        let hash = Sha256::new().chain_update("privacy-number key id").chain_update(key).finalize();
        let mut id = [0; ID_LENGTH];
        id.iter_mut().zip(hash).for_each(|(byte, hashed)| *byte = hashed);
        Self { id: KeyId(id), aes: Aes256Gcm::new(key.into()) }
    }

    pub(in crate::store) fn id(&self) -> KeyId {
        self.id
    }

    /// Encrypts a content. `data` is what it belongs to: it can only be decrypted with the same.
    pub(in crate::store) fn encrypt(&self, content: &[u8], data: &[u8]) -> Result<Vec<u8>, StoreError> {
        let nonce = Nonce::<Aes256Gcm>::try_generate().map_err(|_| no_random_numbers())?;
        let payload = Payload { msg: content, aad: data };
        // It fails only for contents of more than 64 GB.
        let encrypted = self.aes.encrypt(&nonce, payload).map_err(|_| StoreError::Refused("too long".into()))?;
        Ok([&[FORMAT], self.id.as_bytes(), &nonce, &encrypted].concat())
    }

    /// The id of the key that made this.
    pub(in crate::store) fn id_in(encrypted: &[u8]) -> Result<KeyId, StoreError> {
        let (format, rest) = encrypted.split_first().ok_or_else(damaged)?;
        if *format != FORMAT {
            return Err(StoreError::Corrupt("it is not encrypted in a known format".into()));
        }
        rest.first_chunk().copied().map(KeyId).ok_or_else(damaged)
    }

    pub(super) fn decrypt(&self, encrypted: &[u8], data: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let rest = encrypted.get(1 + ID_LENGTH..).ok_or_else(damaged)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE_LENGTH>().ok_or_else(damaged)?;
        let payload = Payload { msg: rest, aad: data };
        self.aes.decrypt(nonce.into(), payload).map(Zeroizing::new).map_err(|_| damaged())
    }
}

fn damaged() -> StoreError {
    StoreError::Corrupt("it was changed, cut or put in the place of another one".into())
}

pub(super) fn no_random_numbers() -> StoreError {
    StoreError::Unavailable("the system has no random numbers".into())
}
