//! An account: who somebody is here, and what they are.

use std::{collections::BTreeSet, fmt, str::FromStr};

use proto_events::{Slug, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, de};
use uuid::Uuid;

use crate::Rule;

/// The longest login: that of an e-mail address as people have them, and it must fit in a form.
const LONGEST_LOGIN: usize = 64;
/// The longest name that is shown.
const LONGEST_NAME: usize = 100;

/// What somebody is. What each may do is decided elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Guides trajectories within one organisation.
    Coach,
    /// Sees to the coaches of one organisation.
    Manager,
    /// Reads figures.
    Analyst,
    /// Reads everything and changes nothing.
    Auditor,
    /// Sees to accounts and the service.
    Administrator,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Coach, Self::Manager, Self::Analyst, Self::Auditor, Self::Administrator];

    /// Its name, as it rests and as programs say it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Coach => "coach",
            Self::Manager => "manager",
            Self::Analyst => "analyst",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    /// Whether it sees cases. Who gives such a role to whom is told by name.
    #[must_use]
    pub const fn sees_cases(self) -> bool {
        match self {
            Self::Coach | Self::Manager | Self::Auditor => true,
            Self::Analyst | Self::Administrator => false,
        }
    }

    const fn needs_organisation(self) -> bool {
        match self {
            Self::Coach | Self::Manager => true,
            Self::Analyst | Self::Auditor | Self::Administrator => false,
        }
    }
}

/// Under what somebody signs in: 1 to 64 of `[a-z0-9._@-]`, read in any case and kept in lower case. Names a person.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Login(String);

impl Login {
    /// In lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(…)")
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Login {
    type Err = Rule;

    fn from_str(text: &str) -> Result<Self, Rule> {
        let fine = |byte: u8| byte.is_ascii_alphanumeric() || b"._@-".contains(&byte);
        if text.is_empty() || text.len() > LONGEST_LOGIN || !text.bytes().all(fine) {
            return Err(Rule::Login);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }
}

impl<'de> Deserialize<'de> for Login {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// It may.
    Active,
    /// An administrator has locked it.
    Locked,
}

/// Who somebody is at a provider of identities: its issuer, and the name that stays theirs there. Names a person.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    issuer: String,
    subject: String,
}

/// The longest name that a provider may give, by OpenID Connect.
const LONGEST_SUBJECT: usize = 255;
/// The longest address of a provider.
const LONGEST_ISSUER: usize = 512;

impl Identity {
    /// [`None`] when one of them is empty, too long, or holds control characters.
    #[must_use]
    pub fn new(issuer: &str, subject: &str) -> Option<Self> {
        let fits = |text: &str, longest: usize| (1..=longest).contains(&text.len()) && !text.chars().any(char::is_control);
        let fine = fits(issuer, LONGEST_ISSUER) && fits(subject, LONGEST_SUBJECT);
        fine.then(|| Self { issuer: issuer.to_owned(), subject: subject.to_owned() })
    }

    /// The provider.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity(… at {})", self.issuer)
    }
}

/// By what somebody signs in: the one or the other, never both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignsInBy {
    /// A password of this service.
    #[default]
    Password,
    /// The provider of identities of their organisation.
    Provider {
        /// Who they are there, from the first time on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        identity: Option<Identity>,
    },
}

impl SignsInBy {
    /// Whether there is, or was, a password of this service.
    #[must_use]
    pub const fn is_password(&self) -> bool {
        match self {
            Self::Password => true,
            Self::Provider { .. } => false,
        }
    }

    /// Who they are at the provider, where that is known.
    #[must_use]
    pub const fn identity(&self) -> Option<&Identity> {
        match self {
            Self::Password => None,
            Self::Provider { identity } => identity.as_ref(),
        }
    }
}

/// What an administrator writes about somebody.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Under what they sign in.
    pub login: Login,
    /// Their name as it is shown: 1 to 100 characters, no control characters.
    pub name: String,
    /// Where they work; coaches and managers work somewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Slug>,
    /// Under what trajectories are assigned to them in the log, unique within the organisation; coaches have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coach: Option<Slug>,
    /// What they are, at least one thing.
    pub roles: BTreeSet<Role>,
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither login nor name: both name a person, and this may come into a log.
        let Self { login: _, name: _, organisation, coach: _, roles } = self;
        f.debug_struct("Profile").field("organisation", organisation).field("roles", roles).finish_non_exhaustive()
    }
}

impl Profile {
    /// The rules that need no other account.
    ///
    /// # Errors
    /// The first that is not kept.
    pub fn check(&self) -> Result<(), Rule> {
        check_name(&self.name, LONGEST_NAME)?;
        if self.roles.is_empty() {
            return Err(Rule::NoRole);
        }
        let placed = self.coach.is_some() || self.roles.iter().any(|role| role.needs_organisation());
        if placed && self.organisation.is_none() {
            return Err(Rule::NeedsOrganisation);
        }
        if self.roles.contains(&Role::Coach) && self.coach.is_none() {
            return Err(Rule::NeedsCoach);
        }
        Ok(())
    }

