# The commands of the house. `just verify` before every commit; `tests/run` is the whole of it, from a clean clone.

# what there is
default:
    @just --list --unsorted

# format, lints, dependencies, tests, doc tests
verify: fmt-check lint deny test doc-test

# format everything
fmt:
    cargo fmt --all

[private]
fmt-check:
    cargo fmt --all --check

# clippy with warnings denied
lint:
    cargo clippy --workspace --all-targets --locked -- -D warnings

[private]
deny:
    @if command -v cargo-deny >/dev/null; then cargo deny --all-features check; else echo "cargo-deny is not installed: licences and sources are checked by tidy, advisories by nobody"; fi

# all tests of the workspace
test *args:
    @if command -v cargo-nextest >/dev/null; then cargo nextest run --workspace --locked {{ args }}; else cargo test --workspace --lib --bins --tests --locked {{ args }}; fi

[private]
doc-test:
    cargo test --workspace --doc --locked

# the rules of the house only
tidy:
    cargo test --package acceptance --test tidy --locked

# crash, full disk, power cut (the last needs root)
faults:
    tests/run --only fault

# a fuzz target for some seconds: `just fuzz command 600`; tests/fuzz/README.md names them
fuzz target seconds="60":
    tests/fuzz/run {{ target }} {{ seconds }}

# measurements: `just bench import`, `rebuild`, `quarter`, `statuses`, `appends`, `cold demo-data`
bench *args:
    cargo build --release --locked --package trajectlog
    cargo bench --locked --package acceptance --bench speed -- {{ args }}

# the embedded log beside other stores: appends, scans, damage
bench-stores *args:
    cargo run --release --locked --package log-embedded --features bench-stores --example bench_stores -- {{ args }}

# the synthetic national log, and its figures beside the published ones
demo *args:
    cargo run --release --locked --package trajectlog -- demo {{ args }}

# the documentation of every crate, private items included
doc:
    cargo doc --workspace --no-deps --document-private-items --locked
