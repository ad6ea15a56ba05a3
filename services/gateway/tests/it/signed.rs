//! A gateway with accounts, and those who have signed in to it.

use std::{sync::Arc, time::Duration};

use accounts::{
    Account, Accounts, By, ClockByHand, Cost, FirstPassword, Held, MemoryRegister, Options, Password, Profile, Role, register::Register,
};
use axum::http::{Method, Request, request::Builder};
use bytes::Bytes;
use gateway::{
    Limits,
    access::{COOKIE, LocalAccess, Provider},
    entrance::{ShownAccount, SignIn},
};
use http_body_util::Full;
use serde_json::{Value, json};

use crate::world::{Answer, Door, World, id, line, now};

/// The password of all of them.
pub const GOOD: &str = "drie vlinders op zolder";
pub const BETTER: &str = "kapstok in de regen";

pub const HOUR: Duration = Duration::from_secs(3600);
pub const DAY: Duration = Duration::from_secs(24 * 3600);

/// The log is never away here: what is slow is the machine, and a test that is about who may do what waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Ann and Bea are coaches of organisation 1, Mia its manager; a coach of organisation 2 is called Ann too, and Max is its manager.
pub const PEOPLE: [(&str, Role, Option<&str>, Option<&str>); 8] = [
    ("ann", Role::Coach, Some("org-1"), Some("ann")),
    ("bea", Role::Coach, Some("org-1"), Some("bea")),
    ("mia", Role::Manager, Some("org-1"), None),
    ("ann-2", Role::Coach, Some("org-2"), Some("ann")),
    ("max", Role::Manager, Some("org-2"), None),
    ("lena", Role::Analyst, None, None),
    ("otto", Role::Auditor, None, None),
    ("root", Role::Administrator, None, None),
];

pub struct Signed {
    pub world: World,
    pub accounts: Accounts,
    pub clock: Arc<ClockByHand>,
    pub register: MemoryRegister,
}

/// By what somebody asks.
#[derive(Clone, Debug)]
pub enum Who {
    Nobody,
    Session { cookie: String, csrf: String, account: String },
    Token(String),
}

impl Who {
    pub fn cookie(&self) -> &str {
        match self {
            Self::Session { cookie, .. } => cookie,
            Self::Nobody | Self::Token(_) => panic!("no session"),
        }
    }

    pub fn csrf(&self) -> &str {
        match self {
            Self::Session { csrf, .. } => csrf,
            Self::Nobody | Self::Token(_) => panic!("no session"),
        }
    }

    /// As the head of a request carries it, with what guards a session.
    pub fn on(&self, request: Builder) -> Builder {
        match self {
            Self::Nobody => request,
            Self::Session { cookie, csrf, .. } => request.header("cookie", format!("{COOKIE}={cookie}")).header("x-csrf-token", csrf),
            Self::Token(token) => request.header("authorization", format!("Bearer {token}")),
        }
    }
}

pub fn profile(login: &str, role: Role, organisation: Option<&str>, coach: Option<&str>) -> Profile {
    Profile {
        login: login.parse().unwrap(),
        name: format!("Name of {login}"),
        organisation: organisation.map(|organisation| organisation.parse().unwrap()),
        coach: coach.map(|coach| coach.parse().unwrap()),
        roles: [role].into(),
    }
}

impl Signed {
    pub async fn new() -> Self {
        Self::with(Limits::default(), false).await
    }

    pub async fn with(limits: Limits, over_tls: bool) -> Self {
        Self::over(MemoryRegister::new(), limits, over_tls).await
    }

    pub async fn over(register: MemoryRegister, limits: Limits, over_tls: bool) -> Self {
        Self::made(register, limits, over_tls, |_| None).await
    }

    pub async fn with_provider(limits: Limits, make: impl FnOnce(Arc<ClockByHand>) -> Option<Arc<Provider>>) -> Self {
        Self::made(MemoryRegister::new(), limits, false, make).await
    }

