//! What is known, in memory: every record read, checked against the others and found by whatever it is asked for.
//!
//! It changes in one way only, whoever made the change: a record that is durable is taken in, if it is newer than what is known.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Bound,
};

use proto_events::{Slug, Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{
    Account, Cover, Held, Identity, Login, Opening, SessionInfo, TokenInfo,
    password::PasswordHash,
    register::{Change, Key, Kind, Record, Revision},
    secret::SecretHash,
};

/// An account as it rests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountRecord {
    pub(crate) account: Account,
    /// None: nobody can sign in with a password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) password: Option<PasswordHash>,
    /// Until when a one-time password may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) password_until: Option<Timestamp>,
    /// Goes up with whatever ends all sessions: those of an earlier one have ended, in one step and whatever else fails.
    pub(crate) epoch: u64,
}

/// When an account last signed in, as it rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LastSignIn {
    pub(crate) at: Timestamp,
}

/// An account in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) account: Held<Account>,
    pub(crate) password: Option<PasswordHash>,
    pub(crate) password_until: Option<Timestamp>,
    pub(crate) epoch: u64,
}

impl Known {
    /// To be changed and put again.
    pub(crate) fn record(&self) -> AccountRecord {
        let Self { account, password, password_until, epoch } = self.clone();
        AccountRecord { account: (*account.value).clone(), password, password_until, epoch }
    }
}

/// What belongs to an account and is found by the hash of a secret.
pub(crate) trait Owned {
    fn account(&self) -> Uuid;
    fn id(&self) -> Uuid;
}

impl Owned for SessionInfo {
    fn account(&self) -> Uuid {
        self.account
    }

    fn id(&self) -> Uuid {
        self.id
    }
}

impl Owned for TokenInfo {
    fn account(&self) -> Uuid {
        self.account
    }

    fn id(&self) -> Uuid {
        self.id
    }
}

/// Sessions or tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Secrets<T> {
    by_hash: HashMap<SecretHash, Held<T>>,
    of: HashMap<Uuid, BTreeSet<SecretHash>>,
}

impl<T> Default for Secrets<T> {
    fn default() -> Self {
        Self { by_hash: HashMap::new(), of: HashMap::new() }
    }
}

impl<T: Owned> Secrets<T> {
    pub(crate) fn get(&self, hash: &SecretHash) -> Option<&Held<T>> {
        self.by_hash.get(hash)
    }

    pub(crate) fn of(&self, account: Uuid) -> impl Iterator<Item = (&SecretHash, &Held<T>)> {
        let hashes = self.of.get(&account).into_iter().flatten();
        hashes.filter_map(|hash| self.by_hash.get_key_value(hash))
    }

    pub(crate) fn find(&self, account: Uuid, id: Uuid) -> Option<(&SecretHash, &Held<T>)> {
        self.of(account).find(|(_, held)| held.id() == id)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (&SecretHash, &Held<T>)> {
        self.by_hash.iter()
    }

    fn insert(&mut self, hash: SecretHash, held: Held<T>) {
        self.remove(&hash);
        self.of.entry(held.account()).or_default().insert(hash.clone());
        self.by_hash.insert(hash, held);
    }

    fn remove(&mut self, hash: &SecretHash) {
        if let Some(held) = self.by_hash.remove(hash)
            && let Some(of) = self.of.get_mut(&held.account())
        {
            of.remove(hash);
            if of.is_empty() {
                self.of.remove(&held.account());
            }
        }
    }
}

/// What is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) accounts: BTreeMap<Uuid, Known>,
    by_login: HashMap<Login, Uuid>,
    by_coach: HashMap<(Slug, Slug), Uuid>,
    by_identity: HashMap<Identity, Uuid>,
    /// The newest change of accounts.
    pub(crate) newest_account: Revision,
    pub(crate) sessions: Secrets<SessionInfo>,
    pub(crate) tokens: Secrets<TokenInfo>,
    pub(crate) covers: BTreeMap<Uuid, Held<Cover>>,
    /// Organisation and covering coach.
    covers_by: HashMap<(Slug, Slug), BTreeSet<Uuid>>,
    pub(crate) openings: BTreeMap<Uuid, Held<Opening>>,
    /// In the order of their moments: all, and those of each account.
    openings_at: BTreeSet<(Timestamp, Uuid)>,
    openings_of: HashMap<Uuid, BTreeSet<(Timestamp, Uuid)>>,
    /// By the account's id.
    pub(crate) sign_ins: HashMap<Uuid, Held<LastSignIn>>,
    /// What was removed here, while news of an earlier put may still come.
    removed: BTreeMap<(Kind, Key), Revision>,
}

