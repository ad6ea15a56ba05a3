//! Accounts of a data folder: made at the machine, with a service and without; who signs in, and what is kept of it.

use std::os::unix::fs::PermissionsExt;

use log_jetstream::testbed::Server;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::{
    lines::{contact, intake, trajectory},
    served::{Answer, Served},
    support::{Folder, Run, contents},
};

const GOOD: &str = "drie vlinders op zolder";

fn events(of: usize) -> String {
    format!("/api/v1/trajectories/{}/events", trajectory(of))
}

/// Makes an account; its one-time password.
fn add(folder: &Folder, arguments: &[&str]) -> String {
    let told = folder.run(&[&["accounts", "add"], arguments].concat()).done().json();
    told["one_time_password"].as_str().expect("a password").to_owned()
}

fn root(folder: &Folder) -> String {
    add(folder, &["--login", "root", "--name", "Root", "--role", "administrator"])
}

/// The organisation and the coach of the lines of these tests.
fn coach(folder: &Folder) -> String {
    let organisation = intake(1, "2025-01-06")["organisation"].as_str().expect("an organisation").to_owned();
    add(folder, &["--login", "jo", "--name", "Jo", "--role", "coach", "--organisation", &organisation, "--coach", "jo"])
}

struct Session {
    cookie: String,
    csrf: String,
}

/// `None` when it was refused.
fn sign_in(served: &Served, login: &str, password: &str) -> Option<Session> {
    let body = format!("login={login}&password={}", password.replace(' ', "+"));
    let answer = served.send("POST", "/inloggen", &[("content-type", "application/x-www-form-urlencoded")], &body);
    assert_eq!(answer.status, 303, "{answer:?}");
    let cookie = cookie_of(&answer)?;
    let session = served.send("GET", "/api/v1/session", &[("cookie", &cookie)], "").json();
    Some(Session { cookie, csrf: session["csrf"].as_str().expect("a token").to_owned() })
}

fn cookie_of(answer: &Answer) -> Option<String> {
    answer.header("set-cookie").split(';').next().filter(|cookie| cookie.starts_with("__Host-trajectlog=")).map(str::to_owned)
}

impl Session {
    fn ask(&self, served: &Served, method: &str, path: &str, body: &Value) -> Answer {
        let head = [("cookie", self.cookie.as_str()), ("x-csrf-token", self.csrf.as_str()), ("content-type", "application/json")];
        served.send(method, path, &head, &if body.is_null() { String::new() } else { body.to_string() })
    }

    /// The same person with a password of their own.
    fn choosing(&self, served: &Served, old: &str) -> Self {
        let answer = self.ask(served, "PUT", "/api/v1/session/password", &json!({"old": old, "new": GOOD}));
        assert_eq!(answer.status, 200, "{answer:?}");
        Self { cookie: cookie_of(&answer).expect("a cookie"), csrf: answer.json()["csrf"].as_str().expect("a token").to_owned() }
    }
}

#[test]
fn a_service_on_a_folder_knows_who_asks_unless_told_otherwise() {
    let folder = Folder::new();
    let served = Served::to_the_known(&folder, &[]);
    for path in ["/api/v1/trajectories", "/api/v1/figures/2025Q1", "/api/v1/events", "/api/v1/session"] {
        let answer = served.send("GET", path, &[("x-actor", "root")], "");
        assert_eq!((answer.status, answer.header("www-authenticate").as_str()), (401, "Bearer realm=\"trajectlog\""), "{path}");
    }
    assert_eq!(served.post(&events(1), &intake(1, "2025-01-06").to_string()).status, 401);
    assert_eq!(served.get("/inloggen").expect("a page").status, 200);
    // Whoever may open the folder's socket is its owner.
    folder.import(&crate::lines::text(&[intake(1, "2025-01-06")])).done();
}

