//! Work on several processors whose results come out in the order in which it went in.

use std::{
    collections::BTreeMap,
    sync::{
        Condvar, Mutex, PoisonError,
        mpsc::{self, Receiver},
    },
    thread,
};

/// How many threads to use: what the machine has, within reason.
#[must_use]
pub fn threads() -> usize {
    const MOST: usize = 8;
    thread::available_parallelism().map_or(1, usize::from).min(MOST)
}

/// How many items for each thread may be under way or done early.
const AHEAD: u64 = 4;

/// Takes items from `source`, works on them in `threads` threads, and gives `sink` the results in the order of the source.
/// What is under way or waits for its turn is bounded; when `sink` fails, the work stops and its error comes back.
///
/// # Errors
/// That of `sink`.
pub fn in_order<Item: Send, Done: Send, E>(
    threads: usize,
    source: impl FnMut() -> Option<Item> + Send,
    work: impl Fn(Item) -> Done + Sync,
    mut sink: impl FnMut(Done) -> Result<(), E>,
) -> Result<(), E> {
    let source = Mutex::new((0_u64, source));
    let gate = Gate::new(AHEAD * threads as u64);
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel::<(u64, Done)>();
        for _ in 0..threads {
            let (sender, source, work, gate) = (sender.clone(), &source, &work, &gate);
            scope.spawn(move || {
                while let Some((number, item)) = next(source) {
                    if !gate.wait_for(number) || sender.send((number, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let sorted = sort(&receiver, &mut sink, &gate);
        gate.open();
        sorted
    })
}

/// Lets a worker go on only when its item is not too far ahead of what was given on.
struct Gate {
    /// How many were given on; `None` once nothing is wanted any more.
    given: Mutex<Option<u64>>,
    moved: Condvar,
    ahead: u64,
}

impl Gate {
    fn new(ahead: u64) -> Self {
        Self { given: Mutex::new(Some(0)), moved: Condvar::new(), ahead }
    }

    /// Waits for this item's turn to be worked on; false when nothing is wanted any more. The item that is given on next never waits.
    fn wait_for(&self, number: u64) -> bool {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let too_early = |given: &mut Option<u64>| given.is_some_and(|given| number >= given + self.ahead);
        self.moved.wait_while(given, too_early).unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn give(&self, given: Option<u64>) {
        *self.given.lock().unwrap_or_else(PoisonError::into_inner) = given;
        self.moved.notify_all();
    }

    fn open(&self) {
        self.give(None);
    }
}

fn next<Item>(source: &Mutex<(u64, impl FnMut() -> Option<Item>)>) -> Option<(u64, Item)> {
    let mut guard = source.lock().ok()?;
    let (number, source) = &mut *guard;
    let item = source()?;
    *number += 1;
    Some((*number - 1, item))
}

/// Gives on what arrives, in order.
fn sort<Done, E>(receiver: &Receiver<(u64, Done)>, sink: &mut impl FnMut(Done) -> Result<(), E>, gate: &Gate) -> Result<(), E> {
    let (mut wanted, mut early) = (0, BTreeMap::new());
    for (number, done) in receiver {
        early.insert(number, done);
        while let Some(done) = early.remove(&wanted) {
            sink(done)?;
            wanted += 1;
            gate.give(Some(wanted));
        }
    }
    Ok(())
}