impl State {
    pub(crate) fn by_login(&self, login: &Login) -> Option<&Known> {
        self.by_login.get(login).and_then(|id| self.accounts.get(id))
    }

    pub(crate) fn by_coach(&self, organisation: &Slug, coach: &Slug) -> Option<&Known> {
        self.by_coach.get(&(organisation.clone(), coach.clone())).and_then(|id| self.accounts.get(id))
    }

    pub(crate) fn by_identity(&self, identity: &Identity) -> Option<&Known> {
        self.by_identity.get(identity).and_then(|id| self.accounts.get(id))
    }

    pub(crate) fn covers_by(&self, organisation: &Slug, coach: &Slug) -> impl Iterator<Item = &Held<Cover>> {
        let ids = self.covers_by.get(&(organisation.clone(), coach.clone())).into_iter().flatten();
        ids.filter_map(|id| self.covers.get(id))
    }

    /// The openings of an account, the oldest first.
    pub(crate) fn openings_of(&self, account: Uuid) -> impl DoubleEndedIterator<Item = &Held<Opening>> {
        let of = self.openings_of.get(&account).into_iter().flatten();
        of.filter_map(|(_, id)| self.openings.get(id))
    }

    /// All openings that are older than this one, the oldest first.
    pub(crate) fn openings_before(&self, before: Option<(Timestamp, Uuid)>) -> impl DoubleEndedIterator<Item = &Held<Opening>> {
        let end = before.map_or(Bound::Unbounded, Bound::Excluded);
        self.openings_at.range((Bound::Unbounded, end)).filter_map(|(_, id)| self.openings.get(id))
    }

    /// Everything that rests, taken in.
    ///
    /// # Errors
    /// The record that cannot be read or does not fit the others, and why.
    pub(crate) fn of(mut records: Vec<Record>) -> Result<Self, (Kind, Key, String)> {
        let mut state = Self::default();
        // Accounts first: what belongs to one is then checked against it.
        records.sort_by(|one, other| (one.kind, &one.key).cmp(&(other.kind, &other.key)));
        for record in records {
            state.put(&record).map_err(|why| (record.kind, record.key.clone(), why))?;
        }
        for (hash, account) in state.sessions.all().map(|(hash, held)| (hash, held.account)) {
            state.check_owner(Kind::Session, hash, account)?;
        }
        for (hash, account) in state.tokens.all().map(|(hash, held)| (hash, held.account)) {
            state.check_owner(Kind::Token, hash, account)?;
        }
        Ok(state)
    }

    fn check_owner(&self, kind: Kind, hash: &SecretHash, account: Uuid) -> Result<(), (Kind, Key, String)> {
        match (self.accounts.contains_key(&account), Key::new(&hash.0)) {
            (false, Some(key)) => Err((kind, key, format!("its account {account} is missing"))),
            (false, None) | (true, _) => Ok(()),
        }
    }

    /// Takes in what somebody changed, if it is news.
    pub(crate) fn take_in(&mut self, change: &Change) -> Result<(), String> {
        match change {
            Change::Put(record) => {
                self.removed.retain(|_, revision| *revision > record.revision);
                if self.removed.contains_key(&(record.kind, record.key.clone())) {
                    return Ok(());
                }
                self.put(record)
            }
            Change::Removed { kind, key, revision } => {
                self.removed.retain(|_, of| *of > *revision);
                self.drop_record(*kind, key);
                Ok(())
            }
        }
    }