#[test]
fn the_first_administrator_is_made_at_the_machine_and_makes_the_others() {
    let folder = Folder::new();
    let password = root(&folder);
    let listed = folder.run(&["accounts", "list", "--format", "json"]).done().json();
    assert_eq!(
        (&listed[0]["login"], &listed[0]["state"], listed[0].get("one_time_password")),
        (&json!("root"), &json!("one-time password"), None)
    );
    let served = Served::to_the_known(&folder, &[]);
    let first = sign_in(&served, "root", &password).expect("signed in");
    assert_eq!(first.ask(&served, "GET", "/api/v1/accounts", &Value::Null).json()["code"], "password_change_required");
    let root = first.choosing(&served, &password);
    assert!(sign_in(&served, "root", &password).is_none(), "it was for one sign-in");
    let made = root.ask(&served, "POST", "/api/v1/accounts", &json!({"login": "lena", "name": "Lena", "roles": ["analyst"]}));
    assert_eq!(made.status, 201, "{made:?}");
    let table = folder.run(&["accounts", "list"]).done();
    assert!(table.text().contains("lena") && table.text().contains("analyst"), "{}", table.text());
    let lena = made.json()["one_time_password"].as_str().expect("a password").to_owned();
    let lena = sign_in(&served, "lena", &lena).expect("signed in").choosing(&served, &lena);
    assert_eq!(lena.ask(&served, "GET", "/api/v1/figures/2025Q1", &Value::Null).status, 200);
    assert_eq!(lena.ask(&served, "GET", "/api/v1/trajectories", &Value::Null).status, 403);
}

#[test]
fn the_report_in_a_browser_is_the_report_of_the_command_line() {
    let folder = Folder::with(&crate::lines::history(12));
    let password = add(&folder, &["--login", "lena", "--name", "Lena", "--role", "analyst"]);
    let served = Served::to_the_known(&folder, &[]);
    let lena = sign_in(&served, "lena", &password).expect("signed in").choosing(&served, &password);
    for scope in ["national", "organisation:org-1", "region:AM18"] {
        let file = folder.beside("q1.html");
        folder.run(&["report", "--quarter", "2025Q1", "--scope", scope, "--out", file.to_str().expect("UTF-8")]).done();
        let written = std::fs::read_to_string(&file).expect("a page");
        let article = &written[written.find("<article").expect("a report")..=written.find("</article>").expect("its end")];
        let answer = lena.ask(&served, "GET", &format!("/cijfers/verslag?kwartaal=2025Q1&gebied={scope}"), &Value::Null);
        assert_eq!(answer.status, 200, "{answer:?}");
        let page = String::from_utf8(answer.body).expect("UTF-8");
        assert!(article.len() > 10_000 && page.contains(article), "{scope}: {page}");
    }
}

#[test]
fn what_was_published_is_in_a_browser_what_it_is_on_the_command_line() {
    let folder = Folder::with(&crate::lines::history(40));
    let publish = |more: &[&str]| folder.run(&[&["publish", "--quarter", "2025Q1"], more].concat()).done().json();
    folder.run(&["declare", "--quarter", "2025Q1", "--organisation", "org-1", "--by", "mia"]).done();
    let first = publish(&["--by", "karim"]);
    folder.import(&crate::lines::history(46)).done();
    let password = add(&folder, &["--login", "lena", "--name", "Lena", "--role", "analyst"]);
    let served = Served::to_the_known(&folder, &[]);
    let lena = sign_in(&served, "lena", &password).expect("signed in").choosing(&served, &password);
    let get = |path: &str| {
        let answer = lena.ask(&served, "GET", path, &Value::Null);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.body
    };
    // Beside the service, which reads what is published meanwhile.
    let second = publish(&["--by", "petra", "--status", "definitive"]);
    assert_eq!((&first["number"], &second["number"]), (&json!(2), &json!(3)), "the declaration is the first record");
    let told = folder.run(&["vintages", "--quarter", "2025Q1", "--explain", "--format", "json"]).done().json();
    let differ = told["differences"][0]["cells"].as_array().expect("a list");
    let page = String::from_utf8(get("/cijfers/publicaties?kwartaal=2025Q1")).expect("UTF-8");
    for vintage in told["vintages"].as_array().expect("a list") {
        assert!(page.contains(&format!("<code title={}>", vintage["sha256"])), "{vintage}: {page}");
    }
    assert!(differ.len() > 1 && page.contains(&format!("{} getallen zijn anders", differ.len())), "{told}: {page}");
    let running =
        "<td>Lopend</td><td class=\"number\">40</td><td class=\"number\">46</td><td class=\"number\">+6</td><td class=\"number\">+6</td>";
    for words in ["Dit kwartaal is definitief", "Org 1 (IPS)", "<dt>Laat vastgelegd</dt>", running] {
        assert!(page.contains(words), "{words}: {page}");
    }

    let moment = first["moment"].as_str().expect("a moment");
    let written = |name: &str, scope: &str| {
        let file = folder.beside(name);
        let out = file.to_str().expect("UTF-8");
        folder.run(&["report", "--quarter", "2025Q1", "--published", "--as-of", moment, "--scope", scope, "--out", out]).done();
        std::fs::read(&file).expect("a report")
    };
    for scope in ["national", "organisation:org-1", "region:AM18"] {
        let html = String::from_utf8(written("q1.html", scope)).expect("UTF-8");
        let article = &html[html.find("<article").expect("a report")..=html.find("</article>").expect("its end")];
        let query = format!("kwartaal=2025Q1&gebied={scope}&publicatie=2");
        let page = String::from_utf8(get(&format!("/cijfers/verslag?{query}"))).expect("UTF-8");
        assert!(article.len() > 10_000 && page.contains(article), "{scope}: {page}");
        assert!(written("q1.pdf", scope) == get(&format!("/cijfers/verslag.pdf?{query}")), "{scope}: the PDF too");
    }
}

