//! What people, organisations and regions are called.

use std::collections::{HashMap, HashSet};

use accounts::{AccountState, Accounts, Role};
use domain::Region;
use pages::Known;
use uuid::Uuid;

/// The name of an organisation: its code as words, for there is no list of names. `ggz-noorderlicht` is `ggz Noorderlicht`.
pub(crate) fn organisation(code: &str) -> String {
    report::organisation(code)
}

/// A region with its name; its code where the list has none.
pub(crate) fn region(code: &str) -> Known {
    let name = Region::of_code(code).name();
    Known { code: code.to_owned(), name: if name.is_empty() { code } else { name }.to_owned() }
}

/// The names of those who have accounts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    accounts: HashMap<Uuid, String>,
    coaches: HashMap<(String, String), String>,
    /// Those of them who can sign in and are coaches now.
    active: HashSet<(String, String)>,
}

impl Names {
    /// As they are now.
    pub(crate) fn of(accounts: &Accounts) -> Self {
        let mut names = Self::default();
        for account in accounts.accounts() {
            let profile = &account.profile;
            names.accounts.insert(account.id, profile.name.clone());
            if let (Some(organisation), Some(coach)) = (&profile.organisation, &profile.coach) {
                let code = (organisation.as_str().to_owned(), coach.as_str().to_owned());
                if account.state == AccountState::Active && profile.roles.contains(&Role::Coach) {
                    names.active.insert(code.clone());
                }
                names.coaches.insert(code, profile.name.clone());
            }
        }
        names
    }

    /// Who recorded something for an organisation: the name of an account, whose coach's code an import may have instead; else the actor as it
    /// stands in the log.
    pub(crate) fn actor(&self, organisation: &str, actor: &str) -> String {
        let known = actor.parse::<Uuid>().ok().and_then(|id| self.accounts.get(&id));
        known.map_or_else(|| self.coach(organisation, actor), Clone::clone)
    }

    /// A coach of an organisation: the name of an account, else the code as it stands in the log.
    pub(crate) fn coach(&self, organisation: &str, code: &str) -> String {
        let known = self.coaches.get(&(organisation.to_owned(), code.to_owned()));
        known.map_or_else(|| code.to_owned(), Clone::clone)
    }

    /// Whether somebody has an account with this coach's code.
    pub(crate) fn knows_coach(&self, organisation: &str, code: &str) -> bool {
        self.coaches.contains_key(&(organisation.to_owned(), code.to_owned()))
    }

    /// The coaches of an organisation to whom something can be given: code and name, by name.
    pub(crate) fn coaches_of(&self, organisation: &str) -> Vec<(String, String)> {
        let of = self.coaches.iter().filter(|(code, _)| code.0 == organisation && self.active.contains(*code));
        let mut all: Vec<_> = of.map(|((_, code), name)| (code.clone(), name.clone())).collect();
        all.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_become_names() {
        assert_eq!(organisation("ggz-noorderlicht"), "ggz Noorderlicht");
        assert_eq!(organisation("de-brug--oost"), "De Brug Oost");
        assert_eq!(region("AM18").name, "Groot Amsterdam");
        assert_eq!(region("AM99").name, "AM99");
        assert_eq!(Names::default().actor("ggz-x", "import"), "import");
    }
}
