//! Accounts, as an administrator and as their owner sees them.

use pages::{
    AccountMade, AccountNew, AccountPage, AccountRow, AccountState, Accounts, Choosable, Lang, Minute, OwnAccount, Role, SessionRow,
    TokenRow, Told,
};

use super::{Sample, day, frame, sample, today};

fn organisations() -> Vec<Choosable> {
    vec![Choosable::new("ggz-voorbeeld", "ggz Voorbeeld"), Choosable::new("ggz-noorderlicht", "ggz Noorderlicht")]
}

/// Name, user name, roles, days since it was used, and state.
type Line = (&'static str, &'static str, &'static [Role], Option<i32>, AccountState);

fn list(lang: Lang) -> Accounts {
    let (active, locked, off) = (AccountState::Active, AccountState::Locked(5), AccountState::Off);
    let rows: [Line; 8] = [
        ("Ineke Postma", "i.postma", &[Role::Administrator], Some(0), active),
        ("Joost Verhagen", "j.verhagen", &[Role::Coach], Some(21), active),
        ("Lina Bakkali", "l.bakkali", &[Role::Coach], Some(0), active),
        ("Marieke de Boer", "m.deboer", &[Role::Coach], Some(0), active),
        ("Pim Scholten", "p.scholten", &[Role::Coach], Some(1), locked),
        ("Rachid Amrani", "r.amrani", &[Role::Manager], Some(1), active),
        ("Saskia van Dongen", "s.vandongen", &[Role::Analyst, Role::Auditor], Some(7), active),
        ("Tjeerd Hoekstra", "t.hoekstra", &[Role::Auditor], None, off),
    ];
    let row = |(name, username, roles, seen, state): Line| AccountRow {
        username: username.to_owned(),
        name: name.to_owned(),
        roles: roles.to_vec(),
        seen: seen.map(|days| today().plus(-days)),
        state,
    };
    Accounts {
        frame: frame(lang, Role::Administrator),
        today: today(),
        organisation: "ggz Voorbeeld".to_owned(),
        rows: rows.into_iter().map(row).collect(),
        total: 8,
        next: None,
    }
}

pub fn own(lang: Lang) -> OwnAccount {
    let session = |id: &str, device: &str, is_this, hour| SessionRow {
        id: id.to_owned(),
        device: device.to_owned(),
        used: Minute { day: today().plus(-1), hour, minute: 5 },
        is_this,
    };
    let token = TokenRow {
        id: "1".to_owned(),
        name: "Agenda".to_owned(),
        made: day(2025, 9, 2),
        used: Some(today().plus(-1)),
        until: Some(day(2026, 9, 1)),
    };
    OwnAccount {
        frame: frame(lang, Role::Coach),
        today: today(),
        username: "m.deboer".to_owned(),
        has_password: true,
        must_change: false,
        shortest: 12,
        signed_in: Some(Minute { day: today(), hour: 9, minute: 12 }),
        sessions: vec![session("1", "Firefox, Android", true, 9), session("2", "Chrome, Windows", false, 16)],
        tokens: vec![token],
        may_make_tokens: true,
        made: None,
        changed: false,
        filled: None,
    }
}

pub fn all(lang: Lang) -> Vec<Sample> {
    let new = AccountNew {
        frame: frame(lang, Role::Administrator),
        organisations: organisations(),
        organisation: "ggz-voorbeeld".to_owned(),
        filled: None,
    };
    let made = AccountMade {
        frame: frame(lang, Role::Administrator),
        name: "Sam Wierda".to_owned(),
        username: "s.wierda".to_owned(),
        password: "ketel-zonnig-maart-47".to_owned(),
        is_new: true,
    };
    let one = || AccountPage {
        frame: frame(lang, Role::Administrator),
        today: today(),
        username: "p.scholten".to_owned(),
        name: "Pim Scholten".to_owned(),
        seen: Some(Minute { day: today().plus(-1), hour: 16, minute: 5 }),
        state: AccountState::Locked(5),
        locked_until: Some(Minute { day: today(), hour: 11, minute: 20 }),
        roles: vec![Role::Coach, Role::Manager],
        organisations: organisations(),
        organisation: "ggz-voorbeeld".to_owned(),
        coach: "pim".to_owned(),
        is_own: false,
        managers: vec![Choosable::new("r.amrani", "Rachid Amrani")],
        revision: 17,
        sessions: 2,
        trajectories: 32,
        has_password: true,
        told: None,
        filled: None,
    };
    let of_oneself = AccountPage {
        username: "i.postma".to_owned(),
        name: "Ineke Postma".to_owned(),
        seen: Some(Minute { day: today(), hour: 9, minute: 12 }),
        state: AccountState::Active,
        roles: vec![Role::Analyst, Role::Administrator],
        organisation: String::new(),
        coach: String::new(),
        is_own: true,
        ..one()
    };
    let first = OwnAccount { must_change: true, ..own(lang) };
    vec![
        sample("accounts", &list(lang)),
        sample("account-new", &new),
        sample("account-made", &made),
        sample("account", &one()),
        sample("account-changed", &AccountPage { told: Some(Told::Changed("Coach, ggz Noorderlicht".to_owned())), ..one() }),
        sample("account-no-manager", &AccountPage { state: AccountState::Active, managers: Vec::new(), sessions: 0, ..one() }),
        sample("account-of-oneself", &of_oneself),
        sample("account-own", &own(lang)),
        sample("account-own-first", &first),
        sample("account-own-token", &OwnAccount { made: Some("tl_3f9c0d5e7a81b2c4".to_owned()), ..own(lang) }),
    ]
}
