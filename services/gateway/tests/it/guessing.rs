//! One password tried with many logins: an address is slowed by its own failures; where none is known, all are, and nobody for long.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{http::Method, serve::Listener};
use gateway::{Limits, access::Pace};
use tokio::net::{TcpListener, TcpStream};

use crate::{
    signed::{GOOD, Signed},
    world::{Answer, send},
};

/// A listener to which everybody comes from the same address.
struct From(TcpListener, SocketAddr);

impl Listener for From {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        (Listener::accept(&mut self.0).await.0, self.1)
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// Where whoever comes is taken for somebody at this address.
async fn as_from(signed: &Signed, address: &str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let (router, ends) = (signed.world.gateway.router(), signed.world.shutdown.subscribe());
    let listener = From(listener, format!("{address}:50000").parse().unwrap());
    tokio::spawn(async move { gateway::serve(listener, router, &Limits::default(), ends).await });
    at
}

async fn sign_in(signed: &Signed, at: SocketAddr, login: &str, password: &str) -> Answer {
    let request = signed.request(Method::POST, "/inloggen").header("content-type", "application/x-www-form-urlencoded");
    let body = form_urlencoded::Serializer::new(String::new()).append_pair("login", login).append_pair("password", password).finish();
    send(at, request.body(body.into()).unwrap()).await
}

fn pace(burst: u32, each: Duration) -> Pace {
    Pace { burst: burst.try_into().unwrap(), each }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_tries_many_logins_waits_and_nobody_elsewhere_does() {
    let limits = Limits { wrong_passwords_of_address: pace(8, Duration::from_secs(600)), ..Limits::default() };
    let signed = Signed::with(limits, true).await;
    let (attacker, home) = (as_from(&signed, "192.0.2.1").await, as_from(&signed, "192.0.2.2").await);
    // Who is right costs nothing.
    for _ in 0..10 {
        assert_eq!(sign_in(&signed, attacker, "ann", GOOD).await.header("location"), "/");
    }
    for number in 0..8 {
        let answer = sign_in(&signed, attacker, &format!("login-{number}"), "zomer2026!zomer").await;
        assert_eq!(answer.header("location"), "/inloggen?fout=onjuist");
    }
    let runs = signed.accounts.hash_runs();
    for (login, password) in [("login-9", "zomer2026!zomer"), ("bea", GOOD)] {
        let answer = sign_in(&signed, attacker, login, password).await;
        let wait: u64 = answer.header("location").strip_prefix("/inloggen?fout=wachten&na=").unwrap().parse().unwrap();
        assert!((1..=600).contains(&wait), "{wait}");
        assert!(!answer.header("set-cookie").starts_with("__Host-"), "no session");
    }
    assert_eq!(signed.accounts.hash_runs(), runs, "no password is judged any more");
    assert_eq!(sign_in(&signed, home, "bea", GOOD).await.header("location"), "/");
    // A header says nothing about where somebody is.
    let request = signed.request(Method::POST, "/inloggen").header("content-type", "application/x-www-form-urlencoded");
    let request = request.header("x-forwarded-for", "192.0.2.77").header("forwarded", "for=192.0.2.77").header("x-real-ip", "192.0.2.77");
    let answer = send(attacker, request.body("login=bea&password=x".into()).unwrap()).await;
    assert!(answer.header("location").starts_with("/inloggen?fout=wachten"));
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_an_address_is_everybodys_and_is_not_counted() {
    let limits = Limits { wrong_passwords_of_address: pace(1, Duration::from_secs(600)), ..Limits::default() };
    for (over_tls, address) in [(false, "192.0.2.1"), (true, "127.0.0.1")] {
        let signed = Signed::with(limits.clone(), over_tls).await;
        let at = as_from(&signed, address).await;
        for number in 0..5 {
            assert_eq!(sign_in(&signed, at, &format!("login-{number}"), "mis").await.header("location"), "/inloggen?fout=onjuist");
        }
        assert_eq!(sign_in(&signed, at, "ann", GOOD).await.header("location"), "/");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn during_an_attack_from_everywhere_guesses_are_few_and_a_person_waits_in_line() {
    // Fifty guesses a second, and forty attackers who never rest.
    let limits = Limits { wrong_passwords: pace(10, Duration::from_millis(20)), ..Limits::default() };
    let signed = Arc::new(Signed::with(limits, false).await);
    let (ends, tried) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let attackers: Vec<_> = (0..40)
        .map(|attacker| {
            let (signed, ends, tried) = (Arc::clone(&signed), Arc::clone(&ends), Arc::clone(&tried));
            tokio::spawn(async move {
                for number in 0.. {
                    if ends.load(Ordering::Relaxed) {
                        return;
                    }
                    sign_in(&signed, signed.world.address, &format!("login-{attacker}-{number}"), "zomer2026!zomer").await;
                    tried.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    let began = Instant::now();
    tokio::time::sleep(Duration::from_millis(500)).await;
    for login in ["ann", "bea", "mia"] {
        let asked = Instant::now();
        assert_eq!(signed.sign_in(login, GOOD).await.header("location"), "/", "{login} after {:?}", asked.elapsed());
    }
    ends.store(true, Ordering::Relaxed);
    for attacker in attackers {
        attacker.await.unwrap();
    }
    let (most, tried) = (10 + began.elapsed().as_millis() / 20 + 40, tried.load(Ordering::Relaxed));
    assert!(u128::from(tried) <= most, "{tried} guesses, at most {most}");
}
