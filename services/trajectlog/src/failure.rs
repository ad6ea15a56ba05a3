//! Why a command ends without success: the exit code and the sentence.

use accounts::{AccountsError, register::RegisterError};
use app::{AppError, DeskError};
use event_log::ReadError;
use keys::{Class, KeyError};

/// A command's failure.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    sentence: Option<String>,
}

impl Failure {
    /// Exit 1: refused, or not found.
    pub fn refused(sentence: impl Into<String>) -> Self {
        Self { code: 1, sentence: Some(sentence.into()) }
    }

    /// Exit 1 or 2 when all was said already.
    pub const fn said(code: u8) -> Self {
        Self { code, sentence: None }
    }

    /// Exit 2: wrong use.
    pub fn wrong_use(sentence: impl Into<String>) -> Self {
        Self { code: 2, sentence: Some(sentence.into()) }
    }

    /// Exit 3: the log cannot be opened.
    pub fn cannot_open(sentence: impl Into<String>) -> Self {
        Self { code: 3, sentence: Some(sentence.into()) }
    }

    /// Exit 4: something is gone.
    pub fn lost(sentence: impl Into<String>) -> Self {
        Self { code: 4, sentence: Some(sentence.into()) }
    }

    /// Another process's failure, said here.
    pub const fn of(code: u8, sentence: Option<String>) -> Self {
        Self { code, sentence }
    }

    /// What standard error says.
    pub fn sentence(&self) -> Option<&str> {
        self.sentence.as_deref()
    }

    /// What the process ends with.
    pub const fn exit_code(&self) -> u8 {
        self.code
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self { code: code_of_reading(&error), sentence: Some(error.to_string()) }
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        Self { code: code_of_keys(&error), sentence: Some(error.to_string()) }
    }
}

impl From<AccountsError> for Failure {
    fn from(error: AccountsError) -> Self {
        let code = match &error {
            AccountsError::Rule(_) | AccountsError::Changed | AccountsError::NotFound => 1,
            AccountsError::Register(RegisterError::Damaged { .. }) => 4,
            AccountsError::Register(_)
            | AccountsError::Busy
            | AccountsError::NotCurrent
            | AccountsError::Randomness(_)
            | AccountsError::Hashing(_)
            | AccountsError::Stopping => 3,
        };
        Self { code, sentence: Some(error.to_string()) }
    }
}

impl From<publications::RegisterError> for Failure {
    fn from(error: publications::RegisterError) -> Self {
        use publications::RegisterError as E;
        let code = match &error {
            E::Conflict { .. } | E::TooLarge { .. } => 1,
            E::Unavailable { .. } | E::Unknown { .. } | E::Newer { .. } => 3,
            E::Damaged { .. } => 4,
        };
        Self { code, sentence: Some(error.to_string()) }
    }
}

impl From<publications::PublicationsError> for Failure {
    fn from(error: publications::PublicationsError) -> Self {
        match error {
            publications::PublicationsError::Rule(rule) => Self::refused(rule.to_string()),
            publications::PublicationsError::Register(error) => error.into(),
        }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let code = match error.root() {
            AppError::Read(error) => code_of_reading(error),
            AppError::Keys(error) => code_of_keys(error),
            AppError::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return Self::said(0),
            AppError::History { .. }
            | AppError::Sealed { .. }
            | AppError::LogIsOlder { .. }
            | AppError::AcknowledgedLost { .. }
            | AppError::KeyLost { .. } => 4,
            AppError::Desk(DeskError::TooLarge { .. } | DeskError::Erased { .. }) => 1,
            AppError::Append(_)
            | AppError::Desk(_)
            | AppError::View(_)
            | AppError::Io { .. }
            | AppError::Output(_)
            | AppError::NotYetDurable { .. }
            | AppError::Stopped(_) => 3,
        };
        Self { code, sentence: Some(error.to_string()) }
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        AppError::from(error).into()
    }
}

const fn code_of_reading(error: &ReadError) -> u8 {
    match error {
        ReadError::BeyondEnd { .. } => 2,
        ReadError::Damaged { .. } => 4,
        ReadError::Missing { .. }
        | ReadError::Busy { .. }
        | ReadError::Unreachable { .. }
        | ReadError::Withdrawn { .. }
        | ReadError::Unfit { .. }
        | ReadError::Io { .. } => 3,
    }
}

fn code_of_keys(error: &KeyError) -> u8 {
    match (error, error.class()) {
        (KeyError::Damaged { .. } | KeyError::StoreMissing { .. }, _) => 4,
        (_, Class::Refused) => 1,
        (_, Class::Retryable | Class::Broken) => 3,
    }
}

/// Of standard output: a reader who has seen enough is no failure.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::said(0);
        }
        Self::cannot_open(format!("the output cannot be written: {error}"))
    }
}
