//! Injected failures strike once, and leave what they say they leave.

use event_log::{
    AppendError, EventLog, Fault, MemoryLog, Position, Until,
    conformance::{append, read_all, record},
};

async fn count(log: &MemoryLog) -> usize {
    read_all(log, Position::START, Until::Head).await.expect("read").len()
}

#[tokio::test]
async fn an_unavailable_log_takes_nothing_and_works_again_afterwards() {
    let log = MemoryLog::new();
    log.inject(Fault::Unavailable { storage_full: true });
    let outcome = log.submit(Position::START, vec![record(1, 1, 0)]).await.map(drop);
    assert!(matches!(outcome, Err(AppendError::Unavailable { storage_full: true, .. })), "{outcome:?}");
    assert_eq!(count(&log).await, 0);
    append(&log, &[record(1, 1, 0)]).await;
    assert_eq!(count(&log).await, 1);
}

#[tokio::test]
async fn an_unknown_outcome_may_have_kept_the_record() {
    let log = MemoryLog::new();
    log.inject(Fault::UnknownKept);
    let pending = log.submit(Position::START, vec![record(1, 1, 0)]).await.expect("queued");
    assert!(matches!(pending.await, Err(AppendError::Unknown { .. })));
    assert_eq!(count(&log).await, 1);
}

#[tokio::test]
async fn an_unknown_outcome_may_have_lost_the_record() {
    let log = MemoryLog::new();
    log.inject(Fault::UnknownLost);
    let pending = log.submit(Position::START, vec![record(1, 1, 0)]).await.expect("queued");
    assert!(matches!(pending.await, Err(AppendError::Unknown { .. })));
    assert_eq!(count(&log).await, 0);
}

#[tokio::test]
async fn faults_strike_in_the_order_in_which_they_were_injected() {
    let log = MemoryLog::new();
    log.inject(Fault::Conflict);
    log.inject(Fault::Unavailable { storage_full: false });
    let outcome = log.submit(Position::START, vec![record(1, 1, 0)]).await.map(drop);
    assert!(matches!(outcome, Err(AppendError::Conflict { .. })), "{outcome:?}");
    let outcome = log.submit(Position::START, vec![record(1, 1, 0)]).await.map(drop);
    assert!(matches!(outcome, Err(AppendError::Unavailable { storage_full: false, .. })), "{outcome:?}");
    append(&log, &[record(1, 1, 0)]).await;
}
