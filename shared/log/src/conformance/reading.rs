//! What a reading and a look-up must give.

use bytes::Bytes;

use super::{BEGIN, Factory, append, head_of, history, moment, read_all, record, records_of};
use crate::{EventLog, Head, Locator, Position, ReadError, Record, RecordReader, Tail, Until, tail_at};

/// Head, reading and look-ups of a log without records.
pub async fn an_empty_log_reads_as_nothing(factory: &impl Factory) {
    let log = factory.create().await;
    assert_eq!(log.head().await.expect("head"), Head::default());
    for until in [Until::Head, Until::Position(Position::START), Until::Moment(moment(0))] {
        assert_eq!(records_of(&log, Position::START, until).await, []);
        assert_eq!(records_of(&log, Position(1), until).await, []);
        assert_eq!(log.resolve(until).await.expect("resolved"), Head::default());
    }
    let batch = log.read_at(&[]).await.expect("nothing asked for");
    assert!(batch.records.is_empty());
    let log = factory.reopen(log).await;
    assert_eq!(log.head().await.expect("head"), Head::default());
}

/// A record is given whole or not at all, wherever a reading begins or ends.
pub async fn a_record_is_whole(factory: &impl Factory) {
    let log = factory.create().await;
    let records = [record(1, 4, 0), record(5, 3, 10), record(8, 1, 10)];
    let pending = log.submit(Position::START, records.to_vec()).await.expect("queued");
    assert_eq!(pending.await.expect("durable").last, Position(8));
    for (from, until, expected) in [(2, 8, &records[..]), (4, 7, &records[..2]), (5, 6, &[][..]), (1, 3, &[]), (7, 7, &records[1..2])] {
        let found = records_of(&log, Position(from), Until::Position(Position(until))).await;
        assert_eq!(found, expected, "from {from} until {until}");
    }
}

/// The tail at a position is that of the record that ends there, and nothing where none does.
pub async fn a_tail_is_that_of_the_record_that_ends_there(factory: &impl Factory) {
    let log = factory.create().await;
    assert_eq!(tail_at(&log, Position::START).await.expect("read"), Some(Tail::START));
    let records = [record(1, 4, 0), record(5, 3, 10), record(8, 1, 10)];
    append(&log, &records).await;
    for (position, expected) in [(4, Some(&records[0])), (7, Some(&records[1])), (8, Some(&records[2])), (3, None), (5, None), (9, None)] {
        assert_eq!(tail_at(&log, Position(position)).await.expect("read"), expected.map(Record::tail), "position {position}");
    }
    let tail = records[2].tail();
    assert_eq!(log.submit(tail, vec![record(9, 1, 10)]).await.expect("queued").await.expect("durable").last, Position(9));
}

/// A position within a record comes to the end of the record before it.
pub async fn resolving_a_position_never_cuts_a_record(factory: &impl Factory) {
    let log = factory.create().await;
    let records = history(Position::START, 200);
    append(&log, &records).await;
    let end = records.last().expect("records").header.last_position();
    for position in 0..=end.0 {
        let whole = records.iter().take_while(|record| record.header.last_position().0 <= position).last();
        let found = log.resolve(Until::Position(Position(position))).await.expect("resolved");
        assert_eq!(found, whole.map_or_else(Head::default, head_of), "position {position}");
    }
    assert_eq!(log.resolve(Until::Head).await.expect("resolved").position, end);
}

/// Before the first record, between two, at one, at several with the same moment, and after the last.
pub async fn resolving_a_moment_finds_the_last_record_at_or_before_it(factory: &impl Factory) {
    let log = factory.create().await;
    let records = history(Position::START, 200);
    append(&log, &records).await;
    assert!(records.windows(2).any(|pair| pair[0].header.recorded_at == pair[1].header.recorded_at), "the test needs equal moments");
    let last = records.last().expect("records").header.recorded_at.micros() - BEGIN;
    for micros in -3..=last + 3 {
        let whole = records.iter().take_while(|record| record.header.recorded_at <= moment(micros)).last();
        let found = log.resolve(Until::Moment(moment(micros))).await.expect("resolved");
        assert_eq!(found, whole.map_or_else(Head::default, head_of), "moment {micros}");
    }
    assert_eq!(
        log.resolve(Until::Moment(moment(i64::from(u32::MAX) * 1_000_000))).await.expect("resolved"),
        head_of(records.last().expect("records"))
    );
}

