//! A limit on everything that comes from outside, each with its reason. All are settings.

use std::{num::NonZeroU32, time::Duration};

use crate::access::Pace;

/// The limits.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of one decision: the longest line of an import.
    pub event_bytes: usize,
    /// Bytes of an outbox: a few hundred long notes that were written offline.
    pub outbox_bytes: usize,
    /// Events of an outbox: a phone that was offline for months has fewer.
    pub outbox_events: usize,
    /// Events of one decision: one mistake takes a few retractions; nobody decides on more at once.
    pub decision_events: usize,
    /// Bytes of a form, and of what is said about accounts: a name, a password, some words.
    pub form_bytes: usize,
    /// Bytes of a request's head: browsers send less than a tenth of it.
    pub head_bytes: usize,
    /// How long a client may take for the head: a slow one must not hold a connection.
    pub head_time: Duration,
    /// How long a client may take for the body, on a bad mobile network.
    pub body_time: Duration,
    /// How long an ordinary request may take in all: longer than the desk's patience.
    pub request_time: Duration,
    /// How long figures of an earlier state may take: they are counted from the whole log.
    pub cold_time: Duration,
    /// Connections at once: each costs a few kilobytes.
    pub connections: usize,
    /// Requests at once; whoever comes later is told to come back.
    pub requests: usize,
    /// Sign-ins that are worked on at once, their bodies' arrival included; who is signed in is not kept out by them.
    pub sign_ins: usize,
    /// Sign-ins by a provider that are worked on at once.
    pub by_provider: usize,
    /// Wrong passwords over all logins: each costs a hash, and whoever tries many logins is slowed by this alone. On a morning hundreds of
    /// people sign in, and some of them mistype.
    pub wrong_passwords: Pace,
    /// Wrong passwords from one address, where it is that of who signs in: behind one sits a whole office.
    pub wrong_passwords_of_address: Pace,
    /// Requests of one caller a second, in the long run: a page asks ten.
    pub caller_rate: NonZeroU32,
    /// Requests of one caller at once, before the rate holds.
    pub caller_burst: NonZeroU32,
    /// Server-sent streams at once: each holds a connection for hours.
    pub streams: usize,
    /// Figures of earlier states that are counted at once: each takes every processor.
    pub cold_figures: usize,
    /// At least this long between two changes that a live stream tells: figures may change a thousand times a second. The first is told at
    /// once.
    pub live_pause: Duration,
    /// Between two signs of life on a quiet stream: shorter than what stands between lets a connection be silent.
    pub keep_alive: Duration,
    /// How many events a projector may be behind in a process that says that it is ready.
    pub ready_lag: u64,
    /// Events on one page of the log.
    pub page_events: usize,
    /// Trajectories on one page of a caseload.
    pub page_trajectories: usize,
    /// Trajectories on one page of those behind a number: all of a quarter of the whole country.
    pub page_lineage: usize,
    /// Accounts on one page of their list.
    pub page_accounts: usize,
    /// Commands over NATS that are worked on at once: as many as wait at the desk.
    pub nats_commands: usize,
}

const MIB: usize = 1 << 20;
const RATE: NonZeroU32 = NonZeroU32::new(200).unwrap();
const BURST: NonZeroU32 = NonZeroU32::new(400).unwrap();
const WRONG: NonZeroU32 = NonZeroU32::new(300).unwrap();
const WRONG_OF_ADDRESS: NonZeroU32 = NonZeroU32::new(50).unwrap();

impl Default for Limits {
    fn default() -> Self {
        Self {
            event_bytes: 4 * MIB,
            outbox_bytes: 16 * MIB,
            outbox_events: 1_000,
            decision_events: 1_000,
            form_bytes: 64 << 10,
            head_bytes: 64 << 10,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(60),
            request_time: Duration::from_secs(90),
            cold_time: Duration::from_secs(600),
            connections: 4_096,
            requests: 1_024,
            sign_ins: 128,
            by_provider: 32,
            wrong_passwords: Pace { burst: WRONG, each: Duration::from_millis(50) },
            wrong_passwords_of_address: Pace { burst: WRONG_OF_ADDRESS, each: Duration::from_secs(5) },
            caller_rate: RATE,
            caller_burst: BURST,
            streams: 512,
            cold_figures: 2,
            live_pause: Duration::from_millis(100),
            keep_alive: Duration::from_secs(15),
            ready_lag: 10_000,
            page_events: 1_000,
            page_trajectories: 200,
            page_lineage: 10_000,
            page_accounts: 500,
            nats_commands: 1_024,
        }
    }
}
