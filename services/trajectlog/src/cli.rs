//! The command line, as `--help` teaches it.

mod completeness;
mod monitor;

use std::{net::SocketAddr, path::PathBuf};

use accounts::Login;
use app::AsOf;
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::Quarter;
use figures::Scope;
use proto_events::{Date, Slug};
use uuid::Uuid;

pub use completeness::{Completeness, CompletenessFormat, Declare};
pub use monitor::{Against, Disclosure, Figures, Format, Lineage, LineageFormat, Publish, Questions, Report, VintageStatus, Vintages};

/// Case management for guidance to paid work: an append-only log of what coaches record, and the Werkmonitor figures that
/// follow from it.
#[derive(Debug, Parser)]
#[command(
    name = "trajectlog",
    version,
    arg_required_else_help = true,
    after_help = "Begin with:  trajectlog demo\n\nExit: 0 done, 1 refused or not found, 2 wrong use or malformed input, 3 the log cannot be opened or a server cannot be reached, 4 tampering or loss detected."
)]
pub struct Cli {
    /// What the log is and how it is reached.
    #[command(flatten)]
    pub place: Place,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Where log, keys and views lie. Every flag may also be set by environment (`--nats-ca` as TRAJECTLOG_NATS_CA) or in the file of
/// settings (`nats-ca = "…"`).
#[derive(Clone, Debug, Default, Args)]
pub struct Place {
    /// The data folder with log, keys and views (default: ./data; of `demo`: ./demo-data)
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The log is kept by NATS JetStream at this address (nats://[user:password@]host:port, several joined by commas); the data
    /// folder then holds only views
    #[arg(long, global = true, value_name = "URL", help_heading = "NATS")]
    pub nats: Option<String>,
    /// The file with the master key that wraps the clients' keys (default: TRAJECTLOG_MASTER_KEY, which is the key itself in
    /// hexadecimal, else TRAJECTLOG_MASTER_KEY_FILE, else keys/master.key in the data folder, made with mode 0600 at the first
    /// start)
    #[arg(long, global = true, value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,
    /// A file of settings (TOML): what is not given as a flag or by environment. Names are those of the flags
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How NATS is reached.
    #[command(flatten)]
    pub server: Server,
}

/// How NATS is reached and what is asked of it.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "NATS")]
pub struct Server {
    /// Credentials, as nsc writes them
    #[arg(long, global = true, value_name = "FILE")]
    pub nats_creds: Option<PathBuf>,
    /// The certificate authority that signed the server's certificate (PEM)
    #[arg(long, global = true, value_name = "FILE")]
    pub nats_ca: Option<PathBuf>,
    /// The certificate that is shown to the server (PEM)
    #[arg(long, global = true, value_name = "FILE")]
    pub nats_cert: Option<PathBuf>,
    /// Its key (PEM)
    #[arg(long, global = true, value_name = "FILE")]
    pub nats_key: Option<PathBuf>,
    /// The server's monitoring page, which says whether it syncs every write (default: port 8222 of the server's host)
    #[arg(long, global = true, value_name = "URL")]
    pub nats_monitor: Option<String>,
    /// What makes an acknowledgement mean disk: `synced` (the server runs with sync_interval: always), `replicated` (three
    /// replicas or more on separate power), `unsafe` (nothing: a power cut may take the last two minutes) [default: synced]
    #[arg(long, global = true, value_name = "HOW", hide_possible_values = true)]
    pub nats_durability: Option<Durability>,
    /// How many servers hold the log, when it is made [default: 1]
    #[arg(long, global = true, value_name = "N")]
    pub nats_replicas: Option<usize>,
}

/// What makes an acknowledgement mean disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Durability {
    /// The server syncs every write.
    Synced,
    /// Three replicas or more, on separate power.
    Replicated,
    /// Nothing does.
    Unsafe,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make the synthetic national log (once), show its figures beside the published report, and serve it
    Demo(Demo),
    /// Serve: take commands over HTTP (and NATS), keep the live views and figures
    ///
    /// On a data folder everything runs in this one process. With --nats any number of processes share one log, each with all
    /// roles or with some: a gateway takes commands and answers questions, a projector keeps one view.
    Serve(Serve),
    /// Read events as JSON Lines: well-formed ones are judged one decision after the other, refused ones are named
    ///
    /// First the form of the whole input is checked: if one line is malformed nothing is appended (exit 2). A refused event
    /// is left out and the rest goes on (exit 1). The same file can be imported again: what is there already is told from
    /// what is new.
    Import(Import),
    /// Write the log as JSON Lines, in log order; what it writes can be imported
    Export(Export),
    /// The Werkmonitor figures of a quarter
    ///
    /// Regions are the 35 CBS labour-market regions, AM01 to AM38. Figures say from which state of the log and by which
    /// definitions they were made; a quarter that had not ended is marked provisional.
    Figures(Figures),
    /// Explain a number: the trajectories behind it, and the events that decide each
    ///
    /// Any number of `figures` by its path. Who is counted and who of the same cell is not, by reason; with --trajectory why one is counted or not. A
    /// timeline of the events that are named, and of no others, has the same outcome.
    Lineage(Lineage),
    /// What happens over time: the questions that a count on one day leaves open
    ///
    /// How long until the first paid job, with and without unpaid work; how many of those who began in one quarter have found one by month; what follows
    /// what for one client; unpaid work beside a job or an education; how long jobs last, and how long work stays sustainable. Everyone is counted for as
    /// long as they are observed (Kaplan and Meier, 95 % intervals); nothing after the quarter's last day is looked at.
    Questions(Questions),
    /// The quarterly report: text, tables and charts, as a page (HTML) or as an accessible PDF
    ///
    /// Compares with the quarter before and with the same quarter a year earlier: at the same state of the log, or as each was known at a moment
    /// of your own (--compared-as-of).
    Report(Report),
    /// Fix a vintage: the figures of a quarter as they are known now or were at a moment, protected for everybody to see
    ///
    /// Every table is kept (the country, each region, each organisation), with its definitions and the state of the log, for ever. What would tell of a
    /// few people is suppressed, and what would give that away. A definitive quarter is locked until it is reopened.
    Publish(Publish),
    /// What was published of a quarter, and what changed from one vintage to the next
    Vintages(Vintages),
    /// Who delivered what from when until when, how soon it was recorded, and what changed among those who delivered both times
    ///
    /// No delivery is not 0: an organisation of which nothing is known stands there with these words. Changes since the quarter before and since a year
    /// earlier stand beside those of the organisations that delivered the method in both quarters. With whether each quarter was declared complete.
    Completeness(Completeness),
    /// Declare that all of a quarter is recorded for an organisation: a dated record that stays, and belongs to every vintage after it
    Declare(Declare),
    /// The state of one trajectory on a day: step, jobs, and the verdict on sustainable work condition by condition
    Status(Status),
    /// Tell history: what each event changed when it was recorded
    Replay(Replay),
    /// Who may sign in: make, list, lock, unlock and reset accounts of a data folder
    ///
    /// The first administrator is made so. It works while no service runs, and through the folder's socket while one does.
    Accounts(Accounts),
    /// Build what is derived from the log anew: the index of event ids, and the statuses
    ///
    /// Beside a service that runs on the data folder it is built by that service, which answers from the old until the new is as far. With a log on
    /// NATS, --data names the folder of the process whose views are meant, running or not.
    Rebuild,
    /// Write a synthetic log as JSON Lines
    Generate(Generate),
    /// Print the built-in definition set in full, as a start for one of your own
    Definitions,
}

/// `trajectlog demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// End after the comparison instead of serving
    #[arg(long)]
    pub no_serve: bool,
    /// How it is served.
    #[command(flatten)]
    pub serve: Serve,
}

