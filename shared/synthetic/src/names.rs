//! Who and where: forty-one invented organisations, the labour-market regions, and the slugs that events carry.

use proto_events::{RegionCode, Slug};

const REGIONS: &str = include_str!("../data/regions.csv");

/// How many coaches an organisation has names for.
pub(crate) const COACHES: u16 = 48;

/// The scheme that pays for IPS of municipalities from 2025 on.
const SCHEME: &str = "landelijke-ips-regeling-gemeenten";

/// Each organisation with its weight (how many clients, relative to the others), the quarter in which it joins, and the
/// regions in which it works, its home first. Every region is somebody's home.
const ORGANISATIONS: [(&str, u32, i32, &[&str]); 41] = [
    ("ggz-noorderlicht", 42, 0, &["AM01", "AM03"]),
    ("terpenland", 38, 0, &["AM02", "AM01"]),
    ("ggz-hondsrug", 26, 0, &["AM03", "AM01", "AM36"]),
    ("de-twentse-linde", 34, 0, &["AM05", "AM09"]),
    ("ggz-sprengenberg", 30, 0, &["AM06", "AM36", "AM38"]),
    ("rijnwaarden-ggz", 28, 0, &["AM07", "AM09", "AM38"]),
    ("het-waalhuis", 26, 0, &["AM08", "AM10"]),
    ("ggz-slingeland", 18, 1, &["AM09", "AM07"]),
    ("betuwehof", 12, 3, &["AM10", "AM08"]),
    ("polderkracht", 24, 0, &["AM11", "AM12"]),
    ("ggz-naardermeer", 12, 2, &["AM12", "AM14"]),
    ("stichting-domplein", 40, 0, &["AM13", "AM20"]),
    ("eemzicht", 22, 0, &["AM14", "AM13"]),
    ("ggz-westfriese-dijk", 28, 0, &["AM15", "AM17"]),
    ("zaanwiek", 16, 1, &["AM17", "AM18"]),
    ("ggz-amstelbocht", 46, 0, &["AM18", "AM17", "AM37"]),
    ("de-leidse-schans", 26, 0, &["AM19", "AM20"]),
    ("kaarsenmaker-ggz", 14, 2, &["AM20", "AM34"]),
    ("ggz-hofvijver", 38, 0, &["AM21", "AM34"]),
    ("maasoever", 46, 0, &["AM22", "AM23"]),
    ("de-drie-stromen", 20, 0, &["AM23", "AM35"]),
    ("ggz-scheldemond", 22, 0, &["AM24", "AM25"]),
    ("turfvaart", 28, 0, &["AM25", "AM26"]),
    ("ggz-spoorpark", 24, 1, &["AM26", "AM25"]),
    ("het-dommelhuis", 30, 0, &["AM27", "AM32"]),
    ("ggz-lichtstad", 36, 0, &["AM28", "AM32"]),
    ("maasduinen", 20, 0, &["AM29", "AM33"]),
    ("ggz-heuvelland", 34, 0, &["AM30", "AM33"]),
    ("peelrand", 14, 3, &["AM32", "AM28"]),
    ("roerdal-ggz", 16, 1, &["AM33", "AM29"]),
    ("ggz-vlietland-zuid", 20, 2, &["AM34", "AM21", "AM20"]),
    ("merwesteen", 9, 4, &["AM35", "AM23"]),
    ("ggz-hanzebocht", 26, 0, &["AM36", "AM06"]),
    ("duinrand-ggz", 24, 0, &["AM37", "AM15"]),
    ("de-valleihoeve", 16, 2, &["AM38", "AM06"]),
    ("beschut-thuis-amstel", 16, 3, &["AM18", "AM12"]),
    ("herstelhuis-rijnhaven", 18, 2, &["AM22", "AM34"]),
    ("de-singel-ggz", 14, 4, &["AM13", "AM14"]),
    ("ggz-regge", 14, 3, &["AM05", "AM36"]),
    ("kempenhof", 12, 5, &["AM28", "AM26"]),
    ("zeeheldenhuis", 10, 5, &["AM21", "AM19"]),
];

/// An organisation as the generator knows it.
#[derive(Clone, Debug)]
pub(crate) struct Organisation {
    pub(crate) slug: Slug,
    /// How many clients it has, relative to the others.
    pub(crate) weight: u32,
    /// The quarter in which it begins to deliver.
    pub(crate) joins: i32,
    /// Where it works, as places in [`Names::regions`], its home first.
    pub(crate) regions: Vec<u8>,
    pub(crate) coaches: Vec<Slug>,
    /// Who records what no coach records.
    pub(crate) administration: String,
}

/// Every name that events carry, read and checked once.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    pub(crate) organisations: Vec<Organisation>,
    pub(crate) regions: Vec<RegionCode>,
    pub(crate) scheme: Option<Slug>,
    pub(crate) outflow_reasons: Vec<Slug>,
    pub(crate) education_levels: Vec<Slug>,
}

/// Why a trajectory ends: with work first, then ready for work, then without.
const OUTFLOW_REASONS: [&str; 9] = [
    "doel-bereikt",
    "werk-gevonden",
    "overgedragen-aan-jobcoach",
    "klaar-om-te-werken",
    "einde-indicatie",
    "client-ziet-af",
    "gezondheid",
    "verhuizing",
    "geen-contact-meer",
];

/// How many of the outflow reasons tell of work.
pub(crate) const REASONS_WITH_WORK: u8 = 3;
/// The outflow reason of who is ready for work.
pub(crate) const REASON_WORK_READY: u8 = 3;
/// How many outflow reasons there are.
pub(crate) const REASONS: u8 = 9;

const EDUCATION_LEVELS: [&str; 7] = ["mbo-1", "mbo-2", "mbo-3", "mbo-4", "hbo", "wo", "cursus"];
/// How many education levels there are.
pub(crate) const LEVELS: u8 = 7;

impl Names {
    /// All of them.
    pub(crate) fn all() -> Self {
        let codes: Vec<&str> = REGIONS.lines().skip(1).filter_map(|line| line.split(',').next()).filter(|code| !code.is_empty()).collect();
        let place = |code: &&str| codes.iter().position(|known| known == code).and_then(|at| u8::try_from(at).ok());
        let slugs = |list: &[&str]| list.iter().filter_map(|name| name.parse().ok()).collect();
        let organisations = ORGANISATIONS.iter().filter_map(|(name, weight, joins, regions)| {
            Some(Organisation {
                slug: name.parse().ok()?,
                weight: *weight,
                joins: *joins,
                regions: regions.iter().filter_map(place).collect(),
                coaches: (1..=COACHES).filter_map(|n| format!("{name}-coach-{n:02}").parse().ok()).collect(),
                administration: format!("{name}-administratie"),
            })
        });
        Self {
            organisations: organisations.collect(),
            regions: codes.iter().map(|code| RegionCode((*code).into())).collect(),
            scheme: SCHEME.parse().ok(),
            outflow_reasons: slugs(&OUTFLOW_REASONS),
            education_levels: slugs(&EDUCATION_LEVELS),
        }
    }
}
