//! Sessions of browsers: how long they last, and what is kept of them.

use std::time::Duration;

use proto_events::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A session that was not used for so long has ended: from the last visit of a day to the first of the next somebody signs in again, and a
/// phone left on a bus is closed by the evening.
pub const IDLE_LIMIT: Duration = Duration::from_secs(12 * 3600);
/// However much it is used, a session ends so long after sign-in. It is long because a coach works on one phone, often without a connection:
/// what it could not send finds its session again while it is in use.
pub const ABSOLUTE_LIMIT: Duration = Duration::from_secs(30 * 24 * 3600);
/// When a session was last used is written at most so often: each write is synced, and nobody needs to know it better. A session may so end
/// up to this much before [`IDLE_LIMIT`].
pub const SEEN_EVERY: Duration = Duration::from_secs(5 * 60);
/// An account has at most so many sessions; of more the one that was used longest ago ends.
pub const MOST_SESSIONS: usize = 20;

/// The longest name of a program that nobody knows.
const LONGEST_AGENT: usize = 40;

/// What is kept of a session, beside the hash of its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionInfo {
    /// Its public name, with which its owner may end it.
    pub id: Uuid,
    /// Whose it is.
    pub account: Uuid,
    /// When they signed in.
    pub created: Timestamp,
    /// When it was last used, as far as was written ([`SEEN_EVERY`]).
    pub last_seen: Timestamp,
    /// Browser and system in a few words.
    pub agent: String,
    /// The account's count of what ends all its sessions, as it was at sign-in.
    pub(crate) epoch: u64,
}

pub(crate) fn since(earlier: Timestamp, now: Timestamp) -> Duration {
    Duration::from_micros(u64::try_from(now.micros().saturating_sub(earlier.micros())).unwrap_or(0))
}

impl SessionInfo {
    /// Whether it has ended by itself.
    #[must_use]
    pub fn has_ended(&self, now: Timestamp) -> bool {
        since(self.last_seen, now) >= IDLE_LIMIT || since(self.created, now) >= ABSOLUTE_LIMIT
    }

    /// When it ends by itself, if it is not used again.
    #[must_use]
    pub fn ends(&self) -> Timestamp {
        let after = |from: Timestamp, limit: Duration| from.micros().saturating_add(i64::try_from(limit.as_micros()).unwrap_or(i64::MAX));
        let ends = after(self.last_seen, IDLE_LIMIT).min(after(self.created, ABSOLUTE_LIMIT));
        Timestamp::from_micros(ends).unwrap_or(self.last_seen)
    }
}

/// What a person recognises of a user agent: browser and system. No version and no model, which tell people apart and help nobody here.
pub(crate) fn agent_in_short(agent: &str) -> String {
    // In this order: most browsers also call themselves by the names of others.
    const BROWSERS: [(&str, &str); 9] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chromium", "Chromium"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Macintosh", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let named = |names: &[(&str, &'static str)]| names.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name);
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => {
            let first = agent.split(['/', ' ']).next().unwrap_or_default();
            first.chars().filter(|c| !c.is_control()).take(LONGEST_AGENT).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_user_agent_browser_and_system_are_kept() {
        let phone = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36";
        assert_eq!(agent_in_short(phone), "Chrome, Android");
        let tablet = "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/604.1";
        assert_eq!(agent_in_short(tablet), "Safari, iPad");
        assert_eq!(agent_in_short("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"), "Firefox, Linux");
        assert_eq!(agent_in_short("curl/8.9.1"), "curl");
        assert_eq!(agent_in_short(""), "");
        assert_eq!(agent_in_short(&"\u{7}x".repeat(500)).len(), LONGEST_AGENT);
    }
}