/// `trajectlog serve`.
#[derive(Clone, Debug, Default, Args)]
pub struct Serve {
    /// Run this role alone (may be given several times); needs --nats
    #[arg(long = "role", value_name = "ROLE")]
    pub roles: Vec<Role>,
    /// The address to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// Who is who: `local` (accounts in the data folder; make the first with `trajectlog accounts add`), `none` (on a loopback
    /// address only: every caller has every role, and the name that X-Actor says) [default: local; with --nats none]
    #[arg(long, value_name = "HOW", hide_possible_values = true)]
    pub auth: Option<Auth>,
    /// Serve over TLS with this certificate (PEM, with its chain)
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Its key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// The provider of identities of the organisation.
    #[command(flatten)]
    pub oidc: Oidc,
    /// What is logged to standard error, as `text` or as `json` lines [default: text]
    #[arg(long, value_name = "FORM")]
    pub log_format: Option<LogFormat>,
    /// Requests a second that one caller may make [default: 200]
    #[arg(long, value_name = "N")]
    pub rate: Option<u32>,
    /// Export traces to this OpenTelemetry collector (OTLP over HTTP), such as http://127.0.0.1:4318
    #[arg(long, value_name = "URL")]
    pub otlp: Option<String>,
}

/// The provider of identities of an organisation.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Sign-in by the organisation (OpenID Connect)")]
pub struct Oidc {
    /// The provider's issuer: its https address, to the letter. Accounts are made for it with `accounts add --provider`
    #[arg(long, value_name = "URL")]
    pub oidc_issuer: Option<String>,
    /// Under what this service is known to the provider
    #[arg(long, value_name = "ID")]
    pub oidc_client_id: Option<String>,
    /// The file with the secret of this client; none for a public client
    #[arg(long, value_name = "FILE")]
    pub oidc_client_secret_file: Option<PathBuf>,
    /// What the button for signing in calls the organisation [default: the issuer's host]
    #[arg(long, value_name = "NAME")]
    pub oidc_name: Option<String>,
    /// The claim that says at the first sign-in which account is theirs: it is compared with the login [default: email]
    #[arg(long, value_name = "CLAIM")]
    pub oidc_login_claim: Option<String>,
    /// For whom the provider's tokens for client apps are meant: JWTs with this audience are taken as bearer tokens [default: none are]
    #[arg(long, value_name = "AUDIENCE")]
    pub oidc_audience: Option<String>,
    /// Where browsers reach this service: the provider sends them back to its /inloggen/organisatie/terug [default: where it listens, on a
    /// loopback address only]
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
}