#[test]
fn beside_a_service_accounts_are_seen_to_through_the_folders_socket() {
    let folder = Folder::new();
    root(&folder);
    let served = Served::to_the_known(&folder, &[]);
    let password = coach(&folder);
    let jo = sign_in(&served, "jo", &password).expect("signed in").choosing(&served, &password);
    let mut line = intake(1, "2025-01-06");
    line["data"]["coach"] = "jo".into();
    let recorded = jo.ask(&served, "POST", &events(1), &line);
    assert_eq!(recorded.status, 201, "{recorded:?}");
    let accounts = folder.run(&["accounts", "list", "--format", "json"]).done().json();
    let account = accounts.as_array().expect("a list").iter().find(|one| one["login"] == "jo").expect("there")["account"].clone();
    assert_eq!(recorded.json()["actor"], account, "under the account's stable name");
    assert_eq!(folder.run(&["accounts", "lock", "JO"]).done().json()["state"], "locked");
    assert_eq!(jo.ask(&served, "GET", "/api/v1/trajectories", &Value::Null).status, 401);
    assert!(sign_in(&served, "jo", GOOD).is_none());
    assert_eq!(folder.run(&["accounts", "unlock", "jo"]).done().json()["state"], "active");
    let reset = folder.run(&["accounts", "reset", "jo"]).done().json();
    assert!(sign_in(&served, "jo", GOOD).is_none());
    assert!(sign_in(&served, "jo", reset["one_time_password"].as_str().expect("a password")).is_some());
    folder.run(&["accounts", "lock", "nobody"]).failed(1, "nobody");
    folder.run(&["accounts", "lock", "root"]).failed(1, "last active administrator");
    folder.run(&["accounts", "add", "--login", "jo", "--name", "Jo", "--role", "analyst"]).failed(1, "another account has this login");
}

#[test]
fn an_account_is_named_by_its_login_alone_or_behind_a_flag() {
    let folder = Folder::new();
    add(&folder, &["lena", "--name", "Lena", "--role", "analyst"]);
    add(&folder, &["--login", "iris", "--name", "Iris", "--role", "auditor"]);
    for login in ["lena", "iris"] {
        for whose in [&["--login", login][..], &[login]] {
            for (what, state) in [("lock", "locked"), ("unlock", "one-time password"), ("reset", "one-time password")] {
                let told = folder.run(&[&["accounts", what], whose].concat()).done().json();
                assert_eq!((&told["login"], &told["state"]), (&json!(login), &json!(state)), "{what} {whose:?}");
            }
        }
    }
    folder.run(&["accounts", "reset"]).failed(2, "LOGIN");
    folder.run(&["accounts", "reset", "lena", "--login", "iris"]).failed(2, "cannot be used with");
    folder.run(&["accounts", "add", "--name", "Nobody", "--role", "analyst"]).failed(2, "LOGIN");
}