    /// Takes in a removal by this process. Where others change things too, news of an earlier put may come after it.
    pub(crate) fn removed(&mut self, kind: Kind, key: &Key, revision: Revision, news_may_come: bool) {
        self.drop_record(kind, key);
        if news_may_come {
            self.removed.insert((kind, key.clone()), revision);
        }
    }

    /// Takes in a record that is durable, if it is newer than what is known.
    pub(crate) fn put(&mut self, record: &Record) -> Result<(), String> {
        let Record { kind, key, value, revision } = record;
        match kind {
            Kind::Account => {
                let id = id_of(key)?;
                let read: AccountRecord = read(value)?;
                if read.account.id != id {
                    return Err("it names another account".to_owned());
                }
                self.put_account(id, read, *revision)?;
            }
            Kind::Session => {
                let hash = SecretHash(key.as_str().to_owned());
                if self.sessions.get(&hash).is_none_or(|known| known.revision < *revision) {
                    self.sessions.insert(hash, held(read(value)?, *revision));
                }
            }
            Kind::Token => {
                let hash = SecretHash(key.as_str().to_owned());
                if self.tokens.get(&hash).is_none_or(|known| known.revision < *revision) {
                    self.tokens.insert(hash, held(read(value)?, *revision));
                }
            }
            Kind::Cover => {
                let id = id_of(key)?;
                let cover: Cover = read(value)?;
                if cover.id != id {
                    return Err("it names another cover".to_owned());
                }
                if self.covers.get(&id).is_none_or(|known| known.revision < *revision) {
                    self.drop_record(Kind::Cover, key);
                    let by = (cover.what.organisation.clone(), cover.what.by.clone());
                    self.covers_by.entry(by).or_default().insert(id);
                    self.covers.insert(id, held(cover, *revision));
                }
            }
            Kind::Opening => {
                let id = id_of(key)?;
                let opening: Opening = read(value)?;
                if opening.id != id {
                    return Err("it names another opening".to_owned());
                }
                if self.openings.get(&id).is_none_or(|known| known.revision < *revision) {
                    self.drop_record(Kind::Opening, key);
                    self.openings_at.insert((opening.at, id));
                    self.openings_of.entry(opening.account).or_default().insert((opening.at, id));
                    self.openings.insert(id, held(opening, *revision));
                }
            }
            Kind::SignIn => {
                let id = id_of(key)?;
                if self.sign_ins.get(&id).is_none_or(|known| known.revision < *revision) {
                    self.sign_ins.insert(id, held(read(value)?, *revision));
                }
            }
        }
        Ok(())
    }

    fn put_account(&mut self, id: Uuid, read: AccountRecord, revision: Revision) -> Result<(), String> {
        if self.accounts.get(&id).is_some_and(|known| known.account.revision >= revision) {
            return Ok(());
        }
        let AccountRecord { account, password, password_until, epoch } = read;
        account.profile.check().map_err(|rule| rule.to_string())?;
        let profile = &account.profile;
        let coach = profile.organisation.clone().zip(profile.coach.clone());
        let other = |found: Option<&Uuid>| found.filter(|other| **other != id).copied();
        if let Some(other) = other(self.by_login.get(&profile.login)) {
            return Err(format!("account {other} has the same login"));
        }
        if let Some(other) = coach.as_ref().and_then(|coach| other(self.by_coach.get(coach))) {
            return Err(format!("account {other} has the same coach's name in the same organisation"));
        }
        let identity = account.signs_in_by.identity();
        if let Some(other) = identity.and_then(|identity| other(self.by_identity.get(identity))) {
            return Err(format!("account {other} is linked to the same person at the provider"));
        }
        if !account.signs_in_by.is_password() && password.is_some() {
            return Err("it signs in by the provider and has a password".to_owned());
        }
        if let Some(known) = self.accounts.get(&id) {
            let before = &known.account.profile;
            self.by_login.remove(&before.login);
            if let Some(identity) = known.account.signs_in_by.identity() {
                self.by_identity.remove(identity);
            }
            if let Some(coach) = before.organisation.clone().zip(before.coach.clone()) {
                self.by_coach.remove(&coach);
            }
        }
        self.by_login.insert(profile.login.clone(), id);
        if let Some(coach) = coach {
            self.by_coach.insert(coach, id);
        }
        if let Some(identity) = identity {
            self.by_identity.insert(identity.clone(), id);
        }
        self.newest_account = self.newest_account.max(revision);
        self.accounts.insert(id, Known { account: held(account, revision), password, password_until, epoch });
        Ok(())
    }