/// `trajectlog accounts`.
#[derive(Debug, Args)]
pub struct Accounts {
    /// What to do.
    #[command(subcommand)]
    pub command: AccountsCommand,
}

/// What is done to accounts.
#[derive(Debug, Subcommand)]
pub enum AccountsCommand {
    /// Make an account; its one-time password is shown this once, and must be changed at the first sign-in. With --provider it has none
    Add(AddAccount),
    /// List all accounts
    List {
        /// The form of the answer
        #[arg(long, value_enum, default_value_t = ShortFormat::Table)]
        format: ShortFormat,
    },
    /// Lock an account: nobody signs in with it, its sessions end and its tokens are refused
    Lock(Whose),
    /// Unlock an account; its password is the one that it had
    Unlock(Whose),
    /// Have an account sign in by the organisation's provider of identities: its password is gone and its sessions end. Also for an account
    /// whose owner is somebody else there than before
    Provider(Whose),
    /// Give an account a new one-time password, which is shown this once; its sessions end
    Reset(Whose),
}

/// Which account: its login, alone or behind `--login`.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Whose {
    /// Under what it signs in: letters, digits, dots, hyphens, underscores and at-signs
    #[arg(value_name = "LOGIN", value_parser = login)]
    login: Option<Login>,
    /// The same
    #[arg(long = "login", value_name = "LOGIN", value_parser = login)]
    named: Option<Login>,
}

impl Whose {
    /// The login; one of the two is there.
    pub fn login(self) -> Option<Login> {
        self.login.or(self.named)
    }
}

/// `trajectlog accounts add`.
#[derive(Debug, Args)]
pub struct AddAccount {
    /// Which.
    #[command(flatten)]
    pub whose: Whose,
    /// Whose it is, as it is shown
    #[arg(long)]
    pub name: String,
    /// What it is (may be given several times)
    #[arg(long = "role", value_name = "ROLE", required = true)]
    pub roles: Vec<AccountRole>,
    /// Where they work; coaches and managers work somewhere
    #[arg(long, value_name = "SLUG", value_parser = slug)]
    pub organisation: Option<Slug>,
    /// Under what trajectories are assigned to a coach
    #[arg(long, value_name = "SLUG", value_parser = slug)]
    pub coach: Option<Slug>,
    /// It signs in by the organisation's provider of identities, and has no password here
    #[arg(long)]
    pub provider: bool,
}

/// What somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AccountRole {
    /// Guides trajectories within one organisation.
    Coach,
    /// Sees to the coaches of one organisation, and its figures.
    Manager,
    /// Sees figures everywhere, and no trajectory.
    Analyst,
    /// Reads everything but texts, and changes nothing.
    Auditor,
    /// Sees to accounts and the service.
    Administrator,
}

