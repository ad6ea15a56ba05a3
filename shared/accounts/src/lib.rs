//! Who may sign in: accounts, passwords, sessions, tokens of client apps, cover for an absent coach, and who has opened which sealed texts.
//! No HTTP: a gateway asks.
//!
//! ```text
//!   browser ── login, password ──► sign_in ──► session token (cookie) ──► session ──► Account, roles ─┐
//!   provider ─ issuer, subject ────────► sign_in_by_provider ─┘ (a session too)
//!   app ────── Bearer tl_… ──────────────────────────────────────────────► token ───► Account, roles ─┼─► the gateway decides
//!   caseload ─ organisation, coach, day ─────────────────────────────────► covers ──► other coaches ──┘
//!                                                │
//!                               Accounts: all in memory, one change at a time
//!                                                │ durable before it is known
//!                                                ▼
//!                  Register (port) ◄── FiledRegister: a folder, one process │ MemoryRegister: tests │ another, with changes by others
//! ```
//!
//! # Invariants
//!
//! 1. *No secret rests.* Of passwords there is an argon2id hash, of tokens a SHA-256. Secrets appear in no `Debug` form, no error and no line
//!    of a log, and are wiped from memory when dropped. *`secrets.rs`, and unit tests beside each type.*
//! 2. *One answer.* A wrong password, an unknown login, a locked account and an expired one-time password are told the same, after the same
//!    work; who fails too often waits, known or not. *`sign_in.rs` counts runs of argon2.*
//! 3. *Durable, then known.* A change that failed is known nowhere; one that has begun is ended, whoever hangs up. What is in memory is what a
//!    fresh opening reads. *`faults.rs`, `sequences.rs` (property test).*
//! 4. *All sessions of an account end in one step.* An account counts what ends them (a new password, a lock, other roles), each session
//!    carries the count of its sign-in, and another count is no session: whatever fails after that. *`sessions.rs`, `faults.rs`.*
//! 5. *Rules over several accounts hold with several writers too:* such a change names the newest change of any account that it was judged
//!    by. *`shared.rs`.*
//! 6. *Nothing is skipped.* A record that is damaged, misnamed or does not fit the others is an error with its name. *`filed.rs`.*
//! 7. *Closed, not open.* While changes by other processes cannot be seen, nobody is believed. *`shared.rs`.*
//! 8. *A provider opens what was made for it, and nothing else.* An account signs in by a password or by the provider, never by both; who
//!    somebody is there is written at their first sign-in, in one change, and no other identity opens that account then. *`provider.rs`.*
//! 9. It decides nothing about who may do what: what an account may is decided in one place, and that is not here.
//!
//! # Layout
//!
//! | file | holds |
//! | --- | --- |
//! | `account.rs` | account, login, roles and the rules of one account |
//! | `password.rs`, `common.rs` | which passwords are good enough; hashing them, a few at once |
//! | `lockout.rs` | waiting after failures |
//! | `secret.rs` | tokens and one-time passwords as they are shown and as they rest |
//! | `session.rs`, `token.rs`, `cover.rs`, `opening.rs` | what is kept of each, and their limits |
//! | `register.rs` | the port |
//! | `filed.rs`, `memory.rs` | a register in a folder; one in memory that fails as told |
//! | `state.rs` | what is known, indexed |
//! | `accounts.rs`, `accounts/` | the service |
//! | `audit.rs` | lines for the operator's log |

mod account;
mod accounts;
mod audit;
mod clock;
mod common;
pub mod conformance;
mod cover;
mod error;
mod filed;
mod hex;
mod lockout;
mod memory;
mod opening;
mod password;
pub mod register;
mod secret;
mod session;
mod state;
mod token;

pub use account::{Account, AccountState, Identity, Login, Profile, Role, SignsInBy};
pub use accounts::{Accounts, By, FirstPassword, MOST_ACCOUNTS, ONE_TIME_LASTS, Options, SessionSeen, SignedIn, Swept};
pub use audit::AUDIT;
pub use clock::{Clock, ClockByHand, SystemClock};
pub use cover::{Cover, Ended, LONGEST_COVER_DAYS, MOST_COVERS, NewCover};
pub use error::{AccountsError, Class, Rule, SignInError};
pub use filed::FiledRegister;
pub use lockout::{FIRST_WAIT, FREE_FAILURES, LONGEST_WAIT};
pub use memory::{Fault, MemoryRegister};
pub use opening::{LONGEST_REASON, MOST_OPENINGS, NewOpening, OPEN_FOR, Opening, SHORTEST_REASON};
pub use password::{Cost, LONGEST_PASSWORD, Password, SHORTEST_PASSWORD};
pub use register::{Held, Revision};
pub use secret::{CsrfToken, NotAToken, OneTimePassword, SessionToken, TokenText};
pub use session::{ABSOLUTE_LIMIT, IDLE_LIMIT, MOST_SESSIONS, SEEN_EVERY, SessionInfo};
pub use token::{Bearer, LONGEST_TOKEN_DAYS, MOST_TOKENS, TokenInfo};

/// A random id (version 4).
fn new_id() -> Result<uuid::Uuid, AccountsError> {
    Ok(uuid::Builder::from_random_bytes(*secret::random()?).into_uuid())
}