/// Asking for what is not there yet is an error that names both positions.
pub async fn a_position_beyond_the_end_is_refused(factory: &impl Factory) {
    let log = factory.create().await;
    append(&log, &[record(1, 3, 0)]).await;
    let beyond = Until::Position(Position(4));
    for outcome in [log.read(Position(1), beyond).await.map(drop), log.resolve(beyond).await.map(drop)] {
        match outcome {
            Err(ReadError::BeyondEnd { asked, head }) => assert_eq!((asked, head), (Position(4), Position(3))),
            other => panic!("expected an error, got {other:?}"),
        }
    }
    assert_eq!(records_of(&log, Position(4), Until::Head).await, [], "following on from the end");
    assert_eq!(records_of(&log, Position(400), Until::Head).await, []);
}

/// A reading that begins anywhere begins with the record that holds that position.
pub async fn reading_from_every_position_gives_the_rest(factory: &impl Factory) {
    let log = factory.create().await;
    let records = history(Position::START, 120);
    append(&log, &records).await;
    let end = records.last().expect("records").header.last_position().0;
    for from in 0..=end + 1 {
        let rest = records.iter().position(|record| record.header.last_position().0 >= from).unwrap_or(records.len());
        assert_eq!(records_of(&log, Position(from), Until::Head).await, records[rest..], "from {from}");
    }
}

/// A reading until a position or a moment gives exactly the records until what these resolve to.
pub async fn reading_ends_where_until_says(factory: &impl Factory) {
    let log = factory.create().await;
    let records = history(Position::START, 60);
    append(&log, &records).await;
    let end = records.last().expect("records").header.last_position().0;
    let positions = (0..=end).map(|position| Until::Position(Position(position)));
    let moments = (-1..=i64::try_from(end).expect("small") * 10 + 1).step_by(5).map(|micros| Until::Moment(moment(micros)));
    for until in positions.chain(moments) {
        let last = log.resolve(until).await.expect("resolved").position;
        let whole: Vec<_> = records.iter().filter(|record| record.header.last_position() <= last).cloned().collect();
        assert_eq!(records_of(&log, Position::START, until).await, whole, "{until:?}");
        let late: Vec<_> = whole.iter().filter(|record| record.header.last_position().0 >= 10).cloned().collect();
        assert_eq!(records_of(&log, Position(10), until).await, late, "from 10, {until:?}");
    }
}

/// What a reading says of where a record lies finds it again: backwards, twice, from a later opening.
pub async fn records_are_found_again_by_their_locators_in_any_order(factory: &impl Factory) {
    let log = factory.create().await;
    append(&log, &history(Position::START, 150)).await;
    let mut found = read_all(&log, Position::START, Until::Head).await.expect("read");
    assert!(found.windows(2).all(|pair| pair[0].0 < pair[1].0), "locators ascend with the log");
    let middle = read_all(&log, Position(50), Until::Head).await.expect("read");
    assert!(middle.iter().all(|entry| found.contains(entry)), "the same locators wherever a reading begins");
    found.reverse();
    found.rotate_left(40);
    found.extend(found.get(..3).expect("three").to_vec());
    let log = factory.reopen(log).await;
    let locators: Vec<Locator> = found.iter().map(|(locator, _)| *locator).collect();
    let batch = log.read_at(&locators).await.expect("read");
    let again: Vec<(Locator, Record)> = batch
        .records
        .iter()
        .map(|record| (record.locator, Record { header: record.header, body: Bytes::copy_from_slice(batch.body(record)) }))
        .collect();
    assert_eq!(again, found);
}

