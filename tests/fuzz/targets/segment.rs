//! The embedded log's files: whatever lies in a segment, opening and reading end with an answer.
#![no_main]

use event_log::{EventLog, Position, RecordReader, Until};
use libfuzzer_sys::fuzz_target;
use log_embedded::{EmbeddedLog, Mode};

fuzz_target!(|files: (&[u8], &[u8])| {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log");
    std::fs::create_dir(&log).expect("a folder");
    std::fs::write(log.join("00000000000000000001.seg"), files.0).expect("a file");
    std::fs::write(log.join("head"), files.1).expect("a file");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let Ok(log) = EmbeddedLog::open(folder.path(), Mode::ReadOnly) else { return };
        let Ok(mut reader) = log.read(Position::START, Until::Head).await else { return };
        while let Ok(Some(_)) = reader.next().await {}
    });
});