    /// Whether it is of an organisation, or has a coach's code, that the other one has not: by these one sees other cases.
    pub(crate) fn reaches_beyond(&self, had: &Self) -> bool {
        (self.organisation.is_some() && self.organisation != had.organisation) || (self.coach.is_some() && self.coach != had.coach)
    }

    /// Whether whoever it is sees to accounts and sees cases too.
    pub(crate) fn has_duties_together(&self) -> bool {
        self.roles.contains(&Role::Administrator) && self.roles.iter().any(|role| role.sees_cases())
    }

    /// Whether what one may do or see follows from the same in both.
    pub(crate) fn permits_as(&self, other: &Self) -> bool {
        let Self { login: _, name: _, organisation, coach, roles } = self;
        *organisation == other.organisation && *coach == other.coach && *roles == other.roles
    }
}

pub(crate) fn check_name(name: &str, longest: usize) -> Result<(), Rule> {
    let fits = !name.trim().is_empty() && name.chars().count() <= longest && !name.chars().any(char::is_control);
    if fits { Ok(()) } else { Err(Rule::Name { longest }) }
}

/// An account as others may see it: nothing of its password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Its own, for ever; what it did is recorded under it.
    pub id: Uuid,
    /// What an administrator wrote.
    pub profile: Profile,
    /// Whether it may be used.
    pub state: AccountState,
    /// Whether nothing else may be done before a password of their own is chosen.
    pub must_change_password: bool,
    /// By what they sign in.
    #[serde(default, skip_serializing_if = "SignsInBy::is_password")]
    pub signs_in_by: SignsInBy,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed, its password included.
    pub changed_at: Timestamp,
}

impl Account {
    /// Whether it may be used now and has this role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.state == AccountState::Active && self.profile.roles.contains(&role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coach() -> Profile {
        Profile {
            login: "j.devries".parse().unwrap(),
            name: "Jo de Vries".to_owned(),
            organisation: Some("org-1".parse().unwrap()),
            coach: Some("jo".parse().unwrap()),
            roles: [Role::Coach].into(),
        }
    }

    #[test]
    fn a_login_is_read_in_any_case_and_holds_nothing_strange() {
        assert_eq!("J.deVries@Voorbeeld-1".parse::<Login>().unwrap().as_str(), "j.devries@voorbeeld-1");
        assert!("a".parse::<Login>().is_ok() && "a".repeat(64).parse::<Login>().is_ok());
        for wrong in ["", " ", "a b", "é", "a/b", "a\n", "a+b", &"a".repeat(65)] {
            assert_eq!(wrong.parse::<Login>(), Err(Rule::Login), "{wrong:?}");
        }
    }

    #[test]
    fn a_name_has_1_to_100_characters_and_no_control_characters() {
        for good in ["J", "Zoë van 't Hoff-Ünal", &"é".repeat(100)] {
            assert_eq!(Profile { name: good.to_owned(), ..coach() }.check(), Ok(()));
        }
        for wrong in ["", "   ", "Jo\nde Vries", "Jo\u{7f}", &"é".repeat(101)] {
            assert_eq!(Profile { name: wrong.to_owned(), ..coach() }.check(), Err(Rule::Name { longest: 100 }));
        }
    }

    #[test]
    fn coaches_and_managers_need_an_organisation_and_coaches_their_name_in_the_log() {
        assert_eq!(coach().check(), Ok(()));
        assert_eq!(Profile { organisation: None, ..coach() }.check(), Err(Rule::NeedsOrganisation));
        assert_eq!(Profile { coach: None, ..coach() }.check(), Err(Rule::NeedsCoach));
        for role in Role::ALL {
            let bare = Profile { organisation: None, coach: None, roles: [role].into(), ..coach() };
            assert_eq!(bare.check().is_ok(), !matches!(role, Role::Coach | Role::Manager), "{role:?}");
        }
        let manager = Profile { coach: None, roles: [Role::Manager].into(), ..coach() };
        assert_eq!(manager.check(), Ok(()));
        assert_eq!(Profile { roles: BTreeSet::new(), ..coach() }.check(), Err(Rule::NoRole));
    }

    #[test]
    fn an_identity_is_what_a_provider_may_say() {
        let long = "s".repeat(255);
        for (issuer, subject) in [("https://idp.example", "a"), ("https://idp.example/x", long.as_str())] {
            assert!(Identity::new(issuer, subject).is_some());
        }
        for (issuer, subject) in
            [("", "a"), ("https://idp.example", ""), ("https://idp.example", &"s".repeat(256)), ("a", "b\n"), ("\0", "b")]
        {
            assert!(Identity::new(issuer, subject).is_none(), "{issuer:?} {subject:?}");
        }
        let shown = format!("{:?}", Identity::new("https://idp.example", "de-vries"));
        assert!(!shown.contains("ries"), "{shown}");
    }

    #[test]
    fn a_debug_form_names_nobody() {
        let shown = format!("{:?} {:?}", coach(), coach().login);
        assert!(!shown.contains("ries"), "{shown}");
    }
}
