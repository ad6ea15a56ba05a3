//! Work on several processors whose results come out in the order in which it went in.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        mpsc::{self, Receiver},
    },
    thread,
};

/// How many threads to use: what the machine has, within reason.
pub(crate) fn threads() -> usize {
    const MOST: usize = 8;
    thread::available_parallelism().map_or(1, usize::from).min(MOST)
}

/// Takes items from `source`, works on them in `threads` threads, and gives `sink` the results in the order of the source.
/// What is under way is bounded; when `sink` fails, the work stops and its error comes back.
pub(crate) fn in_order<Item: Send, Done: Send, E>(
    threads: usize,
    source: impl FnMut() -> Option<Item> + Send,
    work: impl Fn(Item) -> Done + Sync,
    mut sink: impl FnMut(Done) -> Result<(), E>,
) -> Result<(), E> {
    let source = Mutex::new((0_u64, source));
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel::<(u64, Done)>(threads);
        for _ in 0..threads {
            let (sender, source, work) = (sender.clone(), &source, &work);
            scope.spawn(move || {
                while let Some((number, item)) = next(source) {
                    if sender.send((number, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        sort(&receiver, &mut sink)
    })
}

fn next<Item>(source: &Mutex<(u64, impl FnMut() -> Option<Item>)>) -> Option<(u64, Item)> {
    let mut guard = source.lock().ok()?;
    let (number, source) = &mut *guard;
    let item = source()?;
    *number += 1;
    Some((*number - 1, item))
}

/// Gives on what arrives, in order. A worker that is ahead waits in the channel, so that little is held here.
fn sort<Done, E>(receiver: &Receiver<(u64, Done)>, sink: &mut impl FnMut(Done) -> Result<(), E>) -> Result<(), E> {
    let (mut wanted, mut early) = (0, BTreeMap::new());
    for (number, done) in receiver {
        early.insert(number, done);
        while let Some(done) = early.remove(&wanted) {
            sink(done)?;
            wanted += 1;
        }
    }
    Ok(())
}
