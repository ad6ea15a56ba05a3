//! Whether a password is among those that are guessed first. A list would have to be very long to hold all that is made of a common word and a
//! year, so it is a short list and a few rules.
//!
//! ```text
//!   Wachtwoord2025!  ──lower case──► in the list? made of few characters? a walk over the keyboard?
//!                    ──digits and signs at the ends off, w4chtw00rd read as wachtwoord──► a word of the list, once or repeated?
//! ```

use std::{
    collections::{BTreeSet, HashSet},
    sync::LazyLock,
};

static LIST: &str = include_str!("common-passwords.txt");

static WORDS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| LIST.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect());

/// Fewer different characters than this are a pattern, however long (`aaaabbbbcccc`).
const FEWEST_DIFFERENT: usize = 5;

/// Rows along which fingers walk; each is walked in both directions, with wide and with narrow steps up and down (`1qaz2wsx`).
const WALKS: [&str; 8] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1q2w3e4r5t6y7u8i9o0p",
];

/// A step that goes on counts as part of a walk from so many characters.
const SHORTEST_WALK: usize = 3;

/// So many characters beside walks make a password no better.
const BESIDE_WALKS: usize = 2;

/// Whether the password is too common to be used. It is in any case and in composed form.
pub(crate) fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let characters: Vec<char> = lower.chars().collect();
    let different: BTreeSet<&char> = characters.iter().collect();
    different.len() < FEWEST_DIFFERENT || WORDS.contains(lower.as_str()) || walks(&characters) || is_dressed_word(&lower)
}

/// A word of the list, once or repeated, with anything but letters at its ends, and with digits and signs for letters.
fn is_dressed_word(lower: &str) -> bool {
    let plain: String = lower.chars().map(letter_meant).collect();
    // Both: in `w4chtw00rd123` the digits at the end mean no letters, those within do.
    [lower.to_owned(), plain.clone(), letters_meant_within(lower)].iter().any(|text| {
        let core = text.trim_matches(|c: char| !c.is_alphabetic());
        is_repeated_word(core)
    })
}

fn letters_meant_within(lower: &str) -> String {
    lower.trim_matches(|c: char| !c.is_alphabetic()).chars().map(letter_meant).collect()
}

fn is_repeated_word(core: &str) -> bool {
    let length = core.len();
    let unit = |size: usize| core.get(..size).filter(|unit| length.is_multiple_of(size) && unit.repeat(length / size) == core);
    (1..=length).filter_map(unit).any(|unit| WORDS.contains(unit))
}

fn letter_meant(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// Whether all but a few characters go step by step along a walk.
fn walks(characters: &[char]) -> bool {
    let mut beside = 0;
    let mut from = 0;
    while from < characters.len() {
        let length = WALKS.iter().map(|walk| longest_walk(&characters[from..], walk)).max().unwrap_or(0);
        if length >= SHORTEST_WALK {
            from += length;
        } else {
            beside += 1;
            from += 1;
        }
    }
    beside <= BESIDE_WALKS
}

/// How many of the first characters follow each other on the walk, up or down.
fn longest_walk(characters: &[char], walk: &str) -> usize {
    let places = |c: char| walk.char_indices().filter(move |(_, on)| *on == c).map(|(place, _)| place);
    let Some(first) = characters.first() else { return 0 };
    let along = |start: usize, up: bool| {
        // The rows are ASCII: a place is a byte.
        let (before, after) = (&walk[..=start], &walk[start..]);
        let row: Vec<char> = if up { after.chars().collect() } else { before.chars().rev().collect() };
        row.iter().zip(characters).take_while(|(on, c)| on == c).count()
    };
    places(*first).flat_map(|start| [along(start, true), along(start, false)]).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_first_is_common() {
        let common = [
            "123456789012",
            "qwertyuiop12",
            "1qaz2wsx3edc",
            "1q2w3e4r5t6y",
            "abcdefghijkl",
            "ponmlkjihgfe",
            "aaaaaaaaaaaa",
            "abababababab",
            "Welkom2025!!",
            "Wachtwoord123",
            "W4chtw00rd2026!",
            "P@ssw0rd2025!",
            "passwordpassword",
            "!!Feyenoord1908",
            "leavemealone",
            "trajectlog2026",
            "Maandag-2026-01",
        ];
        for password in common {
            assert!(is_common(password), "{password}");
        }
    }

    #[test]
    fn what_is_not_guessed_first_is_not_common() {
        let good = [
            "drie vlinders op zolder",
            "kT9#vLq2x!Zr",
            "correct horse battery staple",
            "fietspomp-tulband",
            "ik loop graag in de regen",
            "8402 7719 3360 51",
            "été à la plage",
            "猫が屋根の上で寝ている朝です",
        ];
        for password in good {
            assert!(!is_common(password), "{password}");
        }
    }

    #[test]
    fn the_list_is_in_order_and_in_lower_case() {
        let lines: Vec<&str> = LIST.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.len() > 3_000);
        assert!(lines.windows(2).all(|pair| pair[0] < pair[1]), "sorted, each once");
        assert!(lines.iter().all(|line| *line == line.to_lowercase() && !line.trim().is_empty()));
    }
}
