//! The one behind the desk.

mod switch;

use std::{
    collections::VecDeque,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use event_log::{AppendError, EventLog, Locator, Pending, Position, ReadError, RecordBatch};
use keys::KeyError;
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::block_in_place,
    time::sleep,
};
use uuid::Uuid;

use super::{Ask, DeskError, DeskHealth, DeskOptions, Job, Switched};
use crate::{
    AppError, Ledger,
    ledger::{Judged, Underway},
};

pub(super) use switch::READ_AT_MOST;

/// Events in a group: enough that the two syncs of a group (keys, log) weigh little, few enough to be held.
const GROUP: usize = 8_192;
/// Groups that may be on their way to the disk.
const AHEAD: usize = 4;
/// When nothing happens for this long, the views are brought up to date.
const IDLE: Duration = Duration::from_millis(200);
/// The first pause after a failure; doubled up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(2);
/// The longest pause between two tries to reach the log.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A group on its way.
struct Group {
    jobs: Vec<Job>,
    underway: Underway,
    pending: Pending,
    began: tokio::time::Instant,
}

/// Someone who asked where records lie, and up to where they must be known for the answer.
struct Waiting {
    trajectory: Uuid,
    needed: Position,
    answer: oneshot::Sender<Result<Vec<Locator>, DeskError>>,
}

pub(super) struct Clerk<L: EventLog> {
    ledger: Ledger<L>,
    log: Arc<L>,
    asks: mpsc::Receiver<Ask>,
    followed: Option<mpsc::Receiver<RecordBatch>>,
    health: watch::Sender<DeskHealth>,
    options: DeskOptions,
    /// To be judged again before anything new.
    redo: VecDeque<Job>,
    /// Judged, and waiting with the group to be sealed.
    judged: Vec<Job>,
    underway: VecDeque<Group>,
    waiting: Vec<Waiting>,
    closing: Option<oneshot::Sender<Result<Option<views::Views>, AppError>>>,
    /// What the log becomes is no longer known here: the desk stays broken until the process is started again.
    blind: bool,
    /// One job a group, until it is known which one the log refuses.
    one_by_one: bool,
    pause: Duration,
}

impl<L: EventLog> Clerk<L> {
    pub(super) fn new(
        ledger: Ledger<L>,
        log: Arc<L>,
        asks: mpsc::Receiver<Ask>,
        followed: Option<mpsc::Receiver<RecordBatch>>,
        health: watch::Sender<DeskHealth>,
        options: DeskOptions,
    ) -> Self {
        Self {
            ledger,
            log,
            asks,
            followed,
            health,
            options,
            redo: VecDeque::new(),
            judged: Vec::new(),
            underway: VecDeque::new(),
            waiting: Vec::new(),
            closing: None,
            blind: false,
            one_by_one: false,
            pause: FIRST_PAUSE,
        }
    }

    /// Works until everyone has left or someone has closed the desk.
    pub(super) async fn work(mut self) {
        loop {
            self.gather().await;
            self.submit().await;
            let idle = self.underway.is_empty() && self.redo.is_empty();
            if idle && self.closing.is_some() {
                break;
            }
            let may_take = self.underway.len() < AHEAD && self.redo.is_empty() && self.closing.is_none();
            if !self.redo.is_empty() && self.underway.len() < AHEAD {
                continue;
            }
            tokio::select! {
                biased;
                outcome = arrival(&mut self.underway) => self.settle(outcome).await,
                batch = next_batch(&mut self.followed) => self.take_in(batch).await,
                ask = self.asks.recv(), if may_take => match ask {
                    Some(ask) => self.take(ask).await,
                    None => break,
                },
                () = sleep(IDLE), if idle => {
                    if let Err(e) = self.ledger.settle() {
                        tracing::warn!("the views are not up to date: {e}");
                    }
                }
            }
        }
        while !self.underway.is_empty() {
            let outcome = arrival(&mut self.underway).await;
            self.settle(outcome).await;
        }
        let views = self.ledger.into_views();
        if let Some(answer) = self.closing {
            // Who asked may have left.
            let _ = answer.send(views);
        } else if let Ok(Some(views)) = views
            && let Err(e) = views.close()
        {
            tracing::warn!("the views will be built anew: {e}");
        }
    }

    /// Takes one ask from the row.
    async fn take(&mut self, ask: Ask) {
        match ask {
            Ask::Record(job) => self.redo.push_back(job),
            Ask::Locate { trajectory, answer } => {
                let needed = self.ledger.durable().position;
                self.waiting.push(Waiting { trajectory, needed, answer });
                self.answer_where();
            }
            Ask::Switch { new, answer } => {
                let switched = self.switch(new).await;
                // Who asked may have left: the index is then begun anew the next time.
                let _ = answer.send(switched);
            }
            Ask::Close { answer } => self.closing = Some(answer),
        }
    }