/// A part of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Role {
    /// Commands in, state and figures out.
    Gateway,
    /// Keeps each trajectory's status.
    SustainableWork,
    /// Keeps the figures.
    Werkmonitor,
}

/// Who is who.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Auth {
    /// Accounts in the data folder, with a password or by a provider.
    Local,
    /// The same accounts, by the provider of --oidc-issuer alone.
    Oidc,
    /// Everyone is everyone: on a loopback address only.
    None,
}

/// The form of what is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// `trajectlog import`.
#[derive(Debug, Args)]
pub struct Import {
    /// A file of JSON Lines, or - for standard input
    pub file: PathBuf,
    /// Append nothing unless every event is accepted or already there
    #[arg(long)]
    pub strict: bool,
    /// `keep` takes `recorded_at` from the file where the lines have it; `now` records now and keeps the file's moment as
    /// `source_recorded_at`
    #[arg(long, value_enum, default_value_t = Recorded::Keep)]
    pub recorded: Recorded,
}

/// What an import takes from the file.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Recorded {
    /// The file's `recorded_at`.
    Keep,
    /// The present moment.
    Now,
}

/// `trajectlog export`.
#[derive(Debug, Args)]
pub struct Export {
    /// From this log position, inclusive
    #[arg(long, value_name = "POSITION", default_value_t = 1)]
    pub from: u64,
    /// As the log was at a position, or at a moment (RFC 3339)
    #[arg(long, value_name = "POSITION|MOMENT", value_parser = as_of)]
    pub as_of: Option<AsOf>,
    /// Only this trajectory
    #[arg(long, value_name = "ID")]
    pub trajectory: Option<Uuid>,
}

/// `trajectlog status`.
#[derive(Debug, Args)]
pub struct Status {
    /// The trajectory
    pub trajectory: Uuid,
    /// On this day (default: today)
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub on: Option<Date>,
    /// As the log was at a position, or at a moment (RFC 3339)
    #[arg(long, value_name = "POSITION|MOMENT", value_parser = as_of)]
    pub as_of: Option<AsOf>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = ShortFormat::Table)]
    pub format: ShortFormat,
}

/// For people or for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShortFormat {
    /// For people.
    Table,
    /// For programs.
    Json,
}

/// `trajectlog replay`.
#[derive(Debug, Args)]
pub struct Replay {
    /// Only this trajectory
    #[arg(long, value_name = "ID")]
    pub trajectory: Option<Uuid>,
    /// From this log position, inclusive
    #[arg(long, value_name = "POSITION", default_value_t = 1)]
    pub from: u64,
    /// Until this log position, inclusive
    #[arg(long, value_name = "POSITION", conflicts_with = "as_of")]
    pub to: Option<u64>,
    /// As the log was at a position, or at a moment (RFC 3339)
    #[arg(long, value_name = "POSITION|MOMENT", value_parser = as_of)]
    pub as_of: Option<AsOf>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = ShortFormat::Table)]
    pub format: ShortFormat,
}

/// `trajectlog generate`.
#[derive(Debug, Args)]
pub struct Generate {
    /// The log that reproduces the published report on 2025Q1
    #[arg(long, conflicts_with = "trajectories")]
    pub published: bool,
    /// How many trajectories
    #[arg(long, default_value_t = 1_000)]
    pub trajectories: u64,
    /// The same seed gives the same log
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

fn login(text: &str) -> Result<Login, String> {
    text.parse().map_err(|e: accounts::Rule| e.to_string())
}

fn slug(text: &str) -> Result<Slug, String> {
    text.parse().map_err(|_| "expected 1 to 64 small letters, digits and hyphens, beginning with a letter or a digit".to_owned())
}

fn as_of(text: &str) -> Result<AsOf, String> {
    text.parse().map_err(|e: app::NotAnAsOf| e.to_string())
}

fn compared(text: &str) -> Result<(Quarter, AsOf), String> {
    let (of, state) = text.split_once('=').ok_or("expected a quarter and a moment or position, such as 2024Q4=2025-02-15T12:00:00Z")?;
    Ok((quarter(of)?, as_of(state)?))
}

fn quarter(text: &str) -> Result<Quarter, String> {
    text.parse().map_err(str::to_owned)
}

fn scope(text: &str) -> Result<Scope, String> {
    text.parse().map_err(|e: figures::NotAScope| e.to_string())
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "expected a date of the calendar as YYYY-MM-DD".to_owned())
}