#[test]
fn what_is_asked_wrongly_is_told_without_a_change() {
    let folder = Folder::new();
    folder.run(&["accounts", "add", "--login", "a b", "--name", "A", "--role", "analyst"]).failed(2, "a login has");
    folder.run(&["accounts", "add", "--login", "a", "--name", "A", "--role", "boss"]).failed(2, "boss");
    folder.run(&["accounts", "add", "--login", "a", "--name", "A"]).failed(2, "--role");
    folder.run(&["accounts", "add", "--login", "a", "--name", "A", "--role", "coach"]).failed(1, "organisation");
    folder.run(&["accounts", "add", "--login", "a", "--name", " ", "--role", "analyst"]).failed(1, "a name has");
    folder.run(&["demo", "--listen", "0.0.0.0:0"]).failed(2, "loopback");
    assert_eq!(folder.run(&["accounts", "list", "--format", "json"]).done().json(), json!([]));
}

#[test]
fn a_session_and_a_token_outlive_the_service_that_gave_them() {
    let folder = Folder::new();
    root(&folder);
    let password = coach(&folder);
    let served = Served::to_the_known(&folder, &[]);
    let jo = sign_in(&served, "jo", &password).expect("signed in").choosing(&served, &password);
    let token = jo.ask(&served, "POST", "/api/v1/tokens", &json!({"name": "an app", "days": 30})).json();
    let bearer = format!("Bearer {}", token["token"].as_str().expect("a token"));
    served.kill();
    let served = Served::to_the_known(&folder, &[]);
    let mut line = intake(1, "2025-01-06");
    line["data"]["coach"] = "jo".into();
    assert_eq!(jo.ask(&served, "POST", &events(1), &line).status, 201);
    let by_token = |served: &Served, body: &Value| {
        served.send("POST", &events(1), &[("authorization", &bearer), ("content-type", "application/json")], &body.to_string())
    };
    assert_eq!(by_token(&served, &contact(1, 2, "2025-01-07")).status, 201);
    assert_eq!(jo.ask(&served, "POST", "/uitloggen", &Value::Null).status, 303);
    assert_eq!(served.end(Signal::TERM), 0);
    let served = Served::to_the_known(&folder, &[]);
    assert_eq!(jo.ask(&served, "GET", "/api/v1/session", &Value::Null).status, 401, "what was ended stays ended");
    assert_eq!(by_token(&served, &contact(1, 3, "2025-01-08")).status, 201);
}

#[test]
fn no_secret_is_in_the_folder_or_in_what_the_service_says() {
    let folder = Folder::new();
    let password = root(&folder);
    let said = folder.beside("said");
    let served = Served::saying_into(&folder, &said, &["--log-format", "json"]);
    let first = sign_in(&served, "root", &password).expect("signed in");
    let root = first.choosing(&served, &password);
    let token = root.ask(&served, "POST", "/api/v1/tokens", &json!({"name": "an app", "days": 30})).json();
    let token = token["token"].as_str().expect("a token").to_owned();
    assert!(sign_in(&served, "root", "Mevrouw De Wit belt niet").is_none());
    assert!(sign_in(&served, "mijn-wachtwoord-in-het-verkeerde-veld", "x").is_none());
    served.send("GET", "/api/v1/session", &[("authorization", &format!("Bearer {token}"))], "");
    let bare = |cookie: &str| cookie.split_once('=').expect("a value").1.to_owned();
    let secrets = [
        password,
        GOOD.to_owned(),
        token,
        bare(&first.cookie),
        bare(&root.cookie),
        root.csrf.clone(),
        "De Wit belt".to_owned(),
        "in-het-verkeerde-veld".to_owned(),
    ];
    assert_eq!(served.end(Signal::TERM), 0);
    let mut files = contents(&folder.data());
    files.push((said.clone(), std::fs::read(&said).expect("what it said")));
    for (path, content) in files {
        let text = String::from_utf8_lossy(&content);
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "a secret is in {}", path.display());
        }
    }
    let said = std::fs::read_to_string(&said).expect("what it said");
    for told in ["\"what\":\"signed_in\"", "\"what\":\"password_changed\"", "\"what\":\"token_created\"", "\"what\":\"password_refused\""] {
        assert!(said.contains(told), "{told} in {said}");
    }
}

