//! What every register must do, as a suite that each adapter runs on an empty one of its own.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a suite of tests fails by panicking")]

use crate::register::{LARGEST_RECORD, Register, RegisterError};

/// Runs the suite on an empty register, which holds something afterwards.
///
/// # Panics
/// When it does not keep the port's contract.
pub fn keeps_the_contract(register: &dyn Register) {
    assert_eq!(register.all().unwrap(), Vec::<Vec<u8>>::new(), "the suite begins with an empty register");
    let conflicts = |number| {
        let before = register.all().unwrap();
        let refused = register.append(number, b"other");
        assert!(matches!(refused, Err(RegisterError::Conflict { .. })), "{number}: {refused:?}");
        assert_eq!(register.all().unwrap(), before, "a conflict changes nothing");
    };
    conflicts(0);
    conflicts(2);
    register.append(1, b"one").unwrap();
    conflicts(1);
    conflicts(3);
    register.append(2, b"").unwrap();
    let large = vec![b'x'; LARGEST_RECORD];
    register.append(3, &large).unwrap();
    let refused = register.append(4, &[large.as_slice(), b"x"].concat());
    assert!(matches!(refused, Err(RegisterError::TooLarge { .. })));
    assert_eq!(register.all().unwrap(), [b"one".to_vec(), Vec::new(), large]);
}
