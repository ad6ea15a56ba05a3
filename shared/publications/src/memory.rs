//! A register in memory: for tests.

use std::sync::{Arc, Mutex, PoisonError};

use crate::register::{LARGEST_RECORD, Register, RegisterError};

/// A register in memory. Clones share what they hold.
#[derive(Clone, Debug, Default)]
pub struct MemoryRegister(Arc<Mutex<Vec<Vec<u8>>>>);

impl Register for MemoryRegister {
    fn all(&self) -> Result<Vec<Vec<u8>>, RegisterError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn append(&self, number: u64, bytes: &[u8]) -> Result<(), RegisterError> {
        let place = format!("publication {number}");
        if bytes.len() > LARGEST_RECORD {
            return Err(RegisterError::TooLarge { place });
        }
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if number != records.len() as u64 + 1 {
            return Err(RegisterError::Conflict { place });
        }
        records.push(bytes.to_vec());
        Ok(())
    }
}
