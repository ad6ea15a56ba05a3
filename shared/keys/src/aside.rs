//! Input that is set aside for a moment, encrypted under a key that nobody keeps.
//!
//! A long input from a pipe must be read twice and so has to rest somewhere. It holds texts in clear, and even a file without a
//! name leaves its blocks on the disk: so it rests as ciphertext, and its key is in this process's memory only.

use std::{
    fmt,
    io::{self, Read, Seek, Write},
};

use chacha20poly1305::{AeadInOut, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::{
    KeyError,
    random::{self, NONCE_LEN},
    text::{KEY_LEN, TAG_LEN},
};

/// Bytes that are encrypted at once.
const BLOCK: usize = 64 << 10;

/// What is written first and then read, any number of times, from the beginning.
pub struct SetAside<F> {
    file: F,
    key: Zeroizing<[u8; KEY_LEN]>,
    /// The next block's number: its nonce, which never occurs twice because all is written before anything is read.
    number: u64,
    /// In clear: what waits to be written, or what was read and not yet given on.
    clear: Vec<u8>,
    given: usize,
    length: u64,
}

impl<F> fmt::Debug for SetAside<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SetAside({} bytes)", self.length)
    }
}

impl<F: Read + Write + Seek> SetAside<F> {
    /// Sets everything aside that `source` gives.
    ///
    /// # Errors
    /// When the source cannot be read, the file cannot be written, or there is no randomness.
    pub fn all_of(mut source: impl Read, file: F) -> io::Result<Self> {
        let mut key = Zeroizing::new([0; KEY_LEN]);
        random::fill(key.as_mut_slice()).map_err(|e: KeyError| io::Error::other(e.to_string()))?;
        let mut aside = Self { file, key, number: 0, clear: Vec::with_capacity(BLOCK), given: 0, length: 0 };
        loop {
            aside.clear.clear();
            let read = source.by_ref().take(BLOCK as u64).read_to_end(&mut aside.clear)?;
            if read == 0 {
                break;
            }
            aside.length += read as u64;
            aside.write_block()?;
        }
        aside.rewind()?;
        Ok(aside)
    }

    /// How many bytes were set aside.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// To the beginning.
    ///
    /// # Errors
    /// The file's.
    pub fn rewind(&mut self) -> io::Result<()> {
        (self.number, self.given) = (0, 0);
        self.clear.clear();
        self.file.rewind()
    }

    fn nonce(&mut self) -> XNonce {
        let mut nonce = [0; NONCE_LEN];
        nonce[..8].copy_from_slice(&self.number.to_le_bytes());
        self.number += 1;
        XNonce::from(nonce)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.key).into())
    }

    fn write_block(&mut self) -> io::Result<()> {
        let (nonce, cipher) = (self.nonce(), self.cipher());
        let tag = cipher.encrypt_inout_detached(&nonce, &[], self.clear.as_mut_slice().into());
        let tag = tag.map_err(|_| io::Error::other("the input cannot be set aside"))?;
        self.file.write_all(&tag)?;
        self.file.write_all(&self.clear)
    }

    fn read_block(&mut self) -> io::Result<()> {
        self.given = 0;
        self.clear.clear();
        let mut tag = [0; TAG_LEN];
        let mut got = Vec::with_capacity(TAG_LEN);
        (&mut self.file).take(TAG_LEN as u64).read_to_end(&mut got)?;
        if got.is_empty() {
            return Ok(());
        }
        let changed = || io::Error::new(io::ErrorKind::InvalidData, "what was set aside has changed");
        tag.copy_from_slice(got.get(..TAG_LEN).ok_or_else(changed)?);
        (&mut self.file).take(BLOCK as u64).read_to_end(&mut self.clear)?;
        let (nonce, cipher) = (self.nonce(), self.cipher());
        cipher.decrypt_inout_detached(&nonce, &[], self.clear.as_mut_slice().into(), &Tag::from(tag)).map_err(|_| changed())
    }
}

impl<F: Read + Write + Seek> Read for SetAside<F> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.clear.len() {
            self.read_block()?;
        }
        let rest = &self.clear[self.given..];
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        self.given += count;
        Ok(count)
    }
}