/// A locator that no reading gave finds nothing.
pub async fn a_locator_where_no_record_begins_is_refused(factory: &impl Factory) {
    let log = factory.create().await;
    append(&log, &history(Position::START, 5)).await;
    let last = read_all(&log, Position::START, Until::Head).await.expect("read").last().expect("records").0;
    for wrong in [Locator(last.0 + 1), Locator(last.0 + 1_000_000), Locator(u64::MAX)] {
        let outcome = log.read_at(&[last, wrong]).await.map(drop);
        assert!(matches!(outcome, Err(ReadError::Damaged { .. })), "{wrong:?}: {outcome:?}");
    }
}

/// A follower that begins somewhere within what is there gives the rest, waits, and then gives each record that comes, once.
pub async fn following_gives_what_is_there_and_then_what_comes(factory: &impl Factory) {
    let log = factory.create().await;
    let records = history(Position::START, 120);
    let (before, after) = records.split_at(70);
    append(&log, before).await;
    let begin = 40;
    let mut follower = log.follow(records[begin].header.first_position).await.expect("following");
    let mut found = next_of(&mut follower, before.len() - begin).await;
    assert_waits(&mut follower).await;
    for record in after {
        append(&log, std::slice::from_ref(record)).await;
    }
    found.extend(next_of(&mut follower, after.len()).await);
    assert_eq!(found, records[begin..]);
    assert_waits(&mut follower).await;
}

/// A follower of an empty log waits for its first record; one that asks for what lies ahead waits for that.
pub async fn following_an_empty_log_waits(factory: &impl Factory) {
    let log = factory.create().await;
    let mut follower = log.follow(Position::START).await.expect("following");
    assert_waits(&mut follower).await;
    let mut ahead = log.follow(Position(6)).await.expect("following");
    let records = [record(1, 4, 0), record(5, 1, 10), record(6, 2, 10), record(8, 1, 20)];
    append(&log, &records[..2]).await;
    assert_eq!(next_of(&mut follower, 2).await, records[..2]);
    assert_waits(&mut ahead).await;
    append(&log, &records[2..]).await;
    assert_eq!(next_of(&mut follower, 2).await, records[2..]);
    assert_eq!(next_of(&mut ahead, 2).await, records[2..]);
}

/// A follower that was given up while it waited loses nothing and repeats nothing.
pub async fn a_follower_that_was_given_up_goes_on(factory: &impl Factory) {
    let log = factory.create().await;
    let records = history(Position::START, 60);
    let mut follower = log.follow(Position::START).await.expect("following");
    let mut found = Vec::new();
    for record in &records {
        let next = tokio::time::timeout(std::time::Duration::from_micros(record.header.first_position.0 * 7 % 90), follower.next());
        if let Ok(batch) = next.await {
            found.extend(records_in(&batch.expect("read").expect("a follower has no end")));
        }
        append(&log, std::slice::from_ref(record)).await;
    }
    let missing = records.len() - found.len();
    found.extend(next_of(&mut follower, missing).await);
    assert_eq!(found, records);
}

fn records_in(batch: &crate::RecordBatch) -> Vec<Record> {
    batch.records.iter().map(|found| Record { header: found.header, body: Bytes::copy_from_slice(batch.body(found)) }).collect()
}

/// The next `count` records of a follower.
async fn next_of(follower: &mut impl RecordReader, count: usize) -> Vec<Record> {
    let mut found = Vec::new();
    while found.len() < count {
        let next = tokio::time::timeout(std::time::Duration::from_secs(30), follower.next()).await;
        found.extend(records_in(&next.expect("more comes in time").expect("read").expect("a follower has no end")));
    }
    found
}

/// Nothing comes while nothing was appended.
async fn assert_waits(follower: &mut impl RecordReader) {
    let next = tokio::time::timeout(std::time::Duration::from_millis(50), follower.next()).await;
    assert!(next.is_err(), "a follower at the end waits, and does not give {next:?}");
}