#[test]
fn a_folder_that_others_may_enter_or_that_is_damaged_is_not_believed() {
    let folder = Folder::new();
    root(&folder);
    let accounts = folder.data().join("accounts");
    std::fs::set_permissions(&accounts, std::fs::Permissions::from_mode(0o755)).expect("set");
    folder.run(&["serve", "--listen", "127.0.0.1:0"]).failed(3, "chmod 700");
    std::fs::set_permissions(&accounts, std::fs::Permissions::from_mode(0o700)).expect("set");
    let record = std::fs::read_dir(accounts.join("account")).expect("a folder").next().expect("one").expect("one").path();
    let mut bytes = std::fs::read(&record).expect("a record");
    *bytes.last_mut().expect("a byte") ^= 1;
    std::fs::write(&record, bytes).expect("written");
    folder.run(&["serve", "--listen", "127.0.0.1:0"]).failed(4, "is damaged");
    folder.run(&["accounts", "list"]).failed(4, "is damaged");
}

#[test]
fn a_gateway_on_nats_has_the_accounts_of_its_own_folder() {
    let (server, folder) = (Server::start(), Folder::new());
    let nats = ["--nats", &server.url(), "--nats-monitor", &server.monitor_url()].map(str::to_owned);
    let nats: Vec<&str> = nats.iter().map(String::as_str).collect();
    let password =
        add(&folder, &[&nats[..], &["--login", "mia", "--name", "Mia", "--role", "manager", "--organisation", "org-1"]].concat());
    let served = Served::with(folder.command(&[&["serve", "--auth", "local"], &nats[..]].concat()), &[]);
    assert_eq!(served.post(&events(1), &intake(1, "2025-01-06").to_string()).status, 401);
    let mia = sign_in(&served, "mia", &password).expect("signed in").choosing(&served, &password);
    for (n, expected) in [(1, 201), (2, 403)] {
        let answer = mia.ask(&served, "POST", &events(n), &intake(n, "2025-01-06"));
        assert_eq!(answer.status, expected, "of its own organisation and of another: {answer:?}");
    }
    let token = mia.ask(&served, "POST", "/api/v1/tokens", &json!({"name": "an app", "days": 30})).json()["token"]
        .as_str()
        .expect("a token")
        .to_owned();
    // Over NATS it is asked who asks as well.
    let asked = |token: Option<&str>| {
        let event = contact(1, 3, "2025-02-04").to_string();
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let client = async_nats::connect(server.url()).await.expect("connected");
            let mut headers = async_nats::HeaderMap::new();
            if let Some(token) = token {
                headers.insert("Authorization", format!("Bearer {token}"));
            }
            let told = client.request_with_headers("traject.command.org-1", headers, event.into()).await.expect("an answer");
            serde_json::from_slice::<Value>(&told.payload).expect("JSON")
        })
    };
    assert_eq!(asked(None)["status"], 401);
    assert_eq!(asked(Some(&token))["event"]["revision"], 2);
    // Beside it the command line asks the service; and a service without a gateway has no accounts.
    assert!(folder.run(&["accounts", "list"]).done().text().contains("mia"));
    let views = Folder::new();
    std::fs::create_dir_all(views.data().join("keys")).expect("a folder");
    std::fs::copy(folder.data().join("keys/master.key"), views.data().join("keys/master.key")).expect("copied");
    let werkmonitor = Served::with(views.command(&[&["serve", "--role", "werkmonitor", "--auth", "local"], &nats[..]].concat()), &[]);
    assert!(!views.data().join("accounts").exists());
    werkmonitor.kill();
}