    async fn made(
        register: MemoryRegister,
        limits: Limits,
        over_tls: bool,
        make: impl FnOnce(Arc<ClockByHand>) -> Option<Arc<Provider>>,
    ) -> Self {
        let clock = Arc::new(ClockByHand::at(now()));
        let options = Options { cost: Cost::LEAST, ..Options::default() };
        let port: Arc<dyn Register> = Arc::new(register.clone());
        let accounts = Accounts::open_with(port, clock.clone(), options).await.unwrap();
        for (login, role, organisation, coach) in PEOPLE {
            let given = FirstPassword::Given(Password::new(GOOD));
            accounts.create(By::Machine, profile(login, role, organisation, coach), given).await.unwrap();
        }
        let shown = [ShownAccount {
            what: "iemand".to_owned(),
            name: "Iemand".to_owned(),
            role: Role::Coach,
            organisation: Some("org-1".to_owned()),
            login: "demo".to_owned(),
            password: "van iedereen".to_owned(),
        }];
        let provider = make(clock.clone());
        let door = Door {
            access: Arc::new(LocalAccess::new(accounts.clone(), clock.clone()).with_provider(provider.clone())),
            sign_in: Some(SignIn { accounts: accounts.clone(), shown: Arc::new(shown), passwords: true, provider }),
            any_host: true,
            over_tls,
            patience: PATIENCE,
        };
        Self { world: World::behind(door, limits).await, accounts, clock, register }
    }

    pub fn account(&self, login: &str) -> Held<Account> {
        self.accounts.account_of(&login.parse().unwrap()).unwrap()
    }

    pub async fn session(&self, login: &str) -> Who {
        self.session_by(login, GOOD).await
    }

    pub async fn session_by(&self, login: &str, password: &str) -> Who {
        let signed_in = self.accounts.sign_in(login, &Password::new(password), "curl/8").await.unwrap();
        Who::Session {
            cookie: signed_in.token.expose().to_string(),
            csrf: signed_in.csrf.expose().to_string(),
            account: signed_in.account.id.to_string(),
        }
    }

    pub async fn token(&self, login: &str) -> Who {
        let (_, text) = self.accounts.create_token(self.account(login).id, "an app", 30, None).await.unwrap();
        Who::Token(text.expose().to_string())
    }

    pub fn request(&self, method: Method, path: &str) -> Builder {
        self.world.request(method, path)
    }

    pub async fn send(&self, request: Builder, body: impl Into<Bytes>) -> Answer {
        self.world.send(request.body(Full::new(body.into())).unwrap()).await
    }

    pub async fn get(&self, who: &Who, path: &str) -> Answer {
        self.send(who.on(self.request(Method::GET, path)), "").await
    }

    pub async fn ask(&self, who: &Who, method: Method, path: &str, body: &Value) -> Answer {
        let request = who.on(self.request(method, path)).header("content-type", "application/json");
        self.send(request, if body.is_null() { String::new() } else { body.to_string() }).await
    }

    pub async fn post(&self, who: &Who, path: &str, body: &Value) -> Answer {
        self.ask(who, Method::POST, path, body).await
    }

    pub async fn record(&self, who: &Who, event: &Value) -> Answer {
        self.post(who, &format!("/api/v1/trajectories/{}/events", event["trajectory_id"].as_str().unwrap()), event).await
    }

    /// A form, as a page of the service sends it.
    pub async fn form(&self, request: Builder, fields: &[(&str, &str)]) -> Answer {
        let mut body = form_urlencoded::Serializer::new(String::new());
        for (name, value) in fields {
            body.append_pair(name, value);
        }
        self.send(request.header("content-type", "application/x-www-form-urlencoded"), body.finish()).await
    }

    pub async fn sign_in(&self, login: &str, password: &str) -> Answer {
        self.form(self.request(Method::POST, "/inloggen"), &[("login", login), ("password", password)]).await
    }

    /// How many events the log holds.
    pub async fn recorded(&self) -> u64 {
        use event_log::EventLog;
        self.world.log.head().await.unwrap().position.0
    }
}

/// The value of the cookie that an answer sets.
pub fn cookie_set(answer: &Answer) -> &str {
    answer.header("set-cookie").strip_prefix(COOKIE).unwrap().strip_prefix('=').unwrap().split(';').next().unwrap()
}

/// An intake of this organisation with this coach.
pub fn case(n: u32, organisation: &str, coach: &str) -> Value {
    let data = json!({"client_id": id(0xc000_0000, n), "method": "ips", "funding": "uwv", "region": "AM18", "label": "Mevrouw De Wit", "coach": coach});
    let mut event = line(n, 1, "intake", "2026-01-05", data);
    event["organisation"] = organisation.into();
    event
}

/// A request without a body.
pub fn bare(request: Builder) -> Request<Full<Bytes>> {
    request.body(Full::default()).unwrap()
}