    /// Judges what waits, until a group is full or nothing waits any more.
    async fn gather(&mut self) {
        while self.underway.len() < AHEAD && self.ledger.grouped_events() < GROUP {
            if self.one_by_one && !self.judged.is_empty() {
                return;
            }
            let Some(mut job) = self.redo.pop_front() else {
                match self.asks.try_recv() {
                    Ok(ask) if self.closing.is_none() => self.take(ask).await,
                    _ => return,
                }
                continue;
            };
            if job.row_is_broken.load(Ordering::Relaxed) {
                job.fail(DeskError::Closed);
                continue;
            }
            match self.judge(&mut job).await {
                Ok(()) => self.judged.push(job),
                Err(AppError::NotYetDurable { .. }) if self.something_waits() => {
                    // A line repeats one that is on its way: that one has to arrive first.
                    self.redo.push_front(job);
                    self.submit().await;
                    while !self.underway.is_empty() {
                        let outcome = arrival(&mut self.underway).await;
                        self.settle(outcome).await;
                    }
                }
                Err(e) => match Failed::of(e) {
                    Failed { error: Outcome::Broken(e), .. } => {
                        job.fail(DeskError::of(e));
                    }
                    failed => {
                        self.redo.push_front(job);
                        self.failed(failed, Vec::new()).await;
                    }
                },
            }
        }
    }

    fn something_waits(&self) -> bool {
        !self.underway.is_empty() || !self.judged.is_empty() || self.ledger.grouped_events() > 0
    }

    /// Judges the commands of a job that were not yet judged.
    async fn judge(&mut self, job: &mut Job) -> Result<(), AppError> {
        for place in job.judgements.len()..job.commands.len() {
            let judgement = self.ledger.judge(job.commands[place].clone()).await?;
            if let Some(refusal) = &judgement.refusal {
                metrics::counter!("trajectlog_refusals_total", "code" => refusal.refusal.code.as_str()).increment(1);
            }
            job.judgements.push(judgement);
        }
        Ok(())
    }

    /// Seals what was judged and gives it to the log.
    async fn submit(&mut self) {
        if self.judged.is_empty() && self.ledger.grouped_events() == 0 {
            return;
        }
        let (expected, records, underway) = match block_in_place(|| self.ledger.seal_group()) {
            Ok(sealed) => sealed,
            Err(e) => return self.failed(Failed::of(e), Vec::new()).await,
        };
        let began = tokio::time::Instant::now();
        match self.log.submit(expected, records).await {
            Ok(pending) => {
                let jobs = std::mem::take(&mut self.judged);
                self.underway.push_back(Group { jobs, underway, pending, began });
            }
            Err(e) => {
                self.ledger.take_back(&underway);
                self.failed(Failed::of_append(e), Vec::new()).await;
            }
        }
    }

    /// The oldest group has arrived, or not.
    async fn settle(&mut self, outcome: Result<(), AppendError>) {
        let Some(group) = self.underway.pop_front() else { return };
        match outcome {
            Ok(()) => {
                self.ledger.arrived(&group.underway);
                metrics::histogram!("trajectlog_append_seconds").record(group.began.elapsed());
                metrics::counter!("trajectlog_appends_total").increment(group.underway.decisions() as u64);
                metrics::counter!("trajectlog_appended_events_total").increment(group.underway.events() as u64);
                self.pause = FIRST_PAUSE;
                if !self.blind {
                    self.health.send_if_modified(|health| std::mem::replace(health, DeskHealth::Open) != DeskHealth::Open);
                }
                for job in group.jobs {
                    let _ = job.answer.send(Ok(job.judgements));
                }
                if self.redo.is_empty() {
                    self.one_by_one = false;
                }
                if self.ledger.is_full()
                    && let Err(e) = self.ledger.settle()
                {
                    tracing::warn!("the views are not up to date: {e}");
                }
            }
            Err(e) => {
                self.ledger.take_back(&group.underway);
                self.failed(Failed::of_append(e), group.jobs).await;
            }
        }
        if self.underway.is_empty() && self.ledger.is_behind() {
            self.recover().await;
        }
    }