    fn drop_record(&mut self, kind: Kind, key: &Key) {
        match kind {
            // Accounts are never removed; one that others removed all the same is missed at the next opening.
            Kind::Account => {}
            Kind::Session => self.sessions.remove(&SecretHash(key.as_str().to_owned())),
            Kind::Token => self.tokens.remove(&SecretHash(key.as_str().to_owned())),
            Kind::Cover => {
                let cover = id_of(key).ok().and_then(|id| self.covers.remove(&id));
                if let Some(cover) = cover {
                    let by = (cover.what.organisation.clone(), cover.what.by.clone());
                    if let Some(ids) = self.covers_by.get_mut(&by) {
                        ids.remove(&cover.id);
                        if ids.is_empty() {
                            self.covers_by.remove(&by);
                        }
                    }
                }
            }
            Kind::Opening => {
                let opening = id_of(key).ok().and_then(|id| self.openings.remove(&id));
                if let Some(opening) = opening {
                    self.openings_at.remove(&(opening.at, opening.id));
                    if let Some(ids) = self.openings_of.get_mut(&opening.account) {
                        ids.remove(&(opening.at, opening.id));
                        if ids.is_empty() {
                            self.openings_of.remove(&opening.account);
                        }
                    }
                }
            }
            Kind::SignIn => {
                if let Ok(id) = id_of(key) {
                    self.sign_ins.remove(&id);
                }
            }
        }
    }
}

fn held<T>(value: T, revision: Revision) -> Held<T> {
    Held { value: value.into(), revision }
}

fn id_of(key: &Key) -> Result<Uuid, String> {
    Uuid::try_parse(key.as_str()).map_err(|_| "its name is no id".to_owned())
}

/// What serde says of a value may repeat a part of it, and it may be a secret: only the place is told.
fn read<T: DeserializeOwned>(value: &[u8]) -> Result<T, String> {
    serde_json::from_slice(value).map_err(|error| format!("its value cannot be read (line {}, column {})", error.line(), error.column()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(revision: u64) -> Record {
        let id = "00000000-0000-4000-8000-000000000001";
        let moment = "2026-03-02T08:00:00.000000Z";
        let value =
            format!(r#"{{"id":"{id}","account":"{id}","created":"{moment}","last_seen":"{moment}","agent":"","epoch":{revision}}}"#)
                .into_bytes();
        Record { kind: Kind::Session, key: Key::new("5e55").unwrap(), value, revision: Revision(revision) }
    }

    fn known(state: &State) -> Option<u64> {
        state.sessions.get(&SecretHash("5e55".to_owned())).map(|session| session.epoch)
    }

    #[test]
    fn news_from_before_a_removal_does_not_bring_back_what_was_removed() {
        let mut state = State::default();
        state.put(&session(1)).unwrap();
        state.put(&session(2)).unwrap();
        state.removed(Kind::Session, &session(2).key, Revision(3), true);
        for revision in [1, 2] {
            state.take_in(&Change::Put(session(revision))).unwrap();
            assert_eq!(known(&state), None);
        }
        state.take_in(&Change::Removed { kind: Kind::Session, key: session(2).key, revision: Revision(3) }).unwrap();
        assert!(state.removed.is_empty(), "and it is not remembered for longer than needed");
    }

    #[test]
    fn old_news_does_not_take_the_place_of_what_is_newer() {
        let mut state = State::default();
        state.put(&session(2)).unwrap();
        state.take_in(&Change::Put(session(1))).unwrap();
        assert_eq!(known(&state), Some(2));
        state.take_in(&Change::Put(session(3))).unwrap();
        assert_eq!(known(&state), Some(3));
    }
}
