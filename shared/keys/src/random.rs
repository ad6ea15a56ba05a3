//! Randomness from the operating system: directly for keys, in blocks for nonces.

use std::cell::RefCell;

use crate::KeyError;

/// Bytes of a nonce of XChaCha20.
pub(crate) const NONCE_LEN: usize = 24;

/// Nonces drawn by one system call. One call each would cost more than the sealing of a short text; 170 nonces fit in one page.
const NONCES_PER_BLOCK: usize = 170;

struct NonceBlock {
    bytes: [u8; NONCES_PER_BLOCK * NONCE_LEN],
    used: usize,
}

thread_local! {
    static BLOCK: RefCell<NonceBlock> =
        const { RefCell::new(NonceBlock { bytes: [0; NONCES_PER_BLOCK * NONCE_LEN], used: NONCES_PER_BLOCK * NONCE_LEN }) };
}

/// Fills `target` straight from the operating system.
pub(crate) fn fill(target: &mut [u8]) -> Result<(), KeyError> {
    getrandom::fill(target).map_err(KeyError::Randomness)
}

/// The next 24 random bytes of this thread's block. They become public with the sealed text, so resting in memory before does no harm;
/// a copy of the whole machine (a restored snapshot) would repeat them, which the caller must make harmless (see `text::seal`).
pub(crate) fn nonce() -> Result<[u8; NONCE_LEN], KeyError> {
    BLOCK.with(|block| {
        let mut block = block.borrow_mut();
        if block.used == block.bytes.len() {
            fill(&mut block.bytes)?;
            block.used = 0;
        }
        let mut nonce = [0; NONCE_LEN];
        let from = block.used;
        nonce.copy_from_slice(&block.bytes[from..from + NONCE_LEN]);
        block.used += NONCE_LEN;
        Ok(nonce)
    })
}