    /// Takes back all that is on its way and puts its jobs in the row again, in their order: those of the group that failed first.
    /// Then goes back to what the log holds.
    async fn failed(&mut self, failed: Failed, first: Vec<Job>) {
        metrics::counter!("trajectlog_append_failures_total", "kind" => failed.kind()).increment(1);
        let (began_at, mut jobs) = (tokio::time::Instant::now(), first);
        for group in std::mem::take(&mut self.underway) {
            self.ledger.take_back(&group.underway);
            // When one append has failed, all later ones fail; what became of them is read from the log.
            let _ = tokio::time::timeout(self.options.patience, group.pending).await;
            jobs.extend(group.jobs);
        }
        jobs.append(&mut self.judged);
        let alone = jobs.len() == 1;
        for mut job in jobs.into_iter().rev() {
            let said = std::mem::take(&mut job.judgements);
            if failed.may_be_there {
                job.before = said;
            }
            self.redo.push_front(job);
        }
        // A job that was half judged begins anew.
        self.redo.iter_mut().for_each(|job| job.judgements.clear());
        match failed.error {
            // Someone else was first. A moment that differs from theirs, so that not both come back at once.
            Outcome::Again(cause) if cause.is_empty() => {
                sleep(Duration::from_micros(u64::from(began_at.elapsed().subsec_nanos() % 3_000))).await
            }
            Outcome::Again(cause) => {
                sleep(self.pause).await;
                self.pause = (self.pause * 2).min(LONGEST_PAUSE);
                {
                    tracing::debug!("what was under way is judged again: {cause}");
                    self.health.send_replace(DeskHealth::Unavailable { cause: cause.clone(), storage_full: false });
                    self.give_up(&DeskError::Unavailable { cause }, true);
                }
            }
            Outcome::Full(cause) => {
                self.health.send_replace(DeskHealth::Unavailable { cause: cause.clone(), storage_full: true });
                self.give_up(&DeskError::Full { cause }, false);
            }
            // One of them is at fault: each is tried alone, and then it is known which.
            Outcome::TooLarge(_) | Outcome::Broken(_) if !alone => self.one_by_one = true,
            Outcome::TooLarge(cause) => self.answer_first(DeskError::TooLarge { cause }),
            Outcome::Broken(e) => self.answer_first(DeskError::of(e)),
        }
        self.recover().await;
    }

    fn answer_first(&mut self, why: DeskError) {
        if let Some(job) = self.redo.pop_front() {
            job.fail(why);
        }
    }

    /// Answers those who have waited long enough; or all.
    fn give_up(&mut self, why: &DeskError, only_the_patient: bool) {
        let patience = self.options.patience;
        for job in std::mem::take(&mut self.redo) {
            if only_the_patient && job.since.elapsed() < patience {
                self.redo.push_back(job);
            } else {
                job.fail(why.clone());
            }
        }
    }

    /// Goes back to what the log holds, however long that takes.
    async fn recover(&mut self) {
        loop {
            let error = match self.ledger.roll_back().await {
                Ok(()) => {
                    self.answer_what_arrived();
                    // It can be read again; whether it takes events shows when some come.
                    let blind = self.blind;
                    self.health.send_if_modified(|health| {
                        let heals = !blind && !matches!(health, DeskHealth::Open | DeskHealth::Unavailable { storage_full: true, .. });
                        if heals {
                            *health = DeskHealth::Open;
                        }
                        heals
                    });
                    return self.answer_where();
                }
                Err(e) => Failed::of(e),
            };
            let why = match error.error {
                Outcome::Again(cause) => {
                    self.health.send_replace(DeskHealth::Unavailable { cause: cause.clone(), storage_full: false });
                    DeskError::Unavailable { cause }
                }
                Outcome::Full(cause) | Outcome::TooLarge(cause) => DeskError::Unavailable { cause },
                Outcome::Broken(e) => {
                    self.health.send_replace(DeskHealth::Broken { cause: e.to_string() });
                    let why = DeskError::Broken(e);
                    self.give_up(&why, false);
                    why
                }
            };
            self.give_up(&why, true);
            // Those who come while it lasts are told at once, so that nobody hangs.
            let pause = sleep(self.pause.max(Duration::from_millis(50)));
            self.pause = (self.pause * 2).min(LONGEST_PAUSE);
            tokio::pin!(pause);
            loop {
                tokio::select! {
                    () = &mut pause => break,
                    ask = self.asks.recv(), if self.closing.is_none() => match ask {
                        Some(Ask::Record(job)) => job.fail(why.clone()),
                        Some(Ask::Locate { answer, .. }) => { let _ = answer.send(Err(why.clone())); }
                        Some(Ask::Switch { new, answer }) => { let _ = answer.send(Switched::NotNow(new)); }
                        Some(Ask::Close { answer }) => self.closing = Some(answer),
                        None => return,
                    }
                }
            }
            if self.closing.is_some() {
                self.give_up(&DeskError::Closed, false);
                return;
            }
        }
    }