#[test]
fn a_service_without_sign_in_leaves_the_accounts_to_the_command_line() {
    let folder = Folder::new();
    let served = Served::on(&folder, &[]);
    root(&folder);
    assert_eq!(served.get("/inloggen").expect("an answer").status, 404);
    assert_eq!(served.post(&events(1), &intake(1, "2025-01-06").to_string()).status, 201);
    assert_eq!(folder.run(&["accounts", "list", "--format", "json"]).done().json().as_array().map(Vec::len), Some(1));
}

#[test]
fn an_account_of_the_organisations_provider_has_no_password() {
    let folder = Folder::new();
    root(&folder);
    let made =
        folder.run(&["accounts", "add", "--login", "eva@ggz.example", "--name", "Eva", "--role", "analyst", "--provider"]).done().json();
    let told = (&made["state"], &made["by_provider"], made.get("one_time_password"));
    assert_eq!(told, (&json!("not yet seen at the provider"), &json!(true), None));
    folder.run(&["accounts", "reset", "eva@ggz.example"]).failed(1, "has no password here");
    // Beside a service the same.
    let served = Served::to_the_known(&folder, &[]);
    let password = add(&folder, &["--login", "lena", "--name", "Lena", "--role", "analyst"]);
    let lena = sign_in(&served, "lena", &password).expect("signed in").choosing(&served, &password);
    assert_eq!(folder.run(&["accounts", "provider", "lena"]).done().json()["by_provider"], true);
    assert_eq!(lena.ask(&served, "GET", "/api/v1/session", &Value::Null).status, 401, "the session has ended");
    assert!(sign_in(&served, "lena", GOOD).is_none(), "and the password is gone");
    assert!(sign_in(&served, "eva@ggz.example", "").is_none());
}

#[test]
fn settings_of_a_provider_that_would_let_somebody_else_in_are_refused() {
    let folder = Folder::new();
    let secret = crate::served::file(&folder, "secret", "geheim\n");
    let with = |more: &[&str], why: &str| {
        let listens: &[&str] = if more.contains(&"--listen") { &[] } else { &["--listen", "127.0.0.1:0"] };
        folder.run(&[&["serve"], listens, more].concat()).failed(2, why);
    };
    let issuer = ["--oidc-issuer", "http://127.0.0.1:1", "--oidc-client-id", "trajectlog"];
    with(&issuer[..2], "belong together");
    with(&issuer[2..], "belong together");
    with(&["--oidc-issuer", "http://idp.example", "--oidc-client-id", "trajectlog"], "the issuer is an https address");
    with(&[&issuer[..], &["--auth", "none"]].concat(), "nobody signs in");
    with(&["--auth", "oidc"], "name it with --oidc-issuer");
    with(&[&issuer[..], &["--oidc-audience", "trajectlog"]].concat(), "not the client id");
    with(&[&issuer[..], &["--public-url", "http://trajectlog.example"]].concat(), "public URL");
    with(&[&issuer[..], &["--listen", "0.0.0.0:0"]].concat(), "--public-url");
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o644)).expect("set");
    with(&[&issuer[..], &["--oidc-client-secret-file", secret.to_str().expect("a path")]].concat(), "chmod 600");
    with(&[&issuer[..], &["--oidc-client-secret-file", "/nowhere"]].concat(), "/nowhere");
}

#[test]
fn a_password_that_could_not_be_told_is_said_to_be_lost_and_how_to_get_another() {
    let folder = Folder::new();
    root(&folder);
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let to_nowhere =
        |arguments: &[&str]| Run::of(folder.command(arguments).stdout(full()).stderr(std::process::Stdio::piped()).output().unwrap());
    let add = ["accounts", "add", "--login", "jo", "--name", "Jo de Vries", "--role", "analyst"];
    to_nowhere(&add).failed(1, "the account was made, but nobody has seen its password: `trajectlog accounts reset jo` gives another");
    let served = Served::to_the_known(&folder, &[]);
    to_nowhere(&["accounts", "reset", "jo"]).failed(1, "the account has a new one-time password, but nobody has seen its password");
    drop(served);
    let reset = folder.run(&["accounts", "reset", "jo"]).done().json();
    assert!(reset["one_time_password"].is_string());
}
