//! Identifiers, each a type of its own, so that a job cannot be taken for a placement.

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$about:meta])* $name:ident,)+) => {
        $($(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);)+
    };
}

ids! {
    /// An event.
    EventId,
    /// A trajectory: one stream of events.
    TrajectoryId,
    /// A client's pseudonym.
    ClientId,
    /// A paid job.
    JobId,
    /// An unpaid placement.
    PlacementId,
    /// An education.
    EducationId,
}

/// A short name (a slug): of an organisation, a scheme, a coach. Its form was checked before it came here.
pub type Name = compact_str::CompactString;
