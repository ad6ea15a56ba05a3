//! An import that is killed at any moment and repeated leaves the log that it would have left undisturbed.

use std::{
    process::Stdio,
    thread::sleep,
    time::{Duration, Instant},
};

use crate::{
    lines::{count, history},
    support::{Dice, Folder},
};

/// Starts an import and kills it at some moment before `longest` has passed. Whether it was still running. How long an import
/// takes depends on what else the machine does, so `longest` follows: shorter after a kill that came too late.
fn killed(folder: &Folder, file: &str, longest: &mut Duration, dice: &mut Dice) -> bool {
    let mut child = folder.command(&["import", file]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    sleep(Duration::from_micros(dice.below(usize::try_from(longest.as_micros()).expect("short")) as u64));
    child.kill().expect("a signal");
    let killed = child.wait().expect("it ends").code().is_none();
    *longest = if killed { *longest * 11 / 10 } else { *longest * 7 / 10 };
    killed
}

/// What is durable after a kill is the beginning of what was to come. How many bytes of it.
fn begins_rightly(folder: &Folder, expected: &str) -> usize {
    let run = folder.run(&["export"]);
    if run.code == 3 {
        // Killed before there was a log.
        assert!(run.err.contains("there is no log"), "{run:?}");
        return 0;
    }
    let run = run.done();
    assert!(expected.starts_with(run.text()), "what is durable is not the beginning");
    run.out.len()
}

/// The import that is not killed. It may have an end to mend, and then says so.
fn repeated(folder: &Folder, lines: &str) {
    let run = folder.import(lines);
    assert_eq!(run.code, 0, "{run:?}");
    let mended = |line: &str| line.contains("nothing in it was acknowledged");
    assert!(run.err.lines().all(mended), "{}", run.err);
}

/// The lines in so many files, one after the other.
fn parts(lines: &str, number: usize) -> Vec<String> {
    let lines: Vec<&str> = lines.split_inclusive('\n').collect();
    lines.chunks(lines.len().div_ceil(number)).map(<[&str]>::concat).collect()
}

#[test]
fn imports_that_are_killed_and_repeated_leave_the_same_log() {
    const ROUNDS: usize = 30;
    let lines = history(120);
    // Every second trajectory stops its job, so the files cut trajectories and decisions come whole: 11 lines a pair.
    let files = parts(&lines, 4);
    let expected = Folder::with(&lines).export();
    let began = Instant::now();
    Folder::with(&files[0]);
    let mut longest = began.elapsed();
    let mut dice = Dice::new(7);
    let mut kills = 0;
    for round in 0..ROUNDS {
        let folder = Folder::new();
        for (n, part) in files.iter().enumerate() {
            let file = folder.file(&format!("{n}.jsonl"), part);
            kills += usize::from(killed(&folder, &file, &mut longest, &mut dice));
            if n == round % files.len() {
                begins_rightly(&folder, &expected);
                kills += usize::from(killed(&folder, &file, &mut longest, &mut dice));
            }
            repeated(&folder, part);
        }
        assert_eq!(folder.export(), expected, "round {round}");
        assert_eq!(folder.running(&[]), 120, "round {round}");
        assert_eq!(folder.import(&lines).done().text(), crate::support::summary(0, count(&lines), 0), "round {round}");
    }
    assert!(kills > ROUNDS, "{kills} were killed: too few to say anything");
}

#[test]
fn an_import_of_several_groups_that_is_killed_goes_on_from_where_it_was() {
    // More events than the recorder holds in one group.
    let lines = history(1_700);
    let began = Instant::now();
    let expected = Folder::with(&lines).export();
    let mut longest = began.elapsed();
    let mut dice = Dice::new(8);
    for round in 0..3 {
        let folder = Folder::new();
        let file = folder.file("lines.jsonl", &lines);
        let before = (0..3).map(|_| {
            killed(&folder, &file, &mut longest, &mut dice);
            begins_rightly(&folder, &expected)
        });
        assert!(before.is_sorted(), "nothing that was durable is lost, round {round}");
        repeated(&folder, &lines);
        assert_eq!(folder.export(), expected, "round {round}");
    }
}
