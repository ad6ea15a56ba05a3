//! Back to what the log holds, after a failure or when someone else has written.

use std::time::Duration;

use event_log::{AppendError, EventLog, Position, ReadError};
use tokio::{runtime::Handle, time::sleep};

use super::{Clerk, LONGEST_PAUSE, next_said};
use crate::{
    AppError,
    command::Judgement,
    desk::{
        Ask, DeskError, DeskHealth, Followed, Switched,
        failed::{Failed, Outcome},
        follow,
    },
};

/// How long the follower may take to bring what the log is known to hold, before it is read.
const FOLLOWER_PATIENCE: Duration = Duration::from_millis(250);

impl<L: EventLog> Clerk<L> {
    /// Makes known what the log holds, up to `end` where that is known: by the follower, who has it already or in a moment, else by
    /// reading.
    async fn learn(&mut self, end: Option<Position>) -> Result<(), AppError> {
        if self.ledger.lost_views() {
            self.ledger.go_without_views().await?;
            self.indexed.send_replace(false);
            if self.followed.is_some() {
                // From where this one stands: the former follower may have said what is withdrawn.
                self.followed = Some(follow(&Handle::current(), &self.log, self.ledger.tail()));
            }
            return Ok(());
        }
        if self.followed.is_none() {
            return self.ledger.read_on().await;
        }
        let end = match end {
            Some(end) => end,
            None => self.log.head().await?.position,
        };
        let deadline = tokio::time::Instant::now() + FOLLOWER_PATIENCE;
        while !self.ledger.knows(end) {
            match tokio::time::timeout_at(deadline, next_said(&mut self.followed)).await {
                Ok(Some(Followed::Batch(batch))) => self.take_in(&batch)?,
                Ok(Some(Followed::Withdrawn)) => return Err(ReadError::Withdrawn { position: self.ledger.located() }.into()),
                Ok(None) => {
                    self.go_blind("the follower of the log has ended".to_owned());
                    return self.ledger.read_on().await;
                }
                Err(_) => return self.ledger.read_on().await,
            }
        }
        Ok(())
    }

    /// Goes back to what the log holds, and answers what is known to have arrived.
    async fn go_back(&mut self, end: Option<Position>) -> Result<(), Failed> {
        self.learn(end).await.map_err(Failed::of)?;
        self.ledger.roll_back();
        self.answer_what_arrived().await.map_err(Failed::of)
    }

    /// Goes back to what the log holds, however long that takes. `end`: up to where it is known to go.
    pub(super) async fn recover(&mut self, mut end: Option<Position>) {
        loop {
            let error = match self.go_back(end.take()).await {
                Ok(()) => {
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
                Err(failed) => failed,
            };
            let why = match error.error {
                Outcome::Conflict { .. } => DeskError::Unavailable { cause: "others write to it without pause".to_owned() },
                Outcome::Again(cause) => {
                    self.health.send_replace(DeskHealth::Unavailable { cause: cause.clone(), storage_full: false });
                    DeskError::Unavailable { cause }
                }
                Outcome::Full(cause) | Outcome::TooLarge(cause) => DeskError::Unavailable { cause },
                Outcome::Withdrawn => {
                    self.ledger.withdraw();
                    continue;
                }
                Outcome::LostViews(cause) => {
                    self.ledger.lose_views(&cause);
                    DeskError::Unavailable { cause: cause.to_string() }
                }
                Outcome::Broken(e) => {
                    let broken = DeskHealth::Broken { cause: e.to_string() };
                    if self.health.send_if_modified(|health| std::mem::replace(health, broken.clone()) != broken) {
                        tracing::error!("nothing is recorded any more: {e}");
                    }
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
                    ask = self.asks.recv(), if self.takes() => match ask {
                        Some(Ask::Record(job)) => job.fail(why.clone()),
                        Some(Ask::Locate { answer, .. }) => { let _ = answer.send(Err(why.clone())); }
                        Some(Ask::Switch { new, answer }) => { let _ = answer.send(Switched::NotNow(new)); }
                        Some(Ask::Close { answer }) => self.closing = Some(answer),
                        Some(Ask::Reserve(reservation)) => self.reserving = Some(reservation),
                        None if self.let_others_in() => {}
                        // Nobody is left who could ask again.
                        None => return self.give_up(&DeskError::Closed, false),
                    }
                }
            }
            if self.closing.is_some() {
                self.give_up(&DeskError::Closed, false);
                return;
            }
        }
    }

    /// Waits until all that is known here is kept: a log may show what it could not keep.
    async fn let_settle(&mut self) -> Result<(), AppError> {
        let known = self.ledger.tail();
        let late = || AppendError::Unknown { cause: "the log did not say in time whether it has kept what it shows".to_owned() };
        let settled = match self.log.submit(known, Vec::new()).await {
            Ok(pending) => tokio::time::timeout(self.options.patience, pending).await.unwrap_or_else(|_| Err(late())).map(drop),
            Err(error) => Err(error),
        };
        if let Err(AppendError::Conflict { .. }) = settled {
            // Others went on behind it: then all before what they wrote is kept.
            self.ledger.read_on().await?;
            if self.ledger.tail().position > known.position {
                self.ledger.roll_back();
                return Ok(());
            }
        }
        Ok(settled?)
    }

    /// Answers the jobs of which it was not known whether they arrived, and which did: what was said of them is true. Those that
    /// recorded nothing are true too, as long as one after them has arrived: they were judged by what lies before it.
    async fn answer_what_arrived(&mut self) -> Result<(), AppError> {
        let mut arrived = 0;
        for (place, job) in (1..).zip(&self.redo) {
            if job.before.len() != job.commands.len() {
                break;
            }
            let records = job.before.iter().any(Judgement::records);
            let mut is_there = true;
            for (command, before) in job.commands.iter().zip(&job.before) {
                is_there = is_there && self.ledger.holds(command, before).await.unwrap_or(false);
            }
            match (records, is_there) {
                (true, true) => arrived = place,
                (true, false) => break,
                (false, _) => {}
            }
        }
        if arrived > 0 {
            self.let_settle().await?;
        }
        for job in self.redo.drain(..arrived) {
            let _ = job.answer.send(Ok(job.before));
        }
        Ok(())
    }
}
