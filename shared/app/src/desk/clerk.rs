//! The one behind the desk.

mod recovery;
mod switch;

use std::{
    collections::VecDeque,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use event_log::{AppendError, EventLog, Locator, Pending, Position, ReadError, RecordBatch};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::block_in_place,
    time::sleep,
};
use uuid::Uuid;

use super::{
    Ask, DeskError, DeskHealth, DeskOptions, Followed, Job, Reservation,
    failed::{Failed, Outcome},
};
use crate::{AppError, Ledger, command::Judgement, ledger::Underway};

pub(super) use switch::READ_AT_MOST;

/// Events in a group: enough that the two syncs of a group (keys, log) weigh little, few enough to be held.
const GROUP: usize = 8_192;
/// Groups that may be on their way to the disk.
const AHEAD: usize = 4;
/// When nothing happens for this long, the views are brought up to date.
const IDLE: Duration = Duration::from_millis(200);
/// The first pause after a failure; doubled up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(2);
/// How long the log may take, when the desk closes, to say whether it holds what the views know.
const PROVEN_WITHIN: Duration = Duration::from_secs(2);
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
    followed: Option<mpsc::Receiver<Followed>>,
    health: watch::Sender<DeskHealth>,
    /// Whether there is an index on disk.
    indexed: watch::Sender<bool>,
    options: DeskOptions,
    /// To be judged again before anything new.
    redo: VecDeque<Job>,
    /// Judged, and waiting with the group to be sealed.
    judged: Vec<Job>,
    underway: VecDeque<Group>,
    waiting: Vec<Waiting>,
    closing: Option<oneshot::Sender<Option<views::Views>>>,
    /// Someone wants the desk alone, as soon as nothing is under way.
    reserving: Option<Reservation>,
    /// The row of all others while someone has the desk alone.
    outside: Option<mpsc::Receiver<Ask>>,
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
        followed: Option<mpsc::Receiver<Followed>>,
        (health, indexed): (watch::Sender<DeskHealth>, watch::Sender<bool>),
        options: DeskOptions,
    ) -> Self {
        Self {
            ledger,
            log,
            asks,
            followed,
            health,
            indexed,
            options,
            redo: VecDeque::new(),
            judged: Vec::new(),
            underway: VecDeque::new(),
            waiting: Vec::new(),
            closing: None,
            reserving: None,
            outside: None,
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
            if idle && self.ledger.lost_views() {
                self.recover(None).await;
            }
            if idle {
                self.let_alone();
            }
            let may_take = self.underway.len() < AHEAD && self.redo.is_empty() && self.takes();
            if !self.redo.is_empty() && self.may_judge() {
                continue;
            }
            tokio::select! {
                biased;
                outcome = arrival(&mut self.underway) => self.settle(outcome).await,
                said = next_said(&mut self.followed) => self.hear(said).await,
                ask = self.asks.recv(), if may_take => match ask {
                    Some(ask) => self.take(ask).await,
                    None if self.let_others_in() => {}
                    None => break,
                },
                () = sleep(IDLE), if idle => {
                    block_in_place(|| self.ledger.settle());
                }
            }
        }
        while !self.underway.is_empty() {
            let outcome = arrival(&mut self.underway).await;
            self.settle(outcome).await;
        }
        let views = tokio::time::timeout(PROVEN_WITHIN, self.ledger.into_proven_views()).await.unwrap_or_default();
        if let Some(answer) = self.closing {
            // Who asked may have left.
            let _ = answer.send(views);
        } else if let Some(views) = views
            && let Err(e) = views.close()
        {
            tracing::warn!("the views will be built anew: {e}");
        }
    }

    /// Takes one ask from the row.
    async fn take(&mut self, ask: Ask) {
        match ask {
            Ask::Record(job) => self.redo.push_back(job),
            Ask::Locate { trajectory, at_least, answer } => {
                let needed = self.ledger.durable().position.max(at_least);
                self.waiting.push(Waiting { trajectory, needed, answer });
                self.answer_where();
            }
            Ask::Switch { new, answer } => {
                let switched = self.switch(new).await;
                // Who asked may have left: the index is then begun anew the next time.
                let _ = answer.send(switched);
            }
            Ask::Close { answer } => self.closing = Some(answer),
            Ask::Reserve(reservation) => self.reserving = Some(reservation),
        }
    }

    /// Whether it takes more from the row.
    const fn takes(&self) -> bool {
        self.closing.is_none() && self.reserving.is_none()
    }

    /// Gives the desk to who wants it alone; nothing is under way.
    fn let_alone(&mut self) {
        if let Some(Reservation { asks, ready }) = self.reserving.take()
            && ready.send(()).is_ok()
        {
            self.outside = Some(std::mem::replace(&mut self.asks, asks));
        }
    }

    /// Who had the desk alone has left: the others' turn. False when there are no others.
    fn let_others_in(&mut self) -> bool {
        let outside = self.outside.take();
        let waits = outside.is_some();
        if let Some(outside) = outside {
            self.asks = outside;
        }
        waits
    }

    /// Whether a further job may be judged: not while too many groups are on their way, nor, one by one, while another one is.
    fn may_judge(&self) -> bool {
        let next_alone = !self.one_by_one || (self.underway.is_empty() && self.judged.is_empty());
        next_alone && self.underway.len() < AHEAD && self.ledger.grouped_events() < GROUP
    }

    /// Lets everything that was judged arrive.
    async fn let_arrive(&mut self) {
        self.submit().await;
        while !self.underway.is_empty() {
            let outcome = arrival(&mut self.underway).await;
            self.settle(outcome).await;
        }
    }

    /// Judges what waits, until a group is full or nothing waits any more.
    async fn gather(&mut self) {
        while self.may_judge() {
            if self.ledger.lost_views() {
                // What they half know must not be judged by.
                self.let_arrive().await;
                self.recover(None).await;
                if self.ledger.lost_views() {
                    // It is to end before that can be mended.
                    return;
                }
                continue;
            }
            let Some(mut job) = self.redo.pop_front() else {
                if !self.takes() {
                    return;
                }
                match self.asks.try_recv() {
                    Ok(ask) => self.take(ask).await,
                    Err(_) => return,
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
                    self.let_arrive().await;
                }
                Err(e) => match Failed::of(e) {
                    // What it was judged by may be gone, and nobody has said so yet.
                    Failed { error: Outcome::Broken(_), .. } if self.ledger.is_withdrawn().await => {
                        self.redo.push_front(job);
                        self.begin_again().await;
                    }
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
                self.arrived(group);
                if self.redo.is_empty() {
                    self.one_by_one = false;
                }
                if self.ledger.is_full() {
                    block_in_place(|| self.ledger.settle());
                }
            }
            Err(e) => {
                self.ledger.take_back(&group.underway);
                self.failed(Failed::of_append(e), group.jobs).await;
            }
        }
        if self.underway.is_empty() && self.ledger.is_behind() {
            self.recover(None).await;
        }
    }

    /// A group is durable: those whose it is are answered.
    fn arrived(&mut self, group: Group) {
        let Group { jobs, underway, began, .. } = group;
        self.ledger.arrived(&underway);
        metrics::histogram!("trajectlog_append_seconds").record(began.elapsed());
        metrics::counter!("trajectlog_appends_total").increment(underway.decisions() as u64);
        metrics::counter!("trajectlog_appended_events_total").increment(underway.events() as u64);
        self.pause = FIRST_PAUSE;
        // That refusals could be answered says nothing of the room for events.
        if !self.blind && underway.events() > 0 {
            self.health.send_if_modified(|health| std::mem::replace(health, DeskHealth::Open) != DeskHealth::Open);
        }
        for job in jobs {
            let _ = job.answer.send(Ok(job.judgements));
        }
    }

    /// Lets what is on its way arrive, or fail; takes back what fails and puts its jobs in the row again, in their order, behind those of
    /// the group that failed first. Then goes back to what the log holds.
    async fn failed(&mut self, failed: Failed, first: Vec<Job>) {
        metrics::counter!("trajectlog_append_failures_total", "kind" => failed.kind()).increment(1);
        // With each whether its records may be in the log all the same.
        let mut jobs: Vec<(Job, bool)> = first.into_iter().map(|job| (job, failed.may_be_there)).collect();
        for mut group in std::mem::take(&mut self.underway) {
            match tokio::time::timeout(self.options.patience, &mut group.pending).await {
                // What failed was not an append before it.
                Ok(Ok(_)) => self.arrived(group),
                Ok(Err(e)) => {
                    self.ledger.take_back(&group.underway);
                    let may_be_there = Failed::of_append(e).may_be_there;
                    jobs.extend(group.jobs.into_iter().map(|job| (job, may_be_there)));
                }
                Err(_) => {
                    self.ledger.take_back(&group.underway);
                    jobs.extend(group.jobs.into_iter().map(|job| (job, true)));
                }
            }
        }
        jobs.extend(std::mem::take(&mut self.judged).into_iter().map(|job| (job, false)));
        let alone = jobs.len() == 1;
        let is_full = if let Outcome::Full(cause) = &failed.error { Some(DeskError::Full { cause: cause.clone() }) } else { None };
        if let Some(DeskError::Full { cause }) = &is_full {
            // Before anybody is answered: whoever asks then how the desk is must hear the same.
            self.health.send_replace(DeskHealth::Unavailable { cause: cause.clone(), storage_full: true });
        }
        for (mut job, may_be_there) in jobs.into_iter().rev() {
            let said = std::mem::take(&mut job.judgements);
            match &is_full {
                // What records nothing needs no room: it is judged again, without those before it for which there is none.
                Some(full) if !may_be_there && said.iter().any(Judgement::records) => {
                    job.fail(full.clone());
                    continue;
                }
                _ => {}
            }
            if may_be_there {
                job.before = said;
            }
            self.redo.push_front(job);
        }
        // A job that was half judged begins anew.
        self.redo.iter_mut().for_each(|job| job.judgements.clear());
        let mut end = None;
        match failed.error {
            Outcome::Conflict { last } => {
                end = Some(last);
                self.give_up(&DeskError::Unavailable { cause: "others write to it without pause".to_owned() }, true);
            }
            Outcome::Again(cause) => {
                sleep(self.pause).await;
                self.pause = (self.pause * 2).min(LONGEST_PAUSE);
                tracing::debug!("what was under way is judged again: {cause}");
                self.health.send_replace(DeskHealth::Unavailable { cause: cause.clone(), storage_full: false });
                self.give_up(&DeskError::Unavailable { cause }, true);
            }
            Outcome::LostViews(cause) => self.ledger.lose_views(&cause),
            Outcome::Withdrawn => self.ledger.withdraw(),
            Outcome::Full(cause) => {
                sleep(FIRST_PAUSE).await;
                self.give_up(&DeskError::Full { cause }, true);
            }
            // One of them is at fault: each is tried alone, and then it is known which.
            Outcome::TooLarge(_) | Outcome::Broken(_) if !alone => self.one_by_one = true,
            Outcome::TooLarge(cause) => self.answer_first(DeskError::TooLarge { cause }),
            Outcome::Broken(e) => self.answer_first(DeskError::of(e)),
        }
        self.recover(end).await;
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

    /// What the log has become, by this desk or by others.
    async fn hear(&mut self, said: Option<Followed>) {
        match said {
            None => self.go_blind("the follower of the log has ended".to_owned()),
            Some(Followed::Withdrawn) => self.begin_again().await,
            Some(Followed::Batch(batch)) => match self.take_in(&batch) {
                Ok(()) => {
                    metrics::gauge!("trajectlog_log_head_position").set(self.ledger.located().0 as f64);
                    if self.underway.is_empty() && self.ledger.is_behind() {
                        self.recover(None).await;
                    }
                    self.answer_where();
                }
                Err(AppError::Read(ReadError::Withdrawn { .. })) => self.begin_again().await,
                // Said already; and nothing more is judged without it.
                Err(_) => {}
            },
        }
    }

    /// Takes in what the follower gave. When that fails nothing more is judged: once given, the follower does not give it again. Unless what
    /// was known is withdrawn: then all is to be read anew.
    fn take_in(&mut self, batch: &RecordBatch) -> Result<(), AppError> {
        if self.ledger.lost_views() {
            // All of it is read from the log before anything is judged.
            return Ok(());
        }
        let taken = block_in_place(|| self.ledger.take_in(batch));
        if let Err(e) = &taken
            && !matches!(e, AppError::Read(ReadError::Withdrawn { .. }))
        {
            self.go_blind(e.to_string());
        }
        taken
    }

    /// The log does not hold all that is known here: what is on its way fails, or arrives; then all is read from the log.
    async fn begin_again(&mut self) {
        self.ledger.withdraw();
        self.let_arrive().await;
        if self.ledger.lost_views() {
            self.recover(None).await;
        }
    }

    fn go_blind(&mut self, cause: String) {
        tracing::error!("the desk no longer sees what the log becomes: {cause}. Start the service again");
        (self.blind, self.followed) = (true, None);
        self.health.send_replace(DeskHealth::Broken { cause });
    }

    /// Answers those whose records are known by now.
    fn answer_where(&mut self) {
        if self.ledger.lost_views() {
            return;
        }
        let located = self.ledger.located();
        for waiting in std::mem::take(&mut self.waiting) {
            if waiting.answer.is_closed() {
                continue;
            }
            if waiting.needed <= located {
                match self.ledger.locate(waiting.trajectory) {
                    // Answered when they are no longer needed for it.
                    Err(AppError::View(e)) => {
                        self.ledger.lose_views(&e);
                        self.waiting.push(waiting);
                    }
                    found => {
                        let _ = waiting.answer.send(found.map_err(|e| DeskError::Broken(Arc::new(e))));
                    }
                }
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

/// What the follower says next; never anything, when nothing is followed.
async fn next_said(followed: &mut Option<mpsc::Receiver<Followed>>) -> Option<Followed> {
    match followed {
        Some(followed) => followed.recv().await,
        None => std::future::pending().await,
    }
}