    /// Answers the jobs of which it was not known whether they arrived, and which did: what was said of them is true. Those that
    /// recorded nothing are true too, as long as one after them has arrived: they were judged by what lies before it.
    fn answer_what_arrived(&mut self) {
        let mut arrived = 0;
        for (place, job) in (1..).zip(&self.redo) {
            if job.before.len() != job.commands.len() {
                break;
            }
            let records = job.before.iter().any(|judgement| judgement.lines.contains(&Judged::Recorded));
            let is_there = job.commands.iter().zip(&job.before).all(|(command, before)| {
                let ids: Vec<Uuid> = command.lines.iter().map(|line| line.event_id.0).collect();
                self.ledger.holds(&ids, before).unwrap_or(false)
            });
            match (records, is_there) {
                (true, true) => arrived = place,
                (true, false) => break,
                (false, _) => {}
            }
        }
        for job in self.redo.drain(..arrived) {
            let _ = job.answer.send(Ok(job.before));
        }
    }

    /// What the log has become, by this desk or by others.
    async fn take_in(&mut self, batch: Option<RecordBatch>) {
        match batch {
            None => {
                self.go_blind("the follower of the log has ended".to_owned());
            }
            Some(batch) => {
                if let Err(e) = block_in_place(|| self.ledger.take_in(&batch)) {
                    // What it says may be known elsewhere and not here: nothing more is judged without it.
                    return self.go_blind(e.to_string());
                }
                metrics::gauge!("trajectlog_log_head_position").set(self.ledger.located().0 as f64);
                if self.underway.is_empty() && self.ledger.is_behind() {
                    self.recover().await;
                }
                self.answer_where();
            }
        }
    }

    fn go_blind(&mut self, cause: String) {
        tracing::error!("the desk no longer sees what the log becomes: {cause}. Start the service again");
        (self.blind, self.followed) = (true, None);
        self.health.send_replace(DeskHealth::Broken { cause });
    }

    /// Answers those whose records are known by now.
    fn answer_where(&mut self) {
        let located = self.ledger.located();
        for waiting in std::mem::take(&mut self.waiting) {
            if waiting.answer.is_closed() {
                continue;
            }
            if waiting.needed <= located {
                let found = self.ledger.locate(waiting.trajectory).map_err(|e| DeskError::Broken(Arc::new(e)));
                let _ = waiting.answer.send(found);
            } else {
                self.waiting.push(waiting);
            }
        }
    }
}

/// The oldest group's arrival; never, when there is none.
async fn arrival(underway: &mut VecDeque<Group>) -> Result<(), AppendError> {
    match underway.front_mut() {
        Some(group) => (&mut group.pending).await.map(drop),
        None => std::future::pending().await,
    }
}

/// The follower's next batch; never, when nothing is followed.
async fn next_batch(followed: &mut Option<mpsc::Receiver<RecordBatch>>) -> Option<RecordBatch> {
    match followed {
        Some(followed) => followed.recv().await,
        None => std::future::pending().await,
    }
}

/// Whether keys could not be made because storage is full.
fn no_room_for(error: &KeyError) -> bool {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error, KeyError::Io { source, .. } if matches!(source.kind(), StorageFull | QuotaExceeded | FileTooLarge))
}

/// A failure, and what it means for those who wait.
struct Failed {
    error: Outcome,
    /// The records may be in the log all the same.
    may_be_there: bool,
}

enum Outcome {
    /// Judge again; empty when it is in the nature of things (someone else was first), else why the log is not there.
    Again(String),
    Full(String),
    TooLarge(String),
    Broken(Arc<AppError>),
}

impl Failed {
    fn of_append(error: AppendError) -> Self {
        let (error, may_be_there) = match error {
            AppendError::Conflict { .. } => (Outcome::Again(String::new()), false),
            AppendError::Unknown { cause } => (Outcome::Again(cause), true),
            AppendError::Unavailable { cause, storage_full: true } => (Outcome::Full(cause), false),
            AppendError::Unavailable { cause, storage_full: false } => (Outcome::Again(cause), false),
            AppendError::Refused { cause } => (Outcome::TooLarge(cause), false),
        };
        Self { error, may_be_there }
    }

    fn of(error: AppError) -> Self {
        if let AppError::Append(error) = error {
            return Self::of_append(error);
        }
        let (full, gone) = if let AppError::Keys(e) = &error {
            (no_room_for(e), e.class() == keys::Class::Retryable)
        } else {
            (false, matches!(error, AppError::Read(ReadError::Unreachable { .. })))
        };
        let error = match (full, gone) {
            (true, _) => Outcome::Full(error.to_string()),
            (false, true) => Outcome::Again(error.to_string()),
            (false, false) => Outcome::Broken(Arc::new(error)),
        };
        Self { error, may_be_there: false }
    }

    const fn kind(&self) -> &'static str {
        match (&self.error, self.may_be_there) {
            (Outcome::Again(_), true) => "unknown",
            (Outcome::Again(cause), false) if cause.is_empty() => "conflict",
            (Outcome::Again(_), false) => "unavailable",
            (Outcome::Full(_), _) => "storage_full",
            (Outcome::TooLarge(_), _) => "too_large",
            (Outcome::Broken(_), _) => "broken",
        }
    }
}
