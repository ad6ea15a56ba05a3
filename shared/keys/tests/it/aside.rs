//! Input that is set aside: read again as it was, and never in clear where it rests.

use std::io::{Cursor, Read};

use keys::SetAside;

#[test]
fn what_was_set_aside_is_read_again_as_often_as_wanted() {
    for length in [0, 1, 65_535, 65_536, 65_537, 300_000] {
        let input: Vec<u8> = (0..length).map(|n: u32| n.to_le_bytes()[0] ^ 0x5a).collect();
        let mut aside = SetAside::all_of(input.as_slice(), Cursor::new(Vec::new())).unwrap();
        for _ in 0..2 {
            let mut again = Vec::new();
            aside.read_to_end(&mut again).unwrap();
            assert!(again == input, "{length} bytes");
            aside.rewind().unwrap();
        }
        assert_eq!(aside.length(), u64::from(length));
    }
}

#[test]
fn nothing_that_is_set_aside_rests_in_clear() {
    let mut file = tempfile::tempfile().unwrap();
    let input = "Mevrouw Jansen ".repeat(20_000);
    let aside = SetAside::all_of(input.as_bytes(), file.try_clone().unwrap()).unwrap();
    let mut rests = Vec::new();
    std::io::Seek::rewind(&mut file).unwrap();
    file.read_to_end(&mut rests).unwrap();
    assert!(rests.len() > input.len());
    assert!(!rests.windows(7).any(|bytes| bytes == b"Mevrouw"));
    assert!(!format!("{aside:?}").contains("Mevrouw"));
}
